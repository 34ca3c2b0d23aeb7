import { findViolations } from '../../../../../nodes/shared/client';
import { parseJson } from '../../../../../nodes/shared/client/json';
import { cleanInputItem } from '../../../../../nodes/shared/client/response/conversation';

describe('An item of an earlier conversation', () => {
	test.each([
		['a message of the user', { role: 'user', content: 'Hi' }, { role: 'user', content: 'Hi' }],
		[
			'a function call with null keys and an empty id',
			{
				type: 'function_call',
				id: '',
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{}',
				status: null,
				caller: null,
				namespace: null,
			},
			{ type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' },
		],
		[
			'an answer as the API gave it',
			{
				type: 'message',
				id: 'msg_1',
				role: 'assistant',
				status: 'completed',
				phase: null,
				content: [
					{ type: 'output_text', text: 'Part 1. ', annotations: [], logprobs: null },
					{ type: 'output_text', text: 'Part 2.' },
				],
			},
			{
				type: 'message',
				id: 'msg_1',
				role: 'assistant',
				status: 'completed',
				content: 'Part 1. Part 2.',
			},
		],
		[
			'an answer without parts',
			{ type: 'message', role: 'assistant', content: [] },
			{ type: 'message', role: 'assistant', content: '' },
		],
		[
			'reasoning with content',
			{ type: 'reasoning', id: '', summary: [], content: [{ text: 'Hm', type: 'reasoning_text' }] },
			{ type: 'reasoning', summary: [], content: [{ text: 'Hm', type: 'reasoning_text' }] },
		],
		[
			'reasoning with a summary',
			{ type: 'reasoning', content: null, summary: [{ type: 'summary_text', text: 'Hm' }] },
			{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
		],
		[
			'encrypted reasoning',
			{ type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'gAAA' },
			{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
		],
		[
			'the output of a function, though it is empty',
			{ type: 'function_call_output', id: null, call_id: 'call_1', output: '' },
			{ type: 'function_call_output', call_id: 'call_1', output: '' },
		],
	])('is cleaned: %s', (_what, item, expected) => {
		const cleaned = cleanInputItem(item);
		expect(cleaned).toStrictEqual(expected);
		expect(findViolations({ model: 'm', input: [cleaned] })).toEqual([]);
	});

	test.each([
		['no keys', { type: 'reasoning' }],
		['nulls', { type: 'reasoning', id: 'rs_1', content: null, summary: null }],
		['empty lists', { type: 'reasoning', content: [], summary: [], encrypted_content: '' }],
	])('is left out where it is reasoning with %s', (_what, item) => {
		expect(cleanInputItem(item)).toBeUndefined();
	});

	test.each([
		['parts of the user', { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
		['a refusal', { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }],
		['parts of several types', { role: 'assistant', content: [{ type: 'image' }, { text: 'Hi' }] }],
		['an unknown type', { type: 'web_search_call', query: 'n8n' }],
		['a call without its id', { type: 'function_call', name: 'f', arguments: '{}' }],
	])('stays as it is where it is %s', (_what, item) => {
		expect(cleanInputItem(item)).toStrictEqual(item);
	});

	test('is not changed itself', () => {
		const item = Object.freeze({ role: 'assistant', id: '', content: Object.freeze([]) });
		expect(cleanInputItem(item as never)).toStrictEqual({ role: 'assistant', content: '' });
		expect(item).toStrictEqual({ role: 'assistant', id: '', content: [] });
	});

	test('may have the key __proto__ without harm', () => {
		const item = parseJson('{"role":"user","content":"Hi","__proto__":{"type":"reasoning"}}');
		expect(cleanInputItem(item as { role: string })?.type).toBeUndefined();
	});
});
