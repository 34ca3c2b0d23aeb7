import type { PartialResponse } from '../../../../../nodes/shared/client/errors';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import type { ToolCall } from '../../../../../nodes/shared/client/response/toolCall';
import { type Expected, broken, quirks, wellFormed } from '../../../../fixtures/streams';
import { failureOf } from '../support';
import { listen, read } from './support';

const NO_USAGE = {
	input_tokens: null,
	cached_tokens: null,
	cache_write_tokens: null,
	output_tokens: null,
	reasoning_tokens: null,
	tool_output_tokens: null,
	total_tokens: null,
};

/** What a fixture tells of a response, or a response itself, in full. */
const inFull = ({ toolCalls = [], ...told }: Expected) => ({
	text: told.text ?? '',
	refusal: told.refusal ?? null,
	reasoning: told.reasoning ?? null,
	toolCalls: named(toolCalls),
	finishReason: told.finishReason ?? null,
	status: told.status ?? null,
	incompleteReason: told.incompleteReason ?? null,
	commentary: told.commentary,
	citations: told.citations,
	searches: told.searches,
	otherTypes: told.otherTypes,
	callsOfText: told.callsOfText,
	callAsText: told.callAsText,
	mayBeCut: told.mayBeCut,
	otherAnswers: told.otherAnswers,
	usage: { ...NO_USAGE, ...told.usage },
});

const partialInFull = (told: Partial<PartialResponse>) => ({
	text: told.text ?? '',
	reasoning: told.reasoning ?? null,
	tool_calls: named(told.tool_calls ?? []),
	usage: { ...NO_USAGE, ...told.usage },
});

/** The random ids of calls that came without one are named as in the fixtures. */
const named = (calls: ToolCall[]) =>
	calls.map(({ call_id, ...call }) => ({
		...call,
		call_id: /^call_[0-9a-f]{8}-/.test(call_id) ? '(ours)' : call_id,
	}));

describe('A stream folds to the response that its fixture tells', () => {
	test.each([...wellFormed, ...quirks])('$name', async ({ bytes, expected }) => {
		const { response, said, thought } = await listen([bytes], expected.request);
		expect(inFull(response)).toEqual(inFull(expected));
		expect(said).toBe(expected.said ?? expected.text ?? '');
		expect(thought).toBe(expected.thought ?? expected.reasoning ?? '');
	});
});

describe('A stream without a whole answer fails as its fixture tells', () => {
	test.each(broken)('$name', async ({ bytes, expected }) => {
		const { error: words, partial, ...details } = expected;
		const error = await failureOf(read([bytes]).then(readResponse));
		expect(error.message).toBe(words);
		expect(error.details).toMatchObject({ kind: 'stream', ...details });
		const had = error.details.partial;
		expect(had && partialInFull(had)).toEqual(partial && partialInFull(partial));
	});
});
