/** The sub-node's chat model where its answer is streamed, as n8n's chat asks for. */
import type { AIMessageChunk } from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream } from '../support/answers';
import { MODEL_NODE, startWithModel, withModel } from '../support/chatModel';
import { MODEL, useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	textResponse,
	usage,
} from '../support/responses';
import { DONE, chatChunks, frame, typedEvents } from '../support/streams';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');

const typed = (...output: IDataObject[]): Answer =>
	eventStream(typedEvents(responseOf(output)).map(frame));

const chat = (...chunks: IDataObject[]): Answer => eventStream([...chunks.map(frame), DONE]);

const delta = (content: IDataObject, finish_reason: string | null = null): IDataObject => ({
	id: 'resp_1',
	object: 'response.chunk',
	created: 1795290338,
	model: MODEL,
	choices: [{ index: 0, delta: content, finish_reason }],
});

const TOOLS = ['get_weather', 'get_time'].map((name) => ({
	name,
	description: '',
	schema: { type: 'object', properties: {} },
}));

async function streamed(answer: Answer) {
	gradient.server.answer(answer);
	return await withModel(gradient, async (model) => {
		const chunks: AIMessageChunk[] = [];
		const bound = model.bindTools!(TOOLS as never);
		for await (const chunk of await bound.stream('Hello')) chunks.push(chunk);
		return { chunks, whole: chunks.reduce((all, chunk) => all.concat(chunk)) };
	});
}

const toolCallChunks = (id: string, name: string, args: string) =>
	delta({ tool_calls: [{ id, type: 'function', function: { name, arguments: args } }] });

describe.each([
	['typed events', typed(message('The capital of France'))],
	['chat chunks', chat(...chatChunks('The capital of France', MODEL, usage))],
])('Text in %s', (_dialect, answer) => {
	test('comes in pieces, then finish reason and tokens', async () => {
		const { chunks, whole } = await streamed(answer);
		expect(chunks.map(({ text }) => text).filter(Boolean)).toEqual([
			'The capi',
			'tal of F',
			'rance',
		]);
		expect(whole.content).toBe('The capital of France');
		expect(whole.usage_metadata).toMatchObject({ input_tokens: 72, output_tokens: 35 });
		expect(whole.response_metadata).toMatchObject({ finish_reason: 'stop' });
		expect(gradient.server.bodies[0]).toMatchObject({
			stream: true,
			stream_options: { include_usage: true },
		});
	});
});

describe.each([
	[
		'typed events',
		typed(
			reasoning('Look it up.'),
			functionCall('get_weather', '{"city":"Paris"}'),
			functionCall('get_time', '{"zone":"CET"}', 'call_2'),
		),
	],
	[
		'chat chunks',
		chat(
			delta({ role: 'assistant', reasoning_content: 'Look it ' }),
			delta({ reasoning_content: 'up.' }),
			toolCallChunks('call_1', 'get_weather', '{"city"'),
			delta({ tool_calls: [{ function: { arguments: ':"Paris"}' } }] }),
			toolCallChunks('call_2', 'get_time', '{"zone":"CET"}'),
			delta({}, 'tool_calls'),
		),
	],
])('Several calls in %s', (_dialect, answer) => {
	test('stay apart, with the reasoning before them', async () => {
		const { whole } = await streamed(answer);
		expect(whole.tool_calls).toEqual([
			{ type: 'tool_call', id: 'call_1', name: 'get_weather', args: { city: 'Paris' } },
			{ type: 'tool_call', id: 'call_2', name: 'get_time', args: { zone: 'CET' } },
		]);
		expect(whole.additional_kwargs).toEqual({ reasoning_content: 'Look it up.' });
		expect(whole.response_metadata).toMatchObject({ finish_reason: 'tool_calls' });
		expect(whole.content).toBe('');
	});
});

describe.each([
	['typed events', typed(message('<think>\nHm.\n</think>\n\nParis.'))],
	['chat chunks', chat(...chatChunks('<think>\nHm.\n</think>\n\nParis.', MODEL, usage))],
])('Thoughts in tags in %s', (_dialect, answer) => {
	test('are thoughts, and none of the text', async () => {
		const { whole } = await streamed(answer);
		expect(whole.content).toBe('Paris.');
		expect(whole.additional_kwargs).toEqual({ reasoning_content: '\nHm.\n' });
	});
});

test('Commentary is told as it comes, apart from the answer', async () => {
	const output = [
		message('Let me see.', { phase: 'commentary' }),
		message('21 °C.', { id: 'msg_2', phase: 'final_answer' }),
	];
	expect((await streamed(typed(...output))).whole.content).toBe('Let me see.\n\n21 °C.');
});

test('A stream that breaks off fails in our words, with what had come', async () => {
	const frames = typedEvents(textResponse('The capital of France')).map(frame);
	const answer = streamed(eventStream(frames, { send: 'half', then: 'reset' }));
	await expect(answer).rejects.toMatchObject({
		message: expect.stringMatching(/closed the connection|broke off/) as string,
		context: { data: { partial: { text: expect.stringMatching(/^The capi/) as string } } },
	});
	expect(gradient.server.bodies).toHaveLength(1);
});

test('A stream that reports a failure fails in the words of the API', async () => {
	const failure = { type: 'error', error: { message: 'The model is overloaded', code: 'busy' } };
	await expect(streamed(eventStream([frame(failure)]))).rejects.toMatchObject({
		message: 'The model is overloaded',
		description: expect.stringContaining('Code: busy.') as string,
	});
});

test('A reader who leaves ends the request', async () => {
	const frames = typedEvents(textResponse('The capital of France')).map(frame);
	gradient.server.answer(eventStream(frames.slice(0, 6), { then: 'hang' }));
	await withModel(gradient, async (model) => {
		for await (const chunk of await model.stream('Hello')) {
			if (chunk.text) break;
		}
		await gradient.server.until(() => gradient.server.requests[0].closedEarly);
	});
});

test('The tokens of a stream are in n8n’s log', async () => {
	gradient.server.answer(typed(message('Hi')));
	const { result } = startWithModel(gradient, async (model) => {
		for await (const chunk of await model.stream('Hello')) expect(chunk.content).toBeDefined();
	});
	const [items] = (await result).task(MODEL_NODE).data?.ai_languageModel ?? [];
	expect(items?.[0].json).toMatchObject({
		tokenUsage: { promptTokens: 72, completionTokens: 35, totalTokens: 107 },
	});
});
