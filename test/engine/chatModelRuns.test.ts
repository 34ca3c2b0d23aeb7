/** The sub-node's chat model in runs that go wrong, are stopped or end; and its form. */
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject, INodeTypeDescription } from 'n8n-workflow';

import { eventStream, hang, json } from '../support/answers';
import {
	CHAT_MODEL,
	FORM,
	MODEL_NODE,
	ask,
	startWithModel,
	withModel,
	type Work,
} from '../support/chatModel';
import { errorBodies } from '../support/errorBodies';
import { API_KEY, type GradientRun, byId, useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import { textResponse } from '../support/responses';
import { frame, typedEvents } from '../support/streams';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');

const DELTA = frame({ type: 'response.output_text.delta', output_index: 0, delta: 'Hi' });

const bodyOf = async (parameters: IDataObject) => {
	await withModel(gradient, async (model) => await model.invoke('Hello'), {
		...FORM,
		...parameters,
	});
	return gradient.server.bodies[0];
};
const errorOf = async (parameters: IDataObject = {}) => {
	const { error } = await startWithModel(gradient, ask, { ...FORM, ...parameters }).result;
	if (!error) throw new Error('The run did not fail');
	return error;
};
/** Where no model can be supplied, n8n keeps our error for the sub-node, and fails the root node. */
const supplyErrorOf = async (parameters: IDataObject, options?: GradientRun) => {
	const run = startWithModel(gradient, ask, { ...FORM, ...parameters }, options);
	const result = await run.result;
	const { error } = result.task(MODEL_NODE);
	expect(result.error?.message).toBe('Error in sub-node Gradient Chat Model');
	expect(result.error?.description).toBe(error?.message);
	expect(gradient.server.requests).toHaveLength(0);
	return error?.message;
};

describe('A failing API', () => {
	test('fails the root node in our words, and is asked once', async () => {
		gradient.server.answer(errorBodies.unauthorized);
		const error = await errorOf();
		expect(error.message).toBe('Unable to authenticate you.');
		expect(error.description).toContain("Check 'Model Access Key' in the credential.");
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('is in the log of the sub-node too', async () => {
		gradient.server.answer(errorBodies.unauthorized);
		const { result } = startWithModel(gradient, ask);
		expect((await result).task(MODEL_NODE).error).toMatchObject({
			message: 'Unable to authenticate you.',
			description: expect.stringContaining('Request ID: ') as string,
		});
	});

	test.each([
		[0, 1],
		[2, 3],
	])('is asked again by nobody but us: with %i retries, %i times', async (maxRetries, times) => {
		const headers = { 'retry-after-ms': '1' };
		gradient.server.answer(json({ error: { message: 'Busy' } }, { status: 503, headers }));
		const error = await errorOf({ requestOptions: { maxRetries } });
		expect(error.message).toBe('Busy');
		expect(gradient.server.requests).toHaveLength(times);
	});

	test('that does not answer in time fails in our words', async () => {
		gradient.server.answer(hang());
		const { message } = await errorOf({ requestOptions: { timeout: 600 } });
		expect(message).toBe('No complete answer came within 0.6 s');
		expect(gradient.server.requests).toHaveLength(1);
	});

	test.each([
		[
			'a rate limit',
			json(
				{ error: { message: 'Slow down' } },
				{ status: 429, headers: { 'x-should-retry': 'false' } },
			),
			'invoke',
		],
		['a broken stream', eventStream([DELTA], { then: 'reset' }), 'stream'],
	])('by %s says what to do in the words of this form', async (_name, answer, how) => {
		gradient.server.answer(answer);
		const read: Work = async (model) => {
			for await (const chunk of await model.stream('Hello')) expect(chunk).toBeDefined();
		};
		const parameters = { ...FORM, requestOptions: { maxRetries: 0 } };
		const run = startWithModel(gradient, how === 'stream' ? read : ask, parameters);
		const { description } = (await run.result).error!;
		const type = gradient.loader.getNode('lmChatGradient').type.description;
		const { properties } = type as INodeTypeDescription;
		const fields = properties.flatMap(({ displayName, options = [] }) => [
			displayName,
			...options.map((option) => ('displayName' in option ? option.displayName : '')),
		]);
		const named = [...(description ?? '').matchAll(/'([A-Z][^']+)'/g)].map(([, name]) => name);
		expect(named).not.toEqual([]);
		// the one field that the agent has
		expect([...fields, 'Enable Streaming']).toEqual(expect.arrayContaining(named));
	});

	test('does not show the key', async () => {
		gradient.server.answer(json({ error: { message: `Bad key ${API_KEY}` } }, { status: 401 }));
		const run = await startWithModel(gradient, ask).result;
		expect(JSON.stringify(run)).toContain('Bad key ***');
		expect(JSON.stringify(run)).not.toContain(API_KEY);
	});
});

describe('Stop', () => {
	test('ends the request in flight, and the run is canceled', async () => {
		gradient.server.answer(hang());
		const run = startWithModel(gradient, ask);
		await gradient.server.until(() => gradient.server.requests.length > 0);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		await gradient.server.until(() => gradient.server.requests[0].closedEarly);
	});

	test('ends a stream, although the root node gave it no signal', async () => {
		const frames = typedEvents(textResponse('The capital of France')).map(frame);
		gradient.server.answer(eventStream(frames.slice(0, 6), { then: 'hang' }));
		const run = startWithModel(gradient, async (model) => {
			for await (const { text } of await model.stream('Hello')) if (text) run.cancel();
		});
		expect((await run.result).status).toBe('canceled');
		await gradient.server.until(() => gradient.server.requests[0].closedEarly);
	});
});

test('A signal of the root node ends its request only', async () => {
	const controller = new AbortController();
	const reason = new Error('Enough');
	await withModel(gradient, async (model) => {
		gradient.server.answer(hang());
		const answer = model.invoke('Hello', { signal: controller.signal });
		await gradient.server.until(() => gradient.server.requests.length > 0);
		controller.abort(reason);
		await expect(answer).rejects.toThrow();
		await gradient.server.until(() => gradient.server.requests[0].closedEarly);
		gradient.server.answer(json(textResponse('Hi')));
		expect((await model.invoke('Again')).content).toBe('Hi');
	});
});

describe('When the root node has ended', () => {
	test.each<[string, Work]>([
		['well', ask],
		[
			'with a failure',
			async (model) => {
				await model.invoke('Hello');
				throw new Error('No');
			},
		],
	])('%s, no connection stays open', async (_how, work) => {
		const { server } = gradient;
		await startWithModel(gradient, async (model, context) => {
			await model.invoke('Hello');
			expect(server.connectionsOpen).toBe(1);
			return await work(model, context);
		}).result;
		await server.until(() => server.connectionsOpen === 0);
	});

	test('a request that nobody waits for is ended', async () => {
		gradient.server.answer(hang());
		await startWithModel(gradient, async (model) => {
			model.invoke('Hello').catch(() => undefined);
			await gradient.server.until(() => gradient.server.requests.length > 0);
		}).result;
		await gradient.server.until(() => gradient.server.requests[0].closedEarly);
	});
});

describe('The form', () => {
	test('sends what the user set, by the names of the API, and nothing else', async () => {
		const options = {
			temperature: 0.5,
			topP: 0.9,
			maxOutputTokens: 64,
			stop: ['END', '###'],
			parallelToolCalls: false,
			metadata: { entry: [{ name: 'team', value: 'blue' }] },
			user: 'customer-1',
			reasoningEffort: '={{ "xhigh" }}',
			promptCacheKey: 'tickets',
			additionalFields: '{"seed":7,"top_p":0.8}',
		};
		expect(await bodyOf({ options })).toEqual({
			model: 'openai-gpt-oss-20b',
			temperature: 0.5,
			top_p: 0.8,
			max_output_tokens: 64,
			stop: ['END', '###'],
			parallel_tool_calls: false,
			metadata: { team: 'blue' },
			user: 'customer-1',
			reasoning: { effort: 'xhigh' },
			prompt_cache_key: 'tickets',
			seed: 7,
			input: [{ role: 'user', content: 'Hello' }],
		});
	});

	test('lets tools of the API stand beside those of the agent', async () => {
		const options = { additionalFields: '{"tools":[{"type":"web_search"}]}' };
		const tool = { name: 'f', description: '', schema: { type: 'object', properties: {} } };
		await withModel(gradient, async (model) => await model.bindTools!([tool]).invoke('Hello'), {
			...FORM,
			options,
		});
		expect(gradient.server.bodies[0].tools).toMatchObject([
			{ type: 'web_search' },
			{ type: 'function', name: 'f' },
		]);
	});

	test('sends what is in its additional fields as it is, whatever the API takes', async () => {
		const fields = {
			tools: [{ type: 'mcp', server_label: 'x', server_url: 'https://example.com' }],
			tool_choice: { type: 'function', name: 'f' },
			stop: ['a', 'b', 'c', 'd', 'e'],
		};
		const options = { additionalFields: JSON.stringify(fields) };
		expect(await bodyOf({ options })).toMatchObject(fields);
	});

	test('keeps a choice of its additional fields without a tool, and where tools are bound', async () => {
		const options = { additionalFields: '{"tool_choice":"none"}' };
		expect(await bodyOf({ options })).toMatchObject({ tool_choice: 'none' });
		const tool = { name: 'f', description: '', schema: { type: 'object', properties: {} } };
		const form = { ...FORM, options };
		await withModel(gradient, async (model) => await model.bindTools!([tool]).invoke('Hi'), form);
		expect(gradient.server.bodies[1]).toMatchObject({ tool_choice: 'none' });
	});

	test.each([
		[{ model: byId('') }, "'Model' is empty"],
		[{ options: { temperature: 3 } }, "'Temperature' must be at most 2"],
		[{ options: { stop: ['a', 'b', 'c', 'd', 'e'] } }, "'Stop Sequences' must have at most 4"],
		[{ options: { additionalFields: '[1]' } }, "'Additional Fields (JSON)' must be a JSON object"],
		[{ requestOptions: { timeout: -1 } }, "'Timeout' must be a number of at least 0"],
		[
			{ options: { maxOutputTokens: 0, topP: 2 } },
			"2 fields need a correction: 'Max Output Tokens' must be at least 1; 'Top P' must be at most 1",
		],
	])('with %j is refused before anything is sent', async (parameters, message) => {
		expect(await supplyErrorOf(parameters as IDataObject)).toContain(message);
	});

	test('has the fields of the Gradient node, and one for the pictures of tools', () => {
		const type = gradient.loader.getNode('lmChatGradient').type.description;
		const { properties } = type as INodeTypeDescription;
		const of = (name: string) =>
			properties.find((field) => field.name === name)?.options?.map((field) => field.name);
		expect(properties.map(({ name }) => name)).toEqual([
			'notice',
			'model',
			'options',
			'requestOptions',
		]);
		expect(of('options')).toEqual([
			'temperature',
			'maxOutputTokens',
			'reasoningEffort',
			'stop',
			'topP',
			'additionalFields',
			'metadata',
			'parallelToolCalls',
			'promptCacheKey',
			'promptCacheRetention',
			'reasoningBudget',
			'reasoningSummary',
			'responseFormat',
			'sendToolPictures',
			'sessionId',
			'user',
		]);
		expect(of('requestOptions')).toEqual([
			'delayBetweenRequests',
			'maxRepairs',
			'maxRetries',
			'timeout',
		]);
	});
});

test('The credential’s allowed domains hold for the sub-node', async () => {
	const credential = { allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' };
	expect(await supplyErrorOf({}, { credential })).toMatch(
		/^The credential does not allow requests to 127/,
	);
});

test('The sub-node is no tool, and gives a language model', () => {
	const { description } = gradient.loader.getNode(CHAT_MODEL.split('.')[1]).type;
	expect(description).toMatchObject({ inputs: [], outputs: ['ai_languageModel'] });
	expect(description).not.toHaveProperty('usableAsTool');
});
