import {
	beginningOfJson,
	isObject,
	parseJson,
	readJson,
	withoutEmpty,
} from '../../../../nodes/shared/client/json';
import { MAX_DEPTH } from '../../../../nodes/shared/client/limits';

describe('parseJson', () => {
	test.each([
		['{"a":1}', { a: 1 }],
		['[]', []],
		['null', null],
		['"text"', 'text'],
		['0', 0],
	])('reads %s', (text, expected) => {
		expect(parseJson(text)).toEqual(expected);
	});

	test.each(['', '   ', 'text', '{"cut": "of', '<html></html>', 'undefined'])(
		'gives undefined for what is not JSON: %j',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);

	test('does not change the prototype of anything', () => {
		parseJson('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});

describe('readJson', () => {
	test('counts the lists and objects of what it reads, and of what it cannot read', () => {
		expect(readJson('[{"a":[]}]')).toEqual({ value: [{ a: [] }], objects: 3 });
		expect(readJson('[{"a":')).toEqual({ objects: 2 });
	});

	test('says of what there is too much, and does not read it', () => {
		const deep = '['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1);
		expect(readJson(deep)).toEqual({
			excess: 'is nested deeper than 200 levels',
			objects: MAX_DEPTH + 1,
		});
		expect(parseJson(deep)).toBeUndefined();
	});
});

describe('isObject', () => {
	test.each([
		[{}, true],
		[Object.create(null), true],
		[[], false],
		[null, false],
		[undefined, false],
		['text', false],
		[1, false],
	])('%p: %s', (value, expected) => {
		expect(isObject(value)).toBe(expected);
	});
});

describe('withoutEmpty', () => {
	test('drops null, undefined and empty ids, and keeps all else', () => {
		const value = {
			id: '',
			call_id: '',
			tool_call_id: '',
			phase: null,
			name: undefined,
			output: '',
			valid: '',
			count: 0,
			flag: false,
			list: [],
		};
		expect(withoutEmpty(value)).toStrictEqual({
			output: '',
			valid: '',
			count: 0,
			flag: false,
			list: [],
		});
	});

	test('keeps ids that are there', () => {
		expect(withoutEmpty({ id: 'rs_1', call_id: 'call_1' })).toEqual({
			id: 'rs_1',
			call_id: 'call_1',
		});
	});

	test('gives no other prototype to an object with the key __proto__', () => {
		const cleaned = withoutEmpty(parseJson('{"__proto__":{"evil":1}}') as { evil?: number });
		expect(cleaned.evil).toBeUndefined();
		expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
	});
});

describe('beginningOfJson', () => {
	test.each([
		['a text', 'Hi "you"'],
		['a number', 7],
		['null', null],
		['lists', [1, [], ['a', [true]]]],
		['objects', { a: 1, 'b "c"': { d: [], e: {} } }],
	])('is the whole JSON of what is short: %s', (_what, value) => {
		expect(beginningOfJson(value, 1_000)).toBe(JSON.stringify(value));
	});

	test('leaves out what JSON has no word for, as JSON itself does', () => {
		const value = { a: undefined, b: [undefined, () => 1], c: NaN };
		expect(beginningOfJson(value, 1_000)).toBe('{"b":[null,null],"c":null}');
		expect(beginningOfJson(undefined, 1_000)).toBe('null');
	});

	test.each([
		['a list', Array.from({ length: 1_000 }, (_, index) => index)],
		['an object', Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [index, index]))],
		['lists in lists', Array.from({ length: 100 }, () => [1, 2, 3])],
		['a text', 'x'.repeat(1_000)],
	])('begins as the whole does, and is not written to its end: %s', (_what, value) => {
		const limit = 100;
		const beginning = beginningOfJson(value, limit);
		expect(beginning.slice(0, limit)).toBe(JSON.stringify(value).slice(0, limit));
		expect(beginning.length).toBeLessThan(limit + 10);
	});

	test('may be as long as its limit', () => {
		expect(beginningOfJson([1, 2], 5)).toBe('[1,2]');
		expect(beginningOfJson([1, 2], 4)).toBe('[1,2]');
		expect(beginningOfJson([1, 2, 3], 3)).toBe('[1,2');
	});

	test('cuts a text at its limit', () => {
		expect(beginningOfJson('abcdef', 4)).toBe('"abcd"');
	});
});
