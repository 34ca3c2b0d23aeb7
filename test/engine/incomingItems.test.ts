/** Incoming items that the workflow itself made, as input items. What strangers wrote: strangersItems.test.ts. */
import type { IDataObject } from 'n8n-workflow';

import { MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const FORM: IDataObject = { ...TEXT, inputType: 'items', itemsAre: 'inputItems' };

const CALL = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
const ANSWER = { type: 'function_call_output', call_id: 'c', output: '21' };

const inputOf = async (items: IDataObject[], form: IDataObject = {}) =>
	(await gradient.bodyOf({ ...FORM, ...form }, { items })).input;

test('All incoming items become one request, in their order', async () => {
	const items = ['a', 'b', 'c'].map((text) => ({ text }));
	expect(await gradient.bodyOf(FORM, { items })).toEqual({
		model: MODEL,
		input: [
			{ role: 'user', content: 'a' },
			{ role: 'user', content: 'b' },
			{ role: 'user', content: 'c' },
		],
	});
});

test('The one response is paired with every incoming item', async () => {
	const result = await gradient.run(FORM, { items: [{ text: 'a' }, { text: 'b' }] });
	expect(result.items(NODE)).toHaveLength(1);
	expect(result.items(NODE)[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
});

test.each<[string, IDataObject]>([
	['a message', { role: 'user', content: 'Hi' }],
	['a message with type', { type: 'message', role: 'user', content: 'Hi' }],
	['a message with parts', { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
	['a message without role', { type: 'message', content: 'Hi' }],
	['a member with a field that no reference has', { role: 'user', content: 'Hi', phase: 'x' }],
])('An item that already is %s passes as it is', async (_, item) => {
	expect(await inputOf([item, { text: 'Go on' }])).toEqual([
		item,
		{ role: 'user', content: 'Go on' },
	]);
});

test('Items of an earlier conversation are made fit to be sent again', async () => {
	const items = [
		{ role: 'user', content: 'Hi' },
		{ type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm.' }] },
		{ role: 'assistant', content: 'Hello' },
		{ ...CALL, arguments: '{"a": 1', name: 'f g' },
		ANSWER,
		{ text: 'Go on' },
	];
	expect(await inputOf(items)).toEqual([
		{ type: 'message', role: 'user', content: 'Hi' },
		{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
		{ type: 'message', role: 'assistant', content: 'Hello' },
		{ ...CALL, arguments: '{"raw":"{\\"a\\": 1"}', name: 'f_g' },
		ANSWER,
		{ role: 'user', content: 'Go on' },
	]);
});

test('Items that already are a function call and its output pass as they are', async () => {
	expect(await inputOf([CALL, ANSWER])).toEqual([CALL, ANSWER]);
});

test('Null keys of members, which vLLM refuses, are left out', async () => {
	expect(await inputOf([{ ...CALL, id: null }, ANSWER])).toEqual([CALL, ANSWER]);
});

test('Role and content come from the fields that the form names', async () => {
	const items = [{ by: 'system', body: 'Rules' }, { body: 'Hi' }];
	expect(await inputOf(items, { roleField: 'by', contentField: 'body' })).toEqual([
		{ role: 'system', content: 'Rules' },
		{ role: 'user', content: 'Hi' },
	]);
});

const PARTS = [{ type: 'input_text', text: 'Hi' }];

test.each<[string, IDataObject, unknown]>([
	['a text with a role', { text: 'Hi', role: 'system' }, 'Hi'],
	['a message', { role: 'system', content: 'Hi' }, 'Hi'],
	['a message with its type', { type: 'message', role: 'developer', content: 'Hi' }, 'Hi'],
	['a message of another type', { type: 'x', role: 'assistant', content: 'Hi' }, 'Hi'],
	['a message of role tool', { role: 'tool', content: 'Hi', tool_call_id: 'c' }, 'Hi'],
	['a message with parts', { role: 'system', content: PARTS }, PARTS],
	[
		'an earlier answer with its id',
		{
			type: 'message',
			id: 'msg_1',
			role: 'assistant',
			content: [{ type: 'output_text', text: 'Hi' }],
		},
		'Hi',
	],
])('An emptied Role Field means the user, always: %s', async (_, item, content) => {
	expect(await inputOf([item], { roleField: '' })).toEqual([{ role: 'user', content }]);
});

test('An emptied Role Field leaves function calls and their outputs as they are', async () => {
	expect(await inputOf([CALL, ANSWER], { roleField: '' })).toEqual([CALL, ANSWER]);
});

test('A path with dots reaches into objects, unless a field has that very name', async () => {
	const items = [{ mail: { body: 'deep' } }, { 'mail.body': 'flat', mail: { body: 'deep' } }];
	expect(await inputOf(items, { contentField: 'mail.body' })).toEqual([
		{ role: 'user', content: 'deep' },
		{ role: 'user', content: 'flat' },
	]);
});

test.each(['constructor', '__proto__.toString'])(
	'A path does not reach what every object inherits: %s',
	async (contentField) => {
		const { error } = await gradient.run({ ...FORM, contentField }, { items: [{ text: 'Hi' }] });
		expect(error?.message).toContain(`'${contentField}'`);
		expect(gradient.server.requests).toEqual([]);
	},
);

test('Numbers, booleans and objects become text, a list of parts stays a list', async () => {
	const parts = [{ type: 'input_text', text: 'Hi' }];
	const items = [{ text: 7 }, { text: false }, { text: { a: 1 } }, { text: parts }];
	expect(await inputOf(items)).toEqual([
		{ role: 'user', content: '7' },
		{ role: 'user', content: 'false' },
		{ role: 'user', content: '{"a":1}' },
		{ role: 'user', content: parts },
	]);
});

test('An item with call_id and output becomes the output of that call', async () => {
	const other = { ...CALL, call_id: 'd' };
	const items = [
		CALL,
		other,
		{ call_id: 'c', output: { temperature: 21 }, text: 'not this' },
		{ call_id: 'd', output: 'sunny' },
	];
	expect(await inputOf(items)).toEqual([
		CALL,
		other,
		{ type: 'function_call_output', call_id: 'c', output: '{"temperature":21}' },
		{ type: 'function_call_output', call_id: 'd', output: 'sunny' },
	]);
});

test('Items without the content field are named, all of them, and nothing is sent', async () => {
	const items = [{ text: 'a' }, { body: 'b' }, { text: '' }];
	const { error } = await gradient.run(FORM, { items });
	expect(error?.message).toBe(
		"2 fields need a correction: incoming item 1 has nothing in the field 'text' ('Content Field'); incoming item 2 has nothing in the field 'text' ('Content Field')",
	);
	expect(gradient.server.requests).toEqual([]);
});

test('A member that the API would refuse is named by its item', async () => {
	const items = [
		{ text: 'a' },
		{ type: 'function_call', name: 'f' },
		{ role: 'king', content: 'x' },
	];
	const { error } = await gradient.run(FORM, { items });
	expect(error?.message).toContain("incoming item 1 'call_id' is required");
	expect(error?.message).toContain("incoming item 1 'arguments' is required");
	expect(error?.message).toContain("incoming item 2 'role' must be user, assistant");
	expect(gradient.server.requests).toEqual([]);
});
