/** The chat model that the sub-node gives to n8n's agent and chains, asked directly: messages and answers. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test

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

const askWithTools = async (model: BaseChatModel) => {
	const schema = { type: 'object', properties: {} };
	const tools = [{ name: 'get_weather', description: 'Tells it', schema }];
	return await model.bindTools!(tools as never).invoke('Hello');
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

	test('tells tokens that were written to the cache by the name of LangChain', async () => {
		const usage = { input_tokens: 9, output_tokens: 4, cache_created_input_tokens: 5 };
		gradient.server.answer(json(textResponse('Hi', { usage })));
		const answer = await withModel(gradient, async (model) => await model.invoke('Hello'));
		expect(answer.usage_metadata).toMatchObject({ input_token_details: { cache_creation: 5 } });
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
		const answer = await withModel(gradient, askWithTools);
		expect(answer).toBeInstanceOf(AIMessage);
		expect((answer as unknown as AIMessage).tool_calls).toEqual([
			{ type: 'tool_call', id: 'call_1', name: 'get_weather', args: { city: 'Paris' } },
			{ type: 'tool_call', id: 'call_2', name: 'get_weather', args: {} },
		]);
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
				{ type: 'message', role: 'system', content: 'Be brief' },
				{ type: 'message', role: 'user', content: 'Rain?' },
				{ type: 'message', role: 'assistant', content: 'One moment' },
				{
					type: 'function_call',
					call_id: 'call_1',
					name: 'get_weather',
					arguments: '{"city":"Paris"}',
				},
				{ type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
				{
					type: 'message',
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
