/** What an item of the output is, and what it says. */
import {
	filled,
	kindOf,
	partsOf,
	textOf,
} from '../../../../../nodes/shared/client/stream/outputItem';

const thought = { type: 'reasoning_text', text: 'Hm.' };
const said = { type: 'output_text', text: 'One.' };

test.each<[string, object, string | undefined]>([
	['its type', { type: 'web_search_call', content: [said] }, 'web_search_call'],
	['its parts, without a type', { content: [said] }, 'message'],
	['its parts, with an empty type', { type: '', content: [thought] }, 'reasoning'],
	['its parts, where its type is no text', { type: 5, content: [said] }, 'message'],
	['any thought among its parts', { content: [said, thought] }, 'reasoning'],
	['its name', { type: null, name: 'get_weather' }, 'function_call'],
	['nothing', { content: [] }, undefined],
])('The kind of an item is told by %s', (_what, item, kind) => {
	expect(kindOf({ ...item })).toBe(kind);
});

test('Only the text of parts is read, whatever else stands there', () => {
	const content = ['a', null, { text: 5 }, said, { refusal: ' No.' }];
	expect(textOf({ content })).toBe('One. No.');
	expect(partsOf(content)).toEqual(content.slice(2));
	expect(partsOf('a')).toEqual([]);
});

test('Parts count where one of them holds a text', () => {
	for (const content of [[said], [{ refusal: 'No.' }], [{ text: '' }, said]]) {
		expect(filled(content)).toBe(content);
	}
	for (const content of [[], [{ text: '', refusal: '' }], ['a'], undefined]) {
		expect(filled(content)).toBeUndefined();
	}
});
