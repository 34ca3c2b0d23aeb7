import { JsonScan } from '../../../../nodes/shared/client/jsonScan';
import {
	MAX_DEPTH,
	MAX_KEYS,
	MAX_OBJECTS,
	MAX_VALUES,
} from '../../../../nodes/shared/client/limits';

/** Up to this length keys are not counted. */
const SHORT = 64 * 1024;

function scan(text: string) {
	const scanned = new JsonScan(text);
	scanned.read();
	return { excess: scanned.excess, objects: scanned.objects };
}

const TOO_DEEP = 'is nested deeper than 200 levels';
const deep = '['.repeat(MAX_DEPTH + 1);

describe('The depth of a text', () => {
	const nested = (levels: number, begin: string, end: string) =>
		begin.repeat(levels) + end.repeat(levels);

	test.each([
		['lists', '[', ']'],
		['objects', '{"a":', '}'],
		['lists in objects', '{"a":[', ']}'],
	])('may be 200 levels of %s', (_what, begin, end) => {
		const levels = MAX_DEPTH / (begin.match(/[[{]/g)?.length ?? 1);
		expect(scan(nested(levels, begin, end))).toEqual({ excess: undefined, objects: MAX_DEPTH });
		expect(scan(nested(levels + 1, begin, end)).excess).toBe(TOO_DEEP);
	});

	test.each(['[],', '{},'])('does not grow with %s beside each other', (one) => {
		const text = `[${one.repeat(MAX_DEPTH)}0]`;
		expect(scan(text)).toEqual({ excess: undefined, objects: MAX_DEPTH + 1 });
	});

	test('counts behind blanks and line breaks too', () => {
		expect(scan(` \r\n\t${deep}`).excess).toBe(TOO_DEEP);
	});

	test('is not looked for in a text that begins with neither a list nor an object', () => {
		expect(scan(`data: ${deep}`)).toEqual({ excess: undefined, objects: 0 });
	});

	test('is not looked at any further once it is too much', () => {
		expect(scan(deep + deep).objects).toBe(MAX_DEPTH + 1);
	});
});

describe('What stands in a string', () => {
	test.each([
		['brackets', `["${deep}"]`],
		['brackets behind a quote', `["\\"${deep}"]`],
		['brackets behind a backslash and a quote', `["a\\\\\\"${deep}"]`],
		['brackets in a key', `{"${deep}":1}`],
		['brackets in a string that does not end', `["${deep}`],
		['brackets in a string that ends with a backslash', `["${deep}\\`],
	])('does not count: %s', (_what, text) => {
		expect(scan(text)).toEqual({ excess: undefined, objects: 1 });
	});

	test.each([
		['nothing', '[""'],
		['one character', '["a"'],
		['two characters', '["ab"'],
		['a backslash', '["\\\\"'],
		['a quote', '["\\""'],
		['a backslash and a quote', '["\\\\\\""'],
	])('ends with its quote, and what follows counts: %s', (_what, begin) => {
		expect(scan(begin + deep).excess).toBe(TOO_DEEP);
	});

	test('that does not end is read once', () => {
		expect(scan('[["cut')).toEqual({ excess: undefined, objects: 2 });
	});
});

describe('The number of', () => {
	test('objects and lists has a limit', () => {
		const most = `[${'[]{}'.repeat((MAX_OBJECTS - 2) / 2)}[]`;
		expect(scan(most)).toEqual({ excess: undefined, objects: MAX_OBJECTS });
		expect(scan(`${most}{}`).excess).toBe('has more than 250,000 objects and lists');
	});

	test('values has a limit', () => {
		const most = `[${'0,'.repeat(MAX_VALUES)}`;
		expect(scan(most).excess).toBeUndefined();
		expect(scan(`${most}0,`).excess).toBe('has more than 1,000,000 values');
	});
});

describe('The number of different keys', () => {
	const TOO_MANY = 'has more than 10,000 different keys';
	const withKeys = (count: number, keyOf: (index: number) => string) => {
		const keys = Array.from({ length: count }, (_, index) => `"${keyOf(index)}":0`);
		return `[{${keys.join()}}]`;
	};
	const long = (text: string) => text.padEnd(SHORT + 1);

	test('has a limit', () => {
		expect(scan(long(withKeys(MAX_KEYS, String))).excess).toBeUndefined();
		expect(scan(long(withKeys(MAX_KEYS + 1, String))).excess).toBe(TOO_MANY);
	});

	test('counts each of them once', () => {
		const text = withKeys(2 * MAX_KEYS, (index) => String(index % MAX_KEYS));
		expect(scan(long(text)).excess).toBeUndefined();
	});

	test('counts the last of several quotes as the end of a key', () => {
		const text = withKeys(MAX_KEYS + 1, (index) => `\\"${index}`);
		expect(scan(long(text)).excess).toBe(TOO_MANY);
	});

	test('does not count strings that are values', () => {
		const values = Array.from({ length: MAX_KEYS + 1 }, (_, index) => `"value ${index}"`);
		expect(scan(`{"a":[${values.join()}]}`).excess).toBeUndefined();
	});

	test('does not count in a text of up to 64 KB', () => {
		const text = withKeys(MAX_KEYS + 1, (index) => String.fromCharCode(0x4e00 + index));
		expect(scan(text.padEnd(SHORT)).excess).toBeUndefined();
		expect(scan(text.padEnd(SHORT + 1)).excess).toBe(TOO_MANY);
	});
});
