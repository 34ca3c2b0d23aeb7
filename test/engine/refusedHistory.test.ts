/** Items that only some servers know: they go out as they came, and once more without what a server names. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { NODE, SAID, byId, gradientNode, useGradient } from '../support/gradientNode';
import { functionCall, message, reasoning, responseOf, textResponse } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

/** What a server refuses of a model is remembered: each test has a model of its own. */
let count = 0;
let form: IDataObject;
beforeEach(() => (form = { ...SAID, model: byId(`model-${++count}`) }));

const SEARCH = {
	type: 'web_search_call',
	id: 'ws_1',
	status: 'completed',
	action: { query: 'n8n' },
};

const refuse = (text: string, param: string | null = null) =>
	json({ error: { message: text, type: 'BadRequestError', param, code: 400 } }, { status: 400 });

/** vLLM 0.32. */
const withoutSearch = () =>
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: IDataObject[] };
		const hasSearch = Array.isArray(input) && input.some(({ type }) => type === 'web_search_call');
		return hasSearch ? refuse('Unsupported input item type: web_search_call') : undefined;
	});

const OUTPUT = [
	reasoning('I should look.', { id: 'rs_1' }),
	SEARCH,
	reasoning('Found it.', { id: 'rs_2' }),
	message('It is sunny.', { id: 'msg_1' }),
];

const WAYS: Array<[string, (list: unknown) => IDataObject]> = [
	['JSON', (list) => ({ inputType: 'json', inputJson: JSON.stringify(list) })],
	[
		'a Conversation row',
		(list) => ({
			inputType: 'messages',
			messages: { message: [{ type: 'conversation', conversation: JSON.stringify(list) }] },
		}),
	],
];

const question = { role: 'user', content: 'The weather?' };
const more = { role: 'user', content: 'And tomorrow?' };

describe.each(WAYS)('An earlier raw output with a search, given as %s,', (_, given) => {
	const sent = () => gradient.server.bodies.map(({ input }) => input as IDataObject[]);

	test('goes out as it came', async () => {
		const result = await gradient.run({ ...form, ...given([question, ...OUTPUT, more]) });
		expect(result.error).toBeUndefined();
		expect(sent()).toHaveLength(1);
		expect(sent()[0]).toContainEqual(SEARCH);
		expect(result.hints(NODE)).toEqual([]);
	});

	test('goes once more without it where the API does not take it, with a hint', async () => {
		withoutSearch();
		const result = await gradient.run({ ...form, ...given([question, ...OUTPUT, more]) });
		expect(result.json(NODE)[0].text).toBe('Echo: And tomorrow?');
		expect(sent()[1]).toEqual(sent()[0].filter(({ type }) => type !== 'web_search_call'));
		expect(result.hints(NODE).map(({ message: words }) => words)).toEqual([
			"The API does not take input items of the type 'web_search_call', so they were left out [item 0]",
		]);
	});
});

test('An item of a new type of which something else is wrong is the business of the API', async () => {
	gradient.server.answer(refuse('Nobody likes this', 'input[0]'));
	const list = [question, { type: 'shell_call', call_id: 7, name: null }, more];
	const { error } = await gradient.run({ ...form, ...WAYS[0][1](list) });
	expect(error?.message).toBe('Nobody likes this [item 0]');
	expect(gradient.server.requests).toHaveLength(1);
});

test('What the API has looked up stays in the conversation, for a node behind this one', async () => {
	gradient.server.answer([json(responseOf(OUTPUT))]);
	const next = gradientNode(
		{
			...form,
			inputType: 'messages',
			messages: { message: [{ type: 'conversation' }, { type: 'message', ...more }] },
		},
		{},
		'Next',
	);
	const result = await gradient.run(form, { next: [next] });
	expect(result.error).toBeUndefined();
	expect((gradient.server.bodies[1].input as IDataObject[]).map(({ type }) => type)).toEqual([
		'message',
		'reasoning',
		'web_search_call',
		'reasoning',
		'message',
		undefined,
	]);
});

test('Keys that no reference has go back in each round, and without them where the API names them', async () => {
	const keys = { namespace: 'crm', caller: { type: 'direct' }, async: true, signature: 'x' };
	const call = functionCall('tool', '{}', 'call_1', { ...keys, kv: null });
	gradient.server.answer(({ body }, index) => {
		const { input } = body as { input: IDataObject[] };
		if (index === 0) return json(responseOf([message('Aside.', { phase: 'commentary' }), call]));
		return input.some((item) => 'signature' in item)
			? refuse("Unknown parameter: 'input[2].signature'.", 'input[2].signature')
			: json(textResponse('Done'));
	});
	const result = await startWithTools(gradient, form, { tools: { Tool: () => echoTool('tool') } })
		.result;
	expect(result.json(NODE)[0].text).toBe('Done');
	const [, first, second] = gradient.server.bodies.map(({ input }) => input as IDataObject[]);
	const sent = { type: 'function_call', call_id: 'call_1', name: 'tool', arguments: '{}' };
	expect(first.slice(1, 3)).toEqual([
		{ type: 'message', role: 'assistant', content: 'Aside.', phase: 'commentary' },
		{ ...sent, ...keys },
	]);
	const { signature, ...known } = keys;
	expect(second[2]).toEqual({ ...sent, ...known });
	expect(signature).toBe('x');
});

test('Reasoning and the message after it go back with both their ids, as OpenAI wants them', async () => {
	const encrypted = { id: 'rs_1', content: null, encrypted_content: 'gAAA', status: 'completed' };
	gradient.server.answer([
		json(responseOf([reasoning('', encrypted), message('Hello.', { id: 'msg_1' })])),
	]);
	const rows = [{ type: 'conversation' }, { type: 'message', ...more }];
	const next = gradientNode(
		{ ...form, inputType: 'messages', messages: { message: rows } },
		{},
		'Next',
	);
	await gradient.run(form, { next: [next] });
	expect(gradient.server.bodies[1].input).toEqual([
		{ type: 'message', role: 'user', content: 'Hello' },
		{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
		{ type: 'message', role: 'assistant', content: 'Hello.', id: 'msg_1' },
		more,
	]);
});

test('Messages that the user wrote get their type where a server cannot do without (llama-server)', async () => {
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: IDataObject[] };
		const isUntyped = ({ role, type }: IDataObject) => role === 'assistant' && !type;
		return input.some(isUntyped) ? refuse("Cannot determine type of 'item'") : undefined;
	});
	const rows = ['user', 'assistant', 'user'].map((role) => ({
		type: 'message',
		role,
		content: 'Hi',
	}));
	const result = await gradient.run({
		...form,
		inputType: 'messages',
		messages: { message: rows },
	});
	expect(result.json(NODE)[0].text).toBe('Echo: Hi');
	expect(gradient.server.bodies.map(({ input }) => (input as IDataObject[])[1].type)).toEqual([
		undefined,
		'message',
	]);
	expect(result.hints(NODE)).toEqual([]);
});

test('What the user wrote in rows is not mended in silence', async () => {
	const rows = [
		{ type: 'function_call', callId: 'c', name: 'f g', arguments: '{"a": 1' },
		{ type: 'function_call_output', callId: 'd', output: 'x' },
		{ type: 'message', role: 'assistant', content: 'Hi' },
	];
	expect(
		(await gradient.bodyOf({ ...form, inputType: 'messages', messages: { message: rows } })).input,
	).toEqual([
		{ type: 'function_call', call_id: 'c', name: 'f g', arguments: '{"a": 1' },
		{ type: 'function_call_output', call_id: 'd', output: 'x' },
		{ role: 'assistant', content: 'Hi' },
	]);
});
