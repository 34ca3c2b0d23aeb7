/**
 * The client of OpenAI, which is strict, folds well-formed streams as well: both must come to the same.
 */
import OpenAI from 'openai';

import type { GradientResponse } from '../../../../../nodes/shared/client';
import { type StreamFixture, wellFormed } from '../../../../fixtures/streams';
import { eventStream } from '../../../../support/answers';
import { DONE } from '../../../../support/streams';
import { KEY, REQUEST, useServer } from '../support';

const bench = useServer();

const openai = () => new OpenAI({ apiKey: KEY, baseURL: `${bench.server.url}/v1`, maxRetries: 0 });

/** What is compared, in common words. */
interface Common {
	text: string;
	refusal: string | null;
	reasoning: string | null;
	calls: Array<{ id: string; name: string; arguments: unknown }>;
	/** Input, output and total. */
	tokens: Array<number | null>;
	/** Address or name of file, and where in the text. */
	sources: Array<Array<string | number>>;
}

async function ours(): Promise<Common & Pick<GradientResponse, 'status'>> {
	const client = bench.client();
	const { usage, toolCalls, ...response } = await client.createResponse({
		...REQUEST,
		stream: true,
	});
	return {
		text: response.text,
		refusal: response.refusal,
		reasoning: response.reasoning,
		calls: toolCalls.map(({ call_id: id, name, arguments: args }) => ({
			id,
			name,
			arguments: args,
		})),
		tokens: [usage.input_tokens, usage.output_tokens, usage.total_tokens],
		sources: (response.citations ?? []).map(({ url, title, start }) => [url ?? title!, start!]),
		status: response.status,
	};
}

async function theirsOfTypedEvents(): Promise<Common> {
	const { output, output_text, usage } = await openai().responses.stream(REQUEST).finalResponse();
	const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
	const thoughts = output.flatMap((item) =>
		item.type === 'reasoning'
			? [...(item.content ?? []).map(({ text }) => text), item.summary.map(inText).join('\n\n')]
			: [],
	);
	const annotations = parts.flatMap((part) =>
		part.type === 'output_text' ? part.annotations : [],
	);
	return {
		text: output_text,
		refusal: parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join('') || null,
		reasoning: thoughts.join('') || null,
		calls: output.flatMap((item) =>
			item.type === 'function_call'
				? { id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) as unknown }
				: [],
		),
		tokens: [usage?.input_tokens, usage?.output_tokens, usage?.total_tokens].map(
			(tokens) => tokens ?? null,
		),
		// parts that say nothing of it have no list at all
		sources: annotations.flatMap((one) => {
			if (one?.type === 'url_citation') return [[one.url, one.start_index]];
			return one?.type === 'file_citation' ? [[one.filename, one.index]] : [];
		}),
	};
}

const inText = ({ text }: { text: string }) => text;

async function theirsOfChatChunks(): Promise<Common & { finishReason: string }> {
	const stream = openai().chat.completions.stream({
		model: REQUEST.model,
		messages: [{ role: 'user', content: REQUEST.input }],
	});
	// it leaves keys that OpenAI's own chunks lack to the reader
	let thought = '';
	stream.on('chunk', ({ choices: [choice] }) => {
		const { reasoning_content } = (choice?.delta ?? {}) as { reasoning_content?: string };
		thought += reasoning_content ?? '';
	});
	const { choices, usage } = await stream.finalChatCompletion();
	const [{ message, finish_reason: finishReason }] = choices;
	return {
		text: message.content ?? '',
		refusal: message.refusal,
		reasoning: thought || null,
		calls: (message.tool_calls ?? []).flatMap((call) =>
			call.type === 'function'
				? {
						id: call.id,
						name: call.function.name,
						arguments: JSON.parse(call.function.arguments) as unknown,
					}
				: [],
		),
		tokens: [usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens].map(
			(tokens) => tokens ?? null,
		),
		sources: [],
		finishReason,
	};
}

const named = (part: string) => wellFormed.filter(({ name }) => name.includes(part));

describe('Typed events fold to what the client of OpenAI makes of them', () => {
	test.each(named('/typed-'))('$name', async ({ bytes }) => {
		bench.server.answer(eventStream([bytes]));
		expect(await ours()).toEqual({ ...(await theirsOfTypedEvents()), status: 'completed' });
	});

	/** So that the deltas count, and not the whole response at the end. */
	const withoutTerminal = ({ bytes }: StreamFixture<unknown>) =>
		bytes.subarray(0, bytes.indexOf('event: response.completed'));

	test.each(named('/typed-'))('$name, without the terminal event', async (fixture) => {
		bench.server.answer(eventStream([withoutTerminal(fixture), DONE]));
		expect(await ours()).toEqual({ ...(await theirsOfTypedEvents()), status: null });
	});
});

describe('Chat chunks fold to what the client of OpenAI makes of them', () => {
	test.each(named('/chat-'))('$name', async ({ bytes }) => {
		bench.server.answer(eventStream([bytes]));
		const { finishReason, ...theirs } = await theirsOfChatChunks();
		expect(await ours()).toEqual({ ...theirs, status: null });
		expect((await bench.client().createResponse(REQUEST)).finishReason).toBe(finishReason);
	});
});
