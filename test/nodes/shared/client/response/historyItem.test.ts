import { findViolations } from '../../../../../nodes/shared/client';
import { parseJson } from '../../../../../nodes/shared/client/json';
import { fitItem, objectText } from '../../../../../nodes/shared/client/response/historyItem';

const CALL = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };

describe('An item of an earlier conversation', () => {
	test.each<[string, object, object]>([
		[
			'a message of the user gets its type',
			{ role: 'user', content: 'Hi' },
			{ type: 'message', role: 'user', content: 'Hi' },
		],
		[
			'parts of the user stay parts',
			{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
			{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
		],
		[
			'a call loses null keys, its id, and what is not of calls',
			{
				...CALL,
				id: 'fc_1',
				status: 'completed',
				caller: null,
				namespace: null,
				role: '',
				content: [],
				text: '',
				summary: [],
				output: '',
			},
			CALL,
		],
		[
			'a call without a type is known by its name and arguments',
			{ id: 'call_1', name: 'f', arguments: '{}' },
			CALL,
		],
		[
			'a message of a user with a name is no call',
			{ role: 'user', name: 'Ann', call_id: 'x', content: 'Hi' },
			{ type: 'message', role: 'user', name: 'Ann', call_id: 'x', content: 'Hi' },
		],
		[
			'an answer with a name is no call',
			{ name: 'Ann', content: [{ type: 'output_text', text: 'Hi' }] },
			{ type: 'message', role: 'assistant', name: 'Ann', content: 'Hi' },
		],
		[
			'a call keeps keys that no reference has',
			{
				...CALL,
				namespace: 'crm',
				caller: { type: 'direct' },
				async: true,
				thought_signature: 'x',
			},
			{
				...CALL,
				namespace: 'crm',
				caller: { type: 'direct' },
				async: true,
				thought_signature: 'x',
			},
		],
		['a call without a name gets one', { ...CALL, name: '' }, { ...CALL, name: 'unnamed' }],
		['a call whose name is null, too', { ...CALL, name: null }, { ...CALL, name: 'unnamed' }],
		[
			'a call with an illegal name gets a legal one',
			{ ...CALL, name: 'files.read/all' },
			{ ...CALL, name: 'files_read_all' },
		],
		[
			'a call whose type is empty is known by the rest of it',
			{ ...CALL, type: '', arguments: '' },
			CALL,
		],
		[
			'an answer as the API gave it becomes plain text, and keeps its phase',
			{
				type: 'message',
				id: 'msg_1',
				role: 'assistant',
				status: 'completed',
				phase: 'final_answer',
				content: [
					{ type: 'output_text', text: 'Part 1. ', annotations: [], logprobs: null },
					{ type: 'output_text', text: 'Part 2.' },
				],
			},
			{
				type: 'message',
				role: 'assistant',
				content: 'Part 1. Part 2.',
				id: 'msg_1',
				phase: 'final_answer',
			},
		],
		[
			'a refusal becomes plain text',
			{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
			{ type: 'message', role: 'assistant', content: 'No.' },
		],
		[
			'an answer without parts has no text',
			{ type: 'message', role: 'assistant', content: [] },
			{ type: 'message', role: 'assistant', content: '' },
		],
		[
			'an answer that is null has no text',
			{ type: 'message', role: 'assistant', content: null },
			{ type: 'message', role: 'assistant', content: '' },
		],
		[
			"an answer without a role is the assistant's",
			{ type: 'message', role: '', content: [{ type: 'output_text', text: 'Hi' }] },
			{ type: 'message', role: 'assistant', content: 'Hi' },
		],
		[
			"an answer without a type, as in DigitalOcean's samples, is one",
			{ content: [{ type: 'output_text', text: 'Hi' }] },
			{ type: 'message', role: 'assistant', content: 'Hi' },
		],
		[
			'a text item of the API reference is an answer',
			{ type: 'text', text: 'Hi' },
			{ type: 'message', role: 'assistant', content: 'Hi' },
		],
		[
			'a text item that is null has no text',
			{ type: 'text', text: null },
			{ type: 'message', role: 'assistant', content: '' },
		],
		[
			'a refusal beside a text that is null is one',
			{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.', text: null }] },
			{ type: 'message', role: 'assistant', content: 'No.' },
		],
		[
			'calls within a message are mended too',
			{
				role: 'assistant',
				content: null,
				tool_calls: [{ id: 'c', type: 'function', function: { name: 'f g', arguments: '1+1' } }],
			},
			{
				type: 'message',
				role: 'assistant',
				content: '',
				tool_calls: [
					{ id: 'c', type: 'function', function: { name: 'f_g', arguments: '{"raw":"1+1"}' } },
				],
			},
		],
		[
			'reasoning has a summary, if only an empty one',
			{ type: 'reasoning', id: '', content: [{ text: 'Hm', type: 'reasoning_text' }] },
			{ type: 'reasoning', summary: [], content: [{ text: 'Hm', type: 'reasoning_text' }] },
		],
		[
			'reasoning without a type is known by its parts',
			{ content: [{ text: 'Hm', type: 'reasoning_text' }] },
			{ type: 'reasoning', summary: [], content: [{ text: 'Hm', type: 'reasoning_text' }] },
		],
		[
			'a summary stays, without null keys and empty parts',
			{
				type: 'reasoning',
				content: null,
				summary: [
					{ type: 'summary_text', text: 'Hm', logprobs: null },
					{ type: 'summary_text', text: '' },
				],
			},
			{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
		],
		[
			'reasoning as plain text gets its part',
			{ type: 'reasoning', content: 'Hm', summary: 'H' },
			{
				type: 'reasoning',
				summary: [{ text: 'H', type: 'summary_text' }],
				content: [{ text: 'Hm', type: 'reasoning_text' }],
			},
		],
		[
			'reasoning keeps its summary, without what is not of reasoning',
			{
				type: 'reasoning',
				role: 'assistant',
				text: 'x',
				content: [{ type: 'reasoning_text', text: ' ' }],
				summary: [{ type: 'summary_text', text: 'Hm' }],
			},
			{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
		],
		[
			'reasoning keeps its readable parts',
			{ content: [null, 7, { text: 7 }, { text: 'Hm', type: 'reasoning_text' }] },
			{ type: 'reasoning', summary: [], content: [{ text: 'Hm', type: 'reasoning_text' }] },
		],
		[
			'encrypted reasoning stays',
			{
				type: 'reasoning',
				id: 'rs_1',
				status: 'completed',
				content: null,
				encrypted_content: 'gAAA',
			},
			{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
		],
		[
			'the output of a function stays, though it is empty',
			{ type: 'function_call_output', id: null, call_id: 'call_1', output: '' },
			{ type: 'function_call_output', call_id: 'call_1', output: '' },
		],
		[
			'an output that is null is empty',
			{ type: 'function_call_output', call_id: 'call_1', output: null },
			{ type: 'function_call_output', call_id: 'call_1', output: '' },
		],
		[
			'an output that is no text becomes one',
			{ type: 'function_call_output', call_id: 'call_1', output: { sky: 'clear' } },
			{ type: 'function_call_output', call_id: 'call_1', output: '{"sky":"clear"}' },
		],
		[
			'an output of parts becomes their text',
			{
				type: 'function_call_output',
				call_id: 'call_1',
				output: [
					{ type: 'input_text', text: 'It is ' },
					{ type: 'input_text', text: 'sunny' },
				],
			},
			{ type: 'function_call_output', call_id: 'call_1', output: 'It is sunny' },
		],
		[
			'an output with parts that are no text becomes JSON',
			{ type: 'function_call_output', call_id: 'call_1', output: [{ text: 'a' }, { image: 1 }] },
			{ type: 'function_call_output', call_id: 'call_1', output: '[{"text":"a"},{"image":1}]' },
		],
		[
			'an output without parts becomes JSON',
			{ type: 'function_call_output', call_id: 'call_1', output: [] },
			{ type: 'function_call_output', call_id: 'call_1', output: '[]' },
		],
		[
			'an item of another type stays as it came, but for null keys',
			{ type: 'web_search_call', id: 'ws_1', action: { query: null }, results: null },
			{ type: 'web_search_call', id: 'ws_1', action: { query: null } },
		],
	])('%s', (_what, item, expected) => {
		const fit = fitItem(item as never);
		expect(fit).toStrictEqual(expected);
		expect(findViolations({ model: 'm', input: [fit] })).toEqual([]);
		expect(fitItem(fit!)).toStrictEqual(fit);
	});

	test.each([
		['no keys', {}],
		['nulls', { id: 'rs_1', content: null, summary: null }],
		['empty lists', { content: [], summary: [], encrypted_content: '' }],
		['empty text', { content: [{ type: 'reasoning_text', text: '' }] }],
	])('is left out where it is reasoning with %s', (_what, item) => {
		expect(fitItem({ type: 'reasoning', ...item })).toBeUndefined();
	});

	test.each([[{ content: [] }], [{ content: null }]])(
		'is left out where nothing was written: %p',
		(item) => {
			expect(fitItem(item)).toBeUndefined();
		},
	);

	test.each<[string, object, string]>([
		['nothing at all', {}, 'content'],
		['a call without any id', { type: 'function_call', name: 'f', arguments: '' }, 'call_id'],
		['a call without a key for its name', { ...CALL, name: undefined }, 'name'],
		['a call without a key for its arguments', { ...CALL, arguments: undefined }, 'arguments'],
		['an output without text', { type: 'function_call_output', call_id: 'c' }, 'output'],
		['a message without content', { role: 'user' }, 'content'],
		['a role that there is not', { role: 'king', content: 'Hi' }, 'role'],
		['a name that is no text', { ...CALL, name: 7 }, 'name'],
		['a name that is an object', { ...CALL, name: { of: 'f' } }, 'name'],
		['an id that is no text', { ...CALL, call_id: 7 }, 'call_id'],
		['a type that is no text', { ...CALL, type: 7 }, 'type'],
	])('stays wrong, to be named, where it is %s', (_what, item, key) => {
		const violations = findViolations({
			model: 'm',
			input: [fitItem(JSON.parse(JSON.stringify(item)) as never)],
		});
		expect(violations.map(({ path }) => path)).toEqual([['input', 0, key]]);
	});

	test.each<[string, object]>([
		['a result without an id', { type: 'function_call_output', output: 'x' }],
		['a message without content', { type: 'message', role: 'user' }],
		['a message without role and parts', { type: 'message', content: [] }],
		['parts of the user without his role', { type: 'message', content: [{ type: 'input_text' }] }],
		...[
			null,
			7,
			{ type: 'output_text', text: 7 },
			{ type: 'output_text' },
			{ type: 'refusal', refusal: 7 },
			{ type: 'refusal', text: 'x' },
			{ type: 'output_audio', text: 'x', refusal: 'x' },
		].map((part): [string, object] => [
			`an answer with the part ${JSON.stringify(part)}`,
			{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x' }, part] },
		]),
		...[null, 7, {}, { function: null }, { function: 'f' }].map((call): [string, object] => [
			`the chat call ${JSON.stringify(call)}`,
			{ type: 'message', role: 'assistant', content: '', tool_calls: [call] },
		]),
		...[7, null, { of: 'f' }].map((name): [string, object] => [
			`a chat call of the name ${JSON.stringify(name)}`,
			{
				type: 'message',
				role: 'assistant',
				content: '',
				tool_calls: [{ id: 'c', function: { name, arguments: '{}' } }],
			},
		]),
	])('stays as it came, to be named, where it is %s', (_what, item) => {
		expect(fitItem(item as never)).toStrictEqual(item);
	});

	test('is not changed itself', () => {
		const item = Object.freeze({ role: 'assistant', id: '', content: Object.freeze([]) });
		fitItem(item as never);
		expect(item).toStrictEqual({ role: 'assistant', id: '', content: [] });
	});

	test('may have the key __proto__ without harm', () => {
		const item = parseJson('{"role":"user","content":"Hi","__proto__":{"type":"reasoning"}}');
		expect(fitItem(item as { role: string })?.type).toBe('message');
		expect(({} as { type?: string }).type).toBeUndefined();
	});
});

test.each<[unknown, string]>([
	['{"input":"1+1"}', '{"input":"1+1"}'],
	[' { "city" : "Paris" }\n', ' { "city" : "Paris" }\n'],
	[{ city: 'Paris' }, '{"city":"Paris"}'],
	['', '{}'],
	[' \n', '{}'],
	['null', '{}'],
	['""', '{}'],
	[null, '{}'],
	[undefined, '{}'],
	['{"input": "1+1"', '{"raw":"{\\"input\\": \\"1+1\\""}'],
	['1+1', '{"raw":"1+1"}'],
	['"1+1"', '{"raw":"\\"1+1\\""}'],
	['[1]', '{"raw":"[1]"}'],
	['7', '{"raw":"7"}'],
	['false', '{"raw":"false"}'],
	['{"a":1}{"b":2}', '{"raw":"{\\"a\\":1}{\\"b\\":2}"}'],
	[[1, 2], '{"raw":"[1,2]"}'],
	[7, '{"raw":"7"}'],
])('Arguments %p go back as %s', (args, text) => {
	expect(objectText(args)).toBe(text);
});

test('Arguments that are an object stay all of it, though its text would be too much to read', () => {
	let args: object = { city: 'Paris' };
	for (let level = 0; level < 1_100; level++) args = { args };
	const text = JSON.stringify(args);
	expect(parseJson(text)).toBeUndefined();
	expect(objectText(args)).toBe(text);
});
