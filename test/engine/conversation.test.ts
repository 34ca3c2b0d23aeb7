/** Earlier output sent again: what the API refuses of it (responses-api.md sections 9 and 10) does not go out. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { gradientNode, NODE, SAID, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, message, reasoning, responseOf, responses } from '../support/responses';

const gradient = useGradient();

const question = { type: 'message', role: 'user', content: 'Hi' };
const more = { type: 'message', role: 'user', content: 'Go on' };
const thought = {
	type: 'reasoning',
	summary: [],
	content: [{ type: 'reasoning_text', text: 'Hm.' }],
};
const answer = { type: 'message', role: 'assistant', content: 'Hello' };
const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'c', output: '21' };

/** The same list, in each way in which a user can give it. */
const WAYS: Array<[string, (list: unknown) => Promise<unknown>]> = [
	[
		'a Conversation row',
		async (list) => {
			const row = { type: 'conversation', conversation: '={{ $json.list }}' };
			const form = { ...TEXT, inputType: 'messages', messages: { message: [row] } };
			return (await gradient.bodyOf(form, { items: [{ list } as IDataObject] })).input;
		},
	],
	[
		'JSON',
		async (list) => {
			const form = { ...TEXT, inputType: 'json', inputJson: '={{ $json.list }}' };
			return (await gradient.bodyOf(form, { items: [{ list } as IDataObject] })).input;
		},
	],
	[
		'Incoming Items',
		async (list) => {
			const items = list as IDataObject[];
			const form = { ...TEXT, inputType: 'items', itemsAre: 'inputItems' };
			return (await gradient.bodyOf(form, { items })).input;
		},
	],
];

/** What came, and what is sent of it. */
const QUIRKS: Array<[string, IDataObject[], IDataObject[]]> = [
	[
		'keys that are null (phase, logprobs, caller, namespace)',
		[
			{ ...message('Hello'), phase: null, logprobs: null },
			{ ...call, id: null, status: null, caller: null, namespace: null, content: null },
			output,
		],
		[answer, call, output],
	],
	[
		'ids that are empty',
		[{ ...thought, id: '' }, { ...message('Hello'), id: '' }, { ...call, id: '' }, output],
		[thought, answer, call, output],
	],
	[
		'an assistant whose text is in output_text parts',
		[
			{
				role: 'assistant',
				content: [
					{ type: 'output_text', text: 'Part 1. ', annotations: [], logprobs: null },
					{ type: 'output_text', text: 'Part 2.' },
				],
			},
		],
		[{ ...answer, content: 'Part 1. Part 2.' }],
	],
	[
		'a message that closed with content [] before a call',
		[message('', { id: '', content: [] }), call, output],
		[{ ...answer, content: '' }, call, output],
	],
	[
		'reasoning in which there is nothing',
		[
			{ type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: null },
			{ type: 'reasoning', id: 'rs_2', summary: [], content: [] },
			{ role: 'assistant', content: 'Hello' },
		],
		[answer],
	],
	[
		'reasoning between the calls, whose order must stay',
		[thought, call, output, { ...thought, id: 'rs_2' }, { ...answer, id: 'msg_1' }],
		[thought, call, output, { ...thought, id: 'rs_2' }, { ...answer, id: 'msg_1' }],
	],
	[
		'reasoning that is encrypted',
		[
			{ type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'gAAA' },
			{ ...message('Hello'), id: 'msg_1' },
		],
		[
			{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
			{ ...answer, id: 'msg_1' },
		],
	],
	[
		'parts of the user, which stay parts',
		[{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }, answer],
		[{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }, answer],
	],
];

describe.each(WAYS)('From %s', (_, send) => {
	test.each(QUIRKS)('%s', async (_quirk, came, sent) => {
		expect(await send([question, ...came, more])).toEqual([question, ...sent, more]);
	});
});

/** A conversation in which a tool was called and answered, as another node got it. */
const RICH = responseOf([
	reasoning('Thinking.', { status: null, encrypted_content: null }),
	message('Let me look.', { id: '', phase: null }),
]);

test.each([
	['JSON', { inputType: 'json', inputJson: '={{ $json.conversation }}' }],
	[
		'JSON with a further message',
		{
			inputType: 'json',
			inputJson: '={{ [...$json.conversation, { role: "user", content: "Go on" }] }}',
		},
	],
	['JSON text', { inputType: 'json', inputJson: '={{ JSON.stringify($json.conversation) }}' }],
	[
		'a Conversation row',
		{ inputType: 'messages', messages: { message: [{ type: 'conversation' }] } },
	],
])("An earlier response's conversation goes on, given as %s", async (_, form) => {
	gradient.server.answer([json(RICH)]);
	const next = gradientNode({ ...TEXT, ...form }, {}, 'Next');
	const result = await gradient.run(SAID, { next: [next] });
	expect(result.error).toBeUndefined();
	const { conversation } = result.json(NODE)[0];
	expect(conversation).toHaveLength(3);
	expect((gradient.server.bodies[1].input as unknown[]).slice(0, 3)).toEqual(conversation);
});

test.each([
	['JSON', { inputType: 'json', inputJson: '={{ $json.output }}' }],
	[
		'a Conversation row',
		{
			inputType: 'messages',
			messages: { message: [{ type: 'conversation', conversation: '={{ $json.output }}' }] },
		},
	],
])('The raw output of a response is clean when it goes out as %s', async (_, form) => {
	gradient.server.answer([json(responses.extraNulls)]);
	const next = gradientNode({ ...TEXT, ...form }, {}, 'Next');
	await gradient.run({ ...TEXT, simplify: false }, { next: [next] });
	expect(JSON.stringify(gradient.server.bodies[1])).not.toMatch(/null|output_text/);
	// without the question, the thought before the answer would be the beginning
	expect(gradient.server.bodies[1].input).toEqual([
		{ ...answer, content: 'The capital of France is **Paris**.' },
	]);
});

test('What is wrong with an entry of JSON is named by the place that the user gave it', async () => {
	const list = [{ type: 'reasoning', content: null }, question, { role: 'king', content: 'x' }];
	const form = { ...TEXT, inputType: 'json', inputJson: JSON.stringify(list) };
	const { error } = await gradient.run(form);
	expect(error?.message).toContain("'Input (JSON)' entry 3 'role' must be user");
	expect(gradient.server.requests).toEqual([]);
});

test('JSON of which nothing is left to send is refused', async () => {
	const list = [{ type: 'reasoning', content: null }];
	const { error } = await gradient.run({
		...TEXT,
		inputType: 'json',
		inputJson: JSON.stringify(list),
	});
	expect(error?.message).toContain("'Input (JSON)' must have at least one entry");
});

test('The conversation of a tool loop goes on in another node', async () => {
	gradient.server.answer([json(responseOf([functionCall('f', '{}')]))]);
	const row = (more: IDataObject): IDataObject => ({
		type: 'function_call_output',
		callId: 'call_1',
		...more,
	});
	const form = {
		...SAID,
		inputType: 'messages',
		messages: { message: [{ type: 'conversation' }, row({ output: '21' })] },
	};
	const result = await gradient.run(SAID, { next: [gradientNode(form, {}, 'Next')] });
	expect(result.json('Next')[0].conversation).toEqual([
		{ type: 'message', role: 'user', content: 'Hello' },
		expect.objectContaining({ type: 'function_call', call_id: 'call_1' }),
		{ type: 'function_call_output', call_id: 'call_1', output: '21' },
		{ ...answer, content: 'Echo: 21' },
	]);
});
