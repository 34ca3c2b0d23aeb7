import { inputItems } from '../../../../../nodes/shared/client/response/conversation';
import type { InputItem } from '../../../../../nodes/shared/client/schema/request';

describe('The input that later requests repeat', () => {
	test('is a message of the user where it was a text', () => {
		expect(inputItems('Hi')).toEqual([{ type: 'message', role: 'user', content: 'Hi' }]);
	});

	test('has the type of messages that were sent without', () => {
		const input = [
			{ role: 'user', content: 'Hi' },
			{ role: 'assistant', content: 'Hello', phase: 'final_answer' },
		] as InputItem[];
		expect(inputItems(input)).toEqual(input.map((item) => ({ ...item, type: 'message' })));
	});

	test.each<[string, object]>([
		['a message with its type', { type: 'message', role: 'user', content: 'Hi' }],
		['a call', { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }],
		['a call with a role', { type: 'function_call', call_id: 'c', name: 'f', role: 'assistant' }],
		['an item with a type that is null', { type: null, role: 'user', content: 'Hi' }],
		['what is no message', { content: 'Hi' }],
		['a list', ['role']],
	])('has %s as it was', (_what, item) => {
		expect(inputItems([item as InputItem])[0]).toBe(item);
	});

	test.each([null, 7, 'Hi'])('has what is no item as it was, for the check to name: %j', (odd) => {
		expect(inputItems([odd as never])).toEqual([odd]);
	});
});
