/** Tools of the sub-node's chat model: how they are given and chosen, and the way of their calls through many rounds. */
import {
	AIMessage,
	type AIMessageChunk,
	HumanMessage,
	ToolMessage,
} from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';
import * as z3 from 'zod/v3';
import * as z4 from 'zod/v4';

import { eventStream, json } from '../support/answers';
import { withModel } from '../support/chatModel';
import { useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import { functionCall, reasoning, responseOf, textResponse } from '../support/responses';
import { frame, typedEvents } from '../support/streams';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');
const body = () => gradient.server.bodies[0];

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOL = {
	type: 'function',
	function: { name: 'get_weather', description: 'Tells it', parameters: SCHEMA },
};

test('A call that came as text is a call, streamed or not', async () => {
	const text = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>';
	const call = { name: 'get_weather', args: { city: 'Oslo' } };
	for (const answer of [
		json(textResponse(text)),
		eventStream(typedEvents(textResponse(text)).map(frame)),
	]) {
		gradient.server.answer(answer);
		const [whole, streamed] = await withModel(gradient, async (model) => {
			const bound = model.bindTools!([TOOL]);
			let chunks: AIMessageChunk | undefined;
			for await (const chunk of await bound.stream('Hello')) {
				chunks = chunks ? chunks.concat(chunk as AIMessageChunk) : (chunk as AIMessageChunk);
			}
			return [(await bound.invoke('Hello')) as AIMessage, chunks!];
		});
		for (const answered of [whole, streamed]) {
			expect(answered.content).toBe('');
			expect(answered.tool_calls).toMatchObject([call]);
		}
	}
});

describe('Tools', () => {
	const bound = async (tools: unknown[], options?: IDataObject) => {
		await withModel(
			gradient,
			async (model) => await model.bindTools!(tools as never, options).invoke('Hello'),
		);
		return body();
	};

	test.each([
		['a function of chat completions', TOOL],
		['JSON Schema', { name: 'get_weather', description: 'Tells it', schema: SCHEMA }],
		[
			'zod 3',
			{
				name: 'get_weather',
				description: 'Tells it',
				schema: z3.object({ city: z3.string() }),
				invoke: async (): Promise<string> => 'x',
			},
		],
		[
			'zod 4',
			{
				name: 'get_weather',
				description: 'Tells it',
				schema: z4.object({ city: z4.string() }),
				invoke: async (): Promise<string> => 'x',
			},
		],
	])('given as %s are functions of the request', async (_name, tool) => {
		expect((await bound([tool])).tools).toEqual([
			{
				type: 'function',
				name: 'get_weather',
				description: 'Tells it',
				parameters: expect.objectContaining(SCHEMA) as object,
			},
		]);
	});

	test.each([
		['any', 'required'],
		['required', 'required'],
		['auto', 'auto'],
		['none', 'none'],
		['get_weather', { type: 'function', function: { name: 'get_weather' } }],
		[
			{ type: 'function', function: { name: 'get_weather' } },
			{ type: 'function', function: { name: 'get_weather' } },
		],
		[
			{ type: 'tool', name: 'get_weather' },
			{ type: 'function', function: { name: 'get_weather' } },
		],
		[{ type: 'any' }, 'required'],
		[undefined, undefined],
	])('are chosen by %j', async (tool_choice, sent) => {
		expect((await bound([TOOL], { tool_choice } as IDataObject)).tool_choice).toEqual(sent);
	});

	test('that are bound twice, as n8n’s agent does, are sent once, with the first choice', async () => {
		await withModel(gradient, async (model) => {
			const first = model.bindTools!([TOOL], { tool_choice: 'any' } as never) as typeof model;
			return await first.bindTools!([TOOL]).invoke('Hello');
		});
		expect(body()).toMatchObject({ tool_choice: 'required' });
		expect(body().tools).toHaveLength(1);
	});

	test('give structured output', async () => {
		gradient.server.answer(json(responseOf([functionCall('extract', '{"city":"Paris"}')])));
		const work = withModel(
			gradient,
			async (model) => await model.withStructuredOutput(SCHEMA).invoke('Rain in Paris?'),
		);
		expect(await work).toEqual({ city: 'Paris' });
		expect(body()).toMatchObject({
			tools: [
				{ name: 'extract', strict: true, parameters: { ...SCHEMA, additionalProperties: false } },
			],
			tool_choice: { type: 'function', function: { name: 'extract' } },
		});
	});

	test.each([
		['alone', '{"city":"Paris"}'],
		['in a fence', '```json\n{"city":"Paris"}\n```'],
		['in a sentence', 'It is {"city":"Paris"}, I think.'],
	])('give structured output that is written as text instead: %s', async (_place, text) => {
		gradient.server.answer(json(textResponse(text)));
		const [fromJson, fromZod] = await withModel(gradient, async (model) => [
			await model.withStructuredOutput(SCHEMA).invoke('Rain in Paris?'),
			await model.withStructuredOutput(z3.object({ city: z3.string() })).invoke('Rain?'),
		]);
		expect([fromJson, fromZod]).toEqual([{ city: 'Paris' }, { city: 'Paris' }]);
	});

	test('give no structured output where the text holds another object', async () => {
		gradient.server.answer(json(textResponse('{"town":"Paris"}')));
		const work = async (schema: object) =>
			await withModel(
				gradient,
				async (model) => await model.withStructuredOutput(schema as never).invoke('Rain?'),
			);
		for (const schema of [SCHEMA, z3.object({ city: z3.string() })]) {
			await expect(work(schema)).rejects.toMatchObject({
				message: expect.stringContaining("'city' is missing") as string,
			});
		}
	});

	test('are told apart from an answer that is no structured output', async () => {
		gradient.server.answer(json(textResponse('In Paris')));
		const work = withModel(
			gradient,
			async (model) => await model.withStructuredOutput(SCHEMA).invoke('Hello'),
		);
		await expect(work).rejects.toMatchObject({
			message: 'The answer does not fit, also when it was asked again: The answer holds no JSON',
			context: { data: { partial: { text: 'In Paris' } } },
		});
	});
});

test('Twenty rounds of tools keep all calls, outputs and thoughts, in their order', async () => {
	const ROUNDS = 20;
	gradient.server.answer((_request, index) =>
		json(
			index < ROUNDS
				? responseOf([
						reasoning(`Thought ${index}`, { id: `rs_${index}` }),
						// numbered anew in each response, as some servers do
						functionCall('count', JSON.stringify({ index }), 'call_0'),
					])
				: textResponse('Done'),
		),
	);
	const history = await withModel(gradient, async (model) => {
		const count = { type: 'function', function: { name: 'count', parameters: SCHEMA } };
		const bound = model.bindTools!([count]);
		const messages: Array<HumanMessage | AIMessage | ToolMessage> = [new HumanMessage('Count')];
		for (let round = 0; round <= ROUNDS; round++) {
			const answer = (await bound.invoke(messages)) as unknown as AIMessage;
			messages.push(answer);
			for (const { id, args } of answer.tool_calls ?? []) {
				messages.push(new ToolMessage({ tool_call_id: id!, content: JSON.stringify(args) }));
			}
		}
		return messages;
	});
	expect(history.at(-1)?.content).toBe('Done');
	expect(gradient.server.bodies).toHaveLength(ROUNDS + 1);
	const last = gradient.server.bodies[ROUNDS].input as IDataObject[];
	expect(last).toHaveLength(1 + 3 * ROUNDS);
	for (let round = 0; round < ROUNDS; round++) {
		const [thought, call, output] = last.slice(1 + 3 * round, 4 + 3 * round);
		expect(thought).toMatchObject({ type: 'reasoning', id: `rs_${round}` });
		expect(call).toMatchObject({ type: 'function_call', arguments: `{"index":${round}}` });
		expect(output).toMatchObject({ call_id: call.call_id, output: `{"index":${round}}` });
	}
	expect(new Set(last.map(({ call_id }) => call_id)).size).toBe(ROUNDS + 1);
});

test('A thought of which n8n’s agent kept only the text goes back before its calls, once', async () => {
	const step = (id: string) => [
		new AIMessage({
			content: [],
			tool_calls: [{ id, name: 'get_weather', args: {} }],
			additional_kwargs: { reasoning_content: 'Look it up' },
		}),
		new ToolMessage({ tool_call_id: id, content: 'sunny' }),
	];
	await withModel(
		gradient,
		async (model) =>
			await model.invoke([new HumanMessage('Rain?'), ...step('call_1'), ...step('call_2')]),
	);
	expect((body().input as IDataObject[]).map(({ type }) => type)).toEqual([
		'message',
		'reasoning',
		'function_call',
		'function_call_output',
		'function_call',
		'function_call_output',
	]);
});
