/** The items of the last event and those that were streamed, which may differ in ids, order and text. */
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { isTold, mergeOutput } from '../../../../../nodes/shared/client/stream/mergeOutput';
import { functionCall, message, reasoning } from '../../../../support/responses';

const thought = (text: string) => reasoning('', { content: [], summary: [{ text }] });
const refusal = (text: string) => message('', { content: [{ type: 'refusal', refusal: text }] });
const search = (query: string) => ({ type: 'web_search_call', action: { query } });

const withoutId = (item: JsonObject): JsonObject => ({ ...item, id: undefined });

/** Which of the last event's items the streamed ones are: those lack ids, and get them. */
const partners = (last: JsonObject[], streamed: JsonObject[]) => {
	const named = streamed.map((item, i) => ({ ...item, id: `id_${i}` }));
	return mergeOutput(last.map(withoutId), named).map(({ id }) => id);
};

describe('An item is found again', () => {
	test.each<[string, (text: string) => JsonObject]>([
		['text', message],
		['refusal', refusal],
		['summary', thought],
		['thoughts', reasoning],
		['arguments', (text) => ({ type: 'function_call', name: 'f', arguments: text })],
		['name', (name) => ({ type: 'function_call', name, arguments: '{}' })],
		['query', search],
	])('by its %s', (_what, item) => {
		expect(partners([item('a'), item('b')], [item('b')])).toStrictEqual([undefined, 'id_0']);
	});

	test('by its text, however that is divided', () => {
		const content = [{ text: 'On' }, { text: 'e.' }];
		const last = [message('Two.'), message('One.')];
		expect(partners(last, [message('', { content })])).toStrictEqual([undefined, 'id_0']);
	});

	test('by its id or its call id, whatever else it says', () => {
		const ids = [
			[message('a', { id: 'x' }), message('b', { id: 'y' })],
			[functionCall('f', 'a', 'x', { id: '' }), functionCall('f', 'b', 'y', { id: '' })],
		];
		for (const [one, other] of ids) {
			const streamed = { ...other, content: one.content, arguments: one.arguments, phase: 'told' };
			expect(mergeOutput([one, other], [streamed])).toEqual([one, { ...other, phase: 'told' }]);
		}
	});

	test('among those of its kind', () => {
		const last = [reasoning('a'), message('a')];
		expect(partners(last, [message('a')])).toStrictEqual([undefined, 'id_0']);
	});

	test('as the first of several that are the same', () => {
		expect(partners([message('a'), message('a')], [message('a'), message('a')])).toStrictEqual([
			'id_0',
			'id_1',
		]);
	});

	test.each(['message', 'reasoning', 'function_call'])(
		'as the first of its kind, if it is an empty %s',
		(type) => {
			const last = [{ type, role: 'assistant' }, { type }];
			expect(partners(last, [{ type }])).toStrictEqual(['id_0', undefined]);
		},
	);

	test('not as an item of another kind, if it is empty', () => {
		const last = [{ type: 'reasoning' }, { type: 'message' }];
		expect(partners(last, [{ type: 'message' }])).toStrictEqual([undefined, 'id_0']);
	});

	test('as one of which nothing is known, if it is a message', () => {
		expect(partners([{ status: 'completed' }], [message('a')])).toStrictEqual(['id_0']);
	});
});

test('Of more items than the last event has, none is lost and none is made up', () => {
	const [a, b, c] = ['a', 'b', 'c'].map((text) => message(text, { id: text }));
	expect(mergeOutput([c], [a, b])).toEqual([c, b]);
	expect(mergeOutput([a], [a, b])).toEqual([a, b]);
});

test.each(['id', 'call_id', 'name', 'arguments', 'phase'])(
	'What the last event lacks is taken from the stream: %s',
	(key) => {
		const item = { type: 'function_call', name: 'f', call_id: 'c', [key]: 'told' };
		expect(mergeOutput([{ ...item, [key]: '' }], [item])).toEqual([item]);
	},
);

test.each(['content', 'summary', 'action'])(
	'What the last event lacks is taken from the stream: %s',
	(key) => {
		const item = { type: 'reasoning', id: 'rs_1', [key]: [{ text: 'Hm.' }] };
		expect(mergeOutput([{ ...item, [key]: undefined }], [item])).toEqual([item]);
	},
);

describe('Annotations that only the stream has', () => {
	const link = { type: 'url_citation', url: 'https://a.example' };
	const part = (text: string, annotations?: object[]) => ({
		text,
		...(annotations && { annotations }),
	});
	const merged = (last: object[], streamed: object[]) =>
		mergeOutput([message('', { content: last })], [message('', { content: streamed })])[0].content;

	test('go to the parts that say the same', () => {
		const last = [part('a'), part('b'), part('c'), part('d')];
		expect(merged(last, [part('a', [link]), part('x', [link]), part('c')])).toStrictEqual([
			part('a', [link]),
			...last.slice(1),
		]);
	});

	test('do not count where a part of the last event has its own', () => {
		const last = [part('a', [link]), part('b')];
		expect(merged(last, [part('a'), part('b', [link])])).toStrictEqual(last);
	});
});

describe('What deltas said of no item', () => {
	test.each<[string, JsonObject, JsonObject]>([
		['text', message('a'), message('bab')],
		['summary', thought('a'), thought('bab')],
		['arguments', functionCall('f', '{}'), functionCall('f', '{}', 'call_2')],
	])('is told by the last event, if it has that %s in an item of that kind', (_what, item, one) => {
		expect(isTold(item, [search('a'), one])).toBe(true);
	});

	test.each<[string, JsonObject, JsonObject]>([
		['text', message('a'), message('b')],
		['summary', thought('a'), thought('b')],
		['arguments', functionCall('f', '{"a":1}'), functionCall('f', '{"b":1}')],
		['kind', message('a'), reasoning('a')],
	])('is not told by an item with another %s', (_what, item, one) => {
		expect(isTold(item, [one])).toBe(false);
	});
});
