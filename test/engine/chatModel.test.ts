/** The chat model that the sub-node gives to n8n's agent and chains, asked directly. */
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';
import * as z3 from 'zod/v3';
import * as z4 from 'zod/v4';

import { json } from '../support/answers';
import { MODEL_NODE, startWithModel, withModel } from '../support/chatModel';
import { useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import { functionCall, message, reasoning, responseOf, textResponse } from '../support/responses';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');
const [body, inputs] = [
	() => gradient.server.bodies[0],
	() => gradient.server.bodies.map(({ input }) => input),
];

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOL = {
	type: 'function',
	function: { name: 'get_weather', description: 'Tells it', parameters: SCHEMA },
};

describe('An answer', () => {
	test('is text, with what the API says about it', async () => {
		gradient.server.answer(json(textResponse('Hi there')));
		const answer = await withModel(gradient, async (model) => await model.invoke('Hello'));
		expect(answer.content).toBe('Hi there');
		expect(answer.usage_metadata).toEqual({
			input_tokens: 72,
			output_tokens: 35,
			total_tokens: 107,
			input_token_details: { cache_read: 32 },
			output_token_details: { reasoning: 17 },
		});
		expect(answer.response_metadata).toMatchObject({
			id: 'resp_1f2e3d4c5b6a7988',
			finish_reason: 'stop',
			status: 'completed',
			model: 'openai-gpt-oss-20b',
		});
		expect(body()).toEqual({
			model: 'openai-gpt-oss-20b',
			input: [{ role: 'user', content: 'Hello' }],
		});
	});

	test('with reasoning can be read by a parser of text', async () => {
		gradient.server.answer(json(responseOf([reasoning('Hm'), message('Hi')])));
		const text = await withModel(
			gradient,
			async (model) => await model.pipe(new StringOutputParser()).invoke('Hello'),
		);
		expect(text).toBe('Hi');
	});

	test('calls tools, several at once', async () => {
		const calls = [
			functionCall('get_weather', '{"city":"Paris"}'),
			functionCall('get_weather', '', 'call_2'),
		];
		gradient.server.answer(json(responseOf(calls)));
		const answer = await withModel(gradient, async (model) => await model.invoke('Hello'));
		expect(answer).toBeInstanceOf(AIMessage);
		expect((answer as unknown as AIMessage).tool_calls).toEqual([
			{ type: 'tool_call', id: 'call_1', name: 'get_weather', args: { city: 'Paris' } },
			{ type: 'tool_call', id: 'call_2', name: 'get_weather', args: {} },
		]);
	});

	test('whose arguments are cut off fails, before a tool is run with half of them', async () => {
		gradient.server.answer(json(responseOf([functionCall('get_weather', '{"city": "Par')])));
		const answer = withModel(gradient, async (model) => await model.invoke('Hello'));
		await expect(answer).rejects.toMatchObject({
			message: expect.stringMatching(
				/^The model called 'get_weather' with arguments that are not a JSON object: \{"city": "Par\. /,
			) as string,
		});
		expect(gradient.server.bodies).toHaveLength(1);
	});

	test('is in n8n’s log with its tokens', async () => {
		gradient.server.answer(json(textResponse('Hi')));
		const run = startWithModel(gradient, async (model) => {
			await model.invoke('Hello');
		});
		const [items] = (await run.result).task(MODEL_NODE).data?.ai_languageModel ?? [];
		expect(items?.[0].json).toMatchObject({
			response: { generations: [[{ text: 'Hi' }]] },
			tokenUsage: { promptTokens: 72, completionTokens: 35, totalTokens: 107 },
		});
	});
});

describe('What is asked', () => {
	test('goes out in the order of the conversation, with the images of n8n’s agent and chain', async () => {
		const url = 'data:image/png;base64,QUJD';
		await withModel(
			gradient,
			async (model) =>
				await model.invoke([
					new SystemMessage('Be brief'),
					new HumanMessage('Rain?'),
					new AIMessage({
						content: 'One moment',
						tool_calls: [{ id: 'call_1', name: 'get_weather', args: { city: 'Paris' } }],
					}),
					new ToolMessage({ tool_call_id: 'call_1', content: 'sunny' }),
					new HumanMessage({
						content: [
							{ type: 'text', text: 'And here?' },
							{ type: 'image_url', image_url: { url, detail: 'low' } },
							{ type: 'image_url', image_url: 'https://example.com/a.png' },
							{ type: 'image', source_type: 'base64', mime_type: 'image/jpeg', data: 'QUJD' },
						],
					}),
				]),
		);
		expect(inputs()).toEqual([
			[
				{ role: 'system', content: 'Be brief' },
				{ role: 'user', content: 'Rain?' },
				{ role: 'assistant', content: 'One moment' },
				{
					type: 'function_call',
					call_id: 'call_1',
					name: 'get_weather',
					arguments: '{"city":"Paris"}',
				},
				{ type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
				{
					role: 'user',
					content: [
						{ type: 'input_text', text: 'And here?' },
						{ type: 'input_image', image_url: url, detail: 'low' },
						{ type: 'input_image', image_url: 'https://example.com/a.png' },
						{ type: 'input_image', image_url: 'data:image/jpeg;base64,QUJD' },
					],
				},
			],
		]);
	});

	test('goes on from the messages of an Anthropic model', async () => {
		await withModel(
			gradient,
			async (model) =>
				await model.invoke([
					new HumanMessage('Rain?'),
					new AIMessage({
						content: [
							{ type: 'thinking', thinking: 'Look it up', signature: 's' },
							{ type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Paris' } },
						],
					}),
					new ToolMessage({ tool_call_id: 'call_1', content: 'sunny' }),
				]),
		);
		expect(body().input).toMatchObject([
			{ role: 'user' },
			{ type: 'reasoning', content: [{ text: 'Look it up' }] },
			{ type: 'function_call', call_id: 'call_1', arguments: '{"city":"Paris"}' },
			{ type: 'function_call_output' },
		]);
	});

	test('is refused where the API cannot take it, and nothing is sent', async () => {
		const pdf = { type: 'file', source_type: 'base64', mime_type: 'application/pdf', data: 'QQ==' };
		const answer = withModel(
			gradient,
			async (model) => await model.invoke([new HumanMessage({ content: [pdf] })]),
		);
		await expect(answer).rejects.toMatchObject({
			message:
				"Message 1 has a file of the type 'application/pdf', but the API takes text and images only",
			description: expect.stringContaining('Nothing was sent') as string,
		});
		expect(gradient.server.requests).toHaveLength(0);
	});
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

	test('with a name that the API refuses are named', async () => {
		const tool = { name: 'get weather', description: '', schema: SCHEMA };
		await expect(bound([tool])).rejects.toMatchObject({
			message: expect.stringMatching(/^'tools 1 name' must be 1 to 64/) as string,
		});
		expect(gradient.server.requests).toHaveLength(0);
	});

	test('give structured output', async () => {
		gradient.server.answer(json(responseOf([functionCall('extract', '{"city":"Paris"}')])));
		const work = withModel(
			gradient,
			async (model) => await model.withStructuredOutput(SCHEMA).invoke('Rain in Paris?'),
		);
		expect(await work).toEqual({ city: 'Paris' });
		expect(body()).toMatchObject({
			tools: [{ name: 'extract', parameters: SCHEMA }],
			tool_choice: { type: 'function', function: { name: 'extract' } },
		});
	});

	test('are told apart from an answer that is no structured output', async () => {
		const work = withModel(
			gradient,
			async (model) => await model.withStructuredOutput(SCHEMA).invoke('Hello'),
		);
		await expect(work).rejects.toMatchObject({
			message: "The model did not call 'extract', which takes the structured output",
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
		const bound = model.bindTools!([TOOL]);
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
	expect((body().input as IDataObject[]).map(({ type, role }) => type ?? role)).toEqual([
		'user',
		'reasoning',
		'function_call',
		'function_call_output',
		'function_call',
		'function_call_output',
	]);
});
