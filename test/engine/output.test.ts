import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import { functionCall, responseOf, responses, usage } from '../support/responses';

const gradient = useGradient();

const KEYS = [
	'text',
	'tool_calls',
	'reasoning',
	'finish_reason',
	'status',
	'usage',
	'id',
	'model',
	'created',
	'conversation',
];

const USAGE_KEYS = [
	'input_tokens',
	'cached_tokens',
	'output_tokens',
	'reasoning_tokens',
	'tool_output_tokens',
	'total_tokens',
];

/** Bodies of HTTP 200 that are failures all the same. */
const FAILED = ['failed', 'errorInBody', 'noOutput'];
const successful = Object.entries(responses).filter(([name]) => !FAILED.includes(name));

async function outputOf(body: IDataObject, form: IDataObject = {}) {
	gradient.server.answer(json(body));
	const result = await gradient.run({ ...TEXT, ...form });
	if (result.error) throw new Error(result.error.message);
	return result.items(NODE);
}

describe('Simplified', () => {
	test.each(successful)('the response %s has exactly the ten keys', async (_, body) => {
		const [{ json: output, pairedItem }, ...others] = await outputOf(body);
		expect(others).toEqual([]);
		expect(pairedItem).toEqual({ item: 0 });
		expect(Object.keys(output)).toEqual(KEYS);
		expect(Object.keys(output.usage as IDataObject)).toEqual(USAGE_KEYS);
		expect(typeof output.text).toBe('string');
		expect(output.tool_calls).toBeInstanceOf(Array);
		expect(output.conversation).toBeInstanceOf(Array);
		expect(Object.values(output)).not.toContain(undefined);
	});

	test('the values are those of the response', async () => {
		const [{ json: output }] = await outputOf(responses.withReasoning);
		const text = 'The capital of France is **Paris**.';
		expect(output).toEqual({
			text,
			tool_calls: [],
			reasoning: 'The user wants a capital.',
			finish_reason: 'stop',
			status: 'completed',
			usage: {
				input_tokens: 72,
				cached_tokens: 32,
				output_tokens: 35,
				reasoning_tokens: 17,
				tool_output_tokens: 0,
				total_tokens: 107,
			},
			id: 'resp_1f2e3d4c5b6a7988',
			model: 'openai-gpt-oss-20b',
			created: 1795290338,
			conversation: [
				{ type: 'message', role: 'user', content: 'Hello' },
				{
					type: 'reasoning',
					id: 'rs_1',
					content: [{ type: 'reasoning_text', text: 'The user wants a capital.' }],
					summary: [],
				},
				{ type: 'message', role: 'assistant', content: text, id: 'msg_1' },
			],
		});
	});

	test('a tool call has its arguments parsed, and text stays an empty text', async () => {
		const [{ json: output }] = await outputOf(responses.functionCall);
		expect(output).toMatchObject({ text: '', finish_reason: 'tool_calls' });
		expect(output.tool_calls).toEqual([
			{
				call_id: 'call_1',
				name: 'get_weather',
				arguments: { city: 'Paris' },
				args: { city: 'Paris' },
			},
		]);
	});

	test('arguments that were cut off stay as they came, and the call says so', async () => {
		const [{ json: output }] = await outputOf(responses.brokenArguments);
		expect(output.tool_calls).toEqual([
			{
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Par',
				args: '{"city":"Par',
				arguments_error:
					"The call was cut off by the limit of output tokens, and was not run. Raise 'Max Output Tokens'",
			},
		]);
	});

	test('several calls keep their order', async () => {
		const calls = ['c', 'a', 'b'].map((name) => functionCall(name, '{}', `call_${name}`));
		const [{ json: output }] = await outputOf(responseOf(calls));
		const names = (output.tool_calls as IDataObject[]).map(({ name }) => name);
		expect(names).toEqual(['c', 'a', 'b']);
	});
});

describe('Not simplified', () => {
	test.each(successful)('the response %s is the body as it came', async (_, body) => {
		const [{ json: output, pairedItem }] = await outputOf(body, { simplify: false });
		const { error, ...rest } = JSON.parse(JSON.stringify(body)) as IDataObject;
		expect(error ?? null).toBeNull();
		expect(output).toEqual(rest);
		expect(output).not.toHaveProperty('error');
		expect(pairedItem).toEqual({ item: 0 });
	});
});

test('Retry On Fail does not repeat a call whose body has an error of null', async () => {
	gradient.server.answer(json(responses.extraNulls));
	const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	await gradient.run({ ...TEXT, simplify: false }, { nodeSettings });
	expect(gradient.server.requests).toHaveLength(1);
});

describe('The token usage', () => {
	const tokensOf = async (body: IDataObject, items: IDataObject[] = [{}]) => {
		gradient.server.answer(json(body));
		const result = await gradient.run(TEXT, { items });
		return result.task(NODE).metadata?.tokenUsage;
	};

	testIfHost('accumulateTokenUsage')(
		'is in the run data of the node, summed over its items',
		async () => {
			const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
			expect(await tokensOf(responses.text)).toEqual({ inputTokens, outputTokens });
			expect(await tokensOf(responses.text, [{}, {}, {}])).toEqual({
				inputTokens: 3 * inputTokens,
				outputTokens: 3 * outputTokens,
			});
		},
	);

	test('counts nothing where the API does not say', async () => {
		expect(await tokensOf(responses.nullUsage)).toBeUndefined();
	});
});

describe('The hint beside the output', () => {
	const hintsOf = async (body: IDataObject, form: IDataObject = {}) => {
		gradient.server.answer(json(body));
		const result = await gradient.run({ ...TEXT, ...form }, { items: [{}] });
		return result.hints(NODE);
	};

	test.each<[string, IDataObject, string]>([
		[
			'a cut answer names the option that helps',
			responses.incomplete,
			"The answer is cut off, because it reached the limit of output tokens. Raise 'Max Output Tokens' in 'Options' [item 0]",
		],
		[
			'an answer that was all reasoning says so',
			responses.incompleteAfterReasoning,
			"The model spent all its output tokens on reasoning and wrote no answer. Raise 'Max Output Tokens' in 'Options' [item 0]",
		],
		[
			'a refusal is quoted',
			responses.refusal,
			'The model refused to answer: I cannot help with that. [item 0]',
		],
		[
			'a content filter is named',
			{ ...responses.incomplete, incomplete_details: { reason: 'content_filter' } },
			'The answer is cut off, because a content filter stopped it [item 0]',
		],
	])('of %s', async (_, body, message) => {
		const expected = [{ message, type: 'warning', location: 'outputPane' }];
		expect(await hintsOf(body)).toEqual(expected);
		expect(await hintsOf(body, { simplify: false })).toEqual(expected);
	});

	test('is not there where nothing is amiss', async () => {
		expect(await hintsOf(responses.text)).toEqual([]);
		expect(await hintsOf(responses.functionCall)).toEqual([]);
	});
});
