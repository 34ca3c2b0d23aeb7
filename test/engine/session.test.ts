/** What lets the API go on where it was: a router's choice of a model, and the caches of what was read before. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { withModel } from '../support/chatModel';
import { NODE, TEXT, byId, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const ROUTER = byId('router:support');
const affinities = () => gradient.server.requests.map(({ headers }) => headers['x-model-affinity']);

/** Calls the tool twice, then answers. */
const threeRounds = () =>
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: unknown };
		const rounds = Array.isArray(input)
			? input.filter(({ type }: IDataObject) => type === 'function_call_output').length
			: 0;
		return json(
			rounds < 2
				? responseOf([functionCall('get_weather', '{"city":"Oslo"}', `call_${rounds}`)])
				: textResponse('Done'),
		);
	});

describe('X-Model-Affinity', () => {
	test('is one value for all rounds of an item, and another for each item', async () => {
		threeRounds();
		await startWithTools(
			gradient,
			{ ...TEXT, model: ROUTER },
			{
				tools: { Weather: () => echoTool('get_weather') },
				items: [{}, {}],
			},
		).result;
		const values = affinities();
		expect(values).toHaveLength(6);
		expect(values.every((value) => value)).toBe(true);
		expect(new Set(values).size).toBe(2);
	});

	test('is not sent for other models', async () => {
		await gradient.run(TEXT);
		expect(affinities()).toEqual([undefined]);
	});

	test("is the 'Session ID', whatever the model, in each turn that has it", async () => {
		const form = { ...TEXT, options: { sessionId: '={{ $json.chat }}' } };
		await gradient.run(form, { items: [{ chat: 'chat-1' }, { chat: 'chat-2' }] });
		await gradient.run({ ...form, model: ROUTER }, { items: [{ chat: 'chat-1' }] });
		expect(affinities().sort()).toEqual(['chat-1', 'chat-1', 'chat-2']);
		expect(gradient.server.bodies.flatMap(Object.keys)).not.toContain('session_id');
	});

	test.each(['Zoë', 'a b', 'line\nbreak', 'x'.repeat(500)])(
		'is a hash of an ID that is no header: %j',
		async (sessionId) => {
			const form = { ...TEXT, options: { sessionId } };
			const result = await gradient.run(form, { items: [{}, {}] });
			expect(result.error).toBeUndefined();
			expect(affinities()).toEqual([expect.stringMatching(/^[\da-f]{32}$/), affinities()[0]]);
		},
	);

	test('is sent by the chat model, one value for all that an agent asks', async () => {
		const ask = async (model: IDataObject) =>
			await withModel(
				gradient,
				async (chatModel) => [await chatModel.invoke('One'), await chatModel.invoke('Two')],
				{ model },
			);
		await ask(ROUTER);
		await ask(byId('kimi-k2.6'));
		const [first, second, ...others] = affinities();
		expect(first).toMatch(/^[\da-f-]{36}$/);
		expect(second).toBe(first);
		expect(others).toEqual([undefined, undefined]);
	});
});

test('The item tells the way that the router took, and other items have no such key', async () => {
	gradient.server.answer([
		json(textResponse('Hi'), { headers: { 'x-model-router-selected-route': 'billing' } }),
	]);
	const [item] = (await gradient.run({ ...TEXT, model: ROUTER })).json(NODE);
	expect(item.route).toBe('billing');
	expect((await gradient.run(TEXT)).json(NODE)[0]).not.toHaveProperty('route');
});

test('So does a message of the chat model', async () => {
	const headers = { 'x-model-router-selected-route': 'billing' };
	gradient.server.answer([json(textResponse('Hi'), { headers })]);
	const { response_metadata: metadata } = await withModel(
		gradient,
		async (chatModel) => await chatModel.invoke('Hello'),
		{ model: ROUTER },
	);
	expect(metadata).toMatchObject({ route: 'billing' });
});

describe('Requests that share what is stable begin with the same bytes, so that caches hit', () => {
	const long = 'Answer in one word. '.repeat(80);
	const tools = {
		tool: [
			{ type: 'function', name: 'get_weather', parametersMode: 'none', description: 'Tells' },
			{ type: 'web_search', searchLimits: { maxUses: 2 } },
		],
	};
	const form = {
		...TEXT,
		prompt: '={{ $json.question }}',
		instructions: long,
		tools,
		options: { temperature: 0.5, promptCacheKey: 'tickets', additionalFields: '{"seed":7}' },
	};
	const beginnings = () =>
		gradient.server.requests.map(({ rawBody }) => rawBody.slice(0, rawBody.indexOf('"input":')));

	test('over 100 items: model, options, instructions and tools', async () => {
		const items = Array.from({ length: 100 }, (_, index) => ({ question: `Question ${index}` }));
		await gradient.run(form, { items });
		expect(gradient.server.requests).toHaveLength(100);
		expect(new Set(beginnings()).size).toBe(1);
		const [beginning] = beginnings();
		for (const part of [long, '"get_weather"', '"max_uses":2', '"seed":7', '"tickets"']) {
			expect(beginning).toContain(part);
		}
		expect(new Set(gradient.server.requests.map(({ rawBody }) => rawBody)).size).toBe(100);
	});

	test('over the rounds of an answer: each repeats the last one, and goes on', async () => {
		threeRounds();
		const connected = { Weather: () => echoTool('get_weather') };
		await startWithTools(gradient, { ...form, prompt: 'Weather?', tools: {} }, { tools: connected })
			.result;
		const [, second, third] = gradient.server.requests.map(({ rawBody }) => rawBody);
		expect(new Set(beginnings()).size).toBe(1);
		expect(third.startsWith(second.replace(/\]\}$/, ','))).toBe(true);
	});

	test('over what a chat model is asked', async () => {
		const tool = { name: 'f', description: 'F', schema: { type: 'object', properties: {} } };
		await withModel(gradient, async (chatModel) => {
			const bound = chatModel.bindTools!([tool]);
			return [await bound.invoke('One'), await bound.invoke('Two')];
		});
		expect(new Set(beginnings()).size).toBe(1);
		expect(beginnings()[0]).toContain('"tools":');
	});
});

test('What was read from the cache and written to it is in usage', async () => {
	const usage = {
		input_tokens: 2_000,
		input_tokens_details: { cached_tokens: 1_500, cache_write_tokens: 400 },
		output_tokens: 5,
	};
	gradient.server.answer([json(textResponse('Hi', { usage }))]);
	const [item] = (await gradient.run(TEXT)).json(NODE);
	expect(item.usage).toMatchObject({ cached_tokens: 1_500, cache_write_tokens: 400 });
});
