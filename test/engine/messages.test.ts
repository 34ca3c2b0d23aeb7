import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { gradientNode, MODEL, NODE, SAID, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, message, reasoning, responseOf, responses } from '../support/responses';
import { refusals } from '../support/strictHistory';

const gradient = useGradient();

const messages = (...rows: IDataObject[]): IDataObject => ({
	...SAID,
	inputType: 'messages',
	messages: { message: rows },
});
const user = (content: unknown) => ({ type: 'message', role: 'user', content }) as IDataObject;
const CONVERSATION = { type: 'conversation' };

test('Each item has a request of its own, with its own values', async () => {
	const items = [{ name: 'Ann' }, { name: 'Bob' }];
	await gradient.run(messages(user('=I am {{ $json.name }}')), { items });
	const inputs = gradient.server.bodies.map(({ input }) => input);
	expect(inputs).toEqual(
		expect.arrayContaining([
			[{ role: 'user', content: 'I am Ann' }],
			[{ role: 'user', content: 'I am Bob' }],
		]),
	);
	expect(inputs).toHaveLength(2);
});

test('The conversation of a response is the start of the next request', async () => {
	const next = gradientNode(messages(CONVERSATION, user('And Rome?')), {}, 'Next');
	const result = await gradient.run({ ...SAID, prompt: 'Hello' }, { next: [next] });
	expect(gradient.server.bodies[1]).toEqual({
		model: MODEL,
		input: [
			{ type: 'message', role: 'user', content: 'Hello' },
			{ type: 'message', role: 'assistant', content: 'Echo: Hello' },
			{ role: 'user', content: 'And Rome?' },
		],
	});
	expect(result.json('Next')[0].conversation).toEqual([
		...(gradient.server.bodies[1].input as IDataObject[]).slice(0, 2),
		{ type: 'message', role: 'user', content: 'And Rome?' },
		{ type: 'message', role: 'assistant', content: 'Echo: And Rome?' },
	]);
});

test('A tool call is answered by a conversation and its output', async () => {
	gradient.server.answer([
		json(
			responseOf([
				reasoning('I need a tool.', { status: null, encrypted_content: null }),
				message('Let me look.'),
				functionCall('get_weather', '{"city":"Paris"}', 'call_1', { caller: null }),
			]),
		),
	]);
	const answer = gradientNode(
		messages(CONVERSATION, {
			type: 'function_call_output',
			callId: '={{ $json.tool_calls[0].call_id }}',
			output: '={{ ({ temperature: 21 }) }}',
		}),
		{},
		'Next',
	);
	await gradient.run(SAID, { next: [answer] });
	expect(gradient.server.bodies[1]).toEqual({
		model: MODEL,
		input: [
			{ type: 'message', role: 'user', content: 'Hello' },
			{
				type: 'reasoning',
				id: 'rs_1',
				content: [{ type: 'reasoning_text', text: 'I need a tool.' }],
				summary: [],
			},
			{ type: 'message', role: 'assistant', content: 'Let me look.', id: 'msg_1' },
			{
				type: 'function_call',
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Paris"}',
			},
			{ type: 'function_call_output', call_id: 'call_1', output: '{"temperature":21}' },
		],
	});
});

test.each(Object.entries(responses).filter(([name]) => !/failed|errorInBody|noOutput/.test(name)))(
	'The conversation of the response %s can be sent again',
	async (_, body) => {
		gradient.server.answer([json(body)]);
		const next = gradientNode(messages(CONVERSATION, user('Go on')), {}, 'Next');
		const result = await gradient.run(SAID, { next: [next] });
		expect(result.error).toBeUndefined();
		const { conversation } = result.json(NODE)[0];
		const input = gradient.server.bodies[1].input as IDataObject[];
		// calls that nobody has answered get an output that says so
		expect(input.filter(({ output }) => !/no result/.test(String(output)))).toEqual([
			...(conversation as IDataObject[]),
			{ role: 'user', content: 'Go on' },
		]);
		expect(refusals([...input.slice(0, -1), { type: 'message', ...input.at(-1) }])).toEqual([]);
		expect(JSON.stringify(conversation)).not.toContain('null');
	},
);

test('The output of an unsimplified response can be replayed, with the text parts as plain text', async () => {
	const next = gradientNode(
		messages({ type: 'conversation', conversation: '={{ $json.output }}' }, user('Go on')),
		{},
		'Next',
	);
	gradient.server.answer([json(responses.extraNulls)]);
	await gradient.run({ ...TEXT, simplify: false }, { next: [next] });
	// without the question, the thought before the answer would be the beginning
	expect(gradient.server.bodies[1].input).toEqual([
		{
			type: 'message',
			role: 'assistant',
			content: 'The capital of France is **Paris**.',
		},
		{ role: 'user', content: 'Go on' },
	]);
});

test('A conversation may be given as JSON text, and be empty', async () => {
	const rows = [
		{ type: 'conversation', conversation: '[{ "role": "user", "content": "Hi" }]' },
		{ type: 'conversation', conversation: '={{ $json.nothing ?? [] }}' },
		user('Go on'),
	];
	expect((await gradient.bodyOf(messages(...rows))).input).toEqual([
		{ role: 'user', content: 'Hi' },
		{ role: 'user', content: 'Go on' },
	]);
});

test('Parts given as JSON are sent as they are', async () => {
	const parts = [
		{ type: 'input_text', text: 'Hi' },
		{ type: 'input_image', image_url: 'data:,Hi' },
	];
	for (const partsJson of [JSON.stringify(parts), `={{ ${JSON.stringify(parts)} }}`]) {
		gradient.server.reset();
		const row = { type: 'message', role: 'user', contentType: 'json', partsJson };
		expect((await gradient.bodyOf(messages(row))).input).toEqual([
			{ role: 'user', content: parts },
		]);
	}
});

test('Arguments and outputs that an expression gives as objects become JSON text', async () => {
	const rows = [
		{ type: 'function_call', callId: ' c ', name: ' f ', arguments: '={{ ({ city: "Paris" }) }}' },
		{ type: 'function_call_output', callId: 'c', output: '={{ 21 }}' },
	];
	expect((await gradient.bodyOf(messages(...rows))).input).toEqual([
		{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{"city":"Paris"}' },
		{ type: 'function_call_output', call_id: 'c', output: '21' },
	]);
});

test('Fields that a row does not show are not sent', async () => {
	const row = { ...user('Hi'), callId: 'c', toolCallId: 'x', output: 'y', moreFields: { id: 'z' } };
	expect((await gradient.bodyOf(messages(row))).input).toEqual([{ role: 'user', content: 'Hi' }]);
});
