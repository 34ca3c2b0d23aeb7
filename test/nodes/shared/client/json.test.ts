import { isObject, parseJson, withoutEmpty } from '../../../../nodes/shared/client/json';

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
