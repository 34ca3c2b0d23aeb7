/** What an answer says: a value that fits the schema, or why it is none. */
import type { IDataObject } from 'n8n-workflow';

import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { plainSchema } from '../../../../../nodes/shared/client/structured/plainSchema';
import {
	OutputReader,
	withoutFillers,
} from '../../../../../nodes/shared/client/structured/reading';
import type { Way } from '../../../../../nodes/shared/client/structured/wanted';
import { functionCall, message, reasoning, responseOf } from '../../../../support/responses';

const text = { type: 'string' };
const none = { type: 'null' };
const list = { type: 'array', items: text };
const object = (properties: object, required: string[], more: object = {}): JsonObject => ({
	type: 'object',
	properties,
	required,
	...more,
});

const SCHEMA = object({ city: text, amount: { type: 'number', minimum: 1 } }, ['city', 'amount']);
const VALUE = { city: 'Oslo', amount: 12.5 };
const GOOD = JSON.stringify(VALUE);

const readerOf = (schema: JsonObject | undefined, name = 'output') => {
	const plain = plainSchema(schema);
	return { reader: new OutputReader({ name, schema }, plain), sent: plain.schema };
};

interface Asked {
	schema?: JsonObject | null;
	way?: Way;
	name?: string;
}

const readItems = (
	items: IDataObject[],
	{ schema = SCHEMA, way = 'textFormat', name = 'output' }: Asked = {},
) => {
	const { reader, sent } = readerOf(schema ?? undefined, name);
	return reader.read(readResponse(responseOf(items)), way, sent);
};

const read = (said: string, asked: Asked = {}) => readItems([message(said)], asked);

const AMONG =
	'The JSON of the output stood in a fence or among other text, and was taken from there';
const unwrapped = (key: string) =>
	`The output stood under the key '${key}', and was taken from there`;
const dropped = (keys: string) =>
	`The output had keys that its schema does not have, and they were left out: ${keys}`;
const failed = (problem: string, isIgnored: boolean) => ({ problems: [problem], isIgnored });

describe('The value is taken out of', () => {
	test.each(['output', 'value', 'result', 'answer', 'data', 'response'])(
		'an object that has it under %s, as models do, and that is said',
		(key) => {
			const reading = read(`{"${key}":${GOOD}}`, { name: 'invoice' });
			expect(reading).toEqual({ value: VALUE, notes: [unwrapped(key)] });
		},
	);

	test('an object that has it under the name of the output', () => {
		const reading = read(`{"invoice":${GOOD}}`, { name: 'invoice' });
		expect(reading).toEqual({ value: VALUE, notes: [unwrapped('invoice')] });
	});

	test.each([
		['under another key', `{"invoice":${GOOD}}`],
		['beside others', `{"output":${GOOD},"more":1}`],
		['in a list', `[${GOOD}]`],
	])('nothing that has it %s: that would be a guess', (_where, said) => {
		expect(read(said)).toMatchObject({ problems: expect.any(Array) });
	});

	test('the key under which it was asked for, and of that nothing is said', () => {
		expect(read('{"value":["a","b"]}', { schema: list })).toEqual({ value: ['a', 'b'], notes: [] });
		expect(read('{"result":["a"]}', { schema: list })).toEqual({
			value: ['a'],
			notes: [unwrapped('result')],
		});
		expect(read('["a"]', { schema: list })).toEqual({ value: ['a'], notes: [] });
	});

	test('nothing that has more than that key', () => {
		const reading = read('{"value":["a"],"more":1}', { schema: list });
		expect(reading).toMatchObject({ problems: ['The whole value must be a list, not an object'] });
	});
});

describe('A value that is what the only key of the schema should hold', () => {
	test.each([
		['a list', list, '["a","b"]', ['a', 'b']],
		['an object', object({ a: text }, ['a']), '{"a":"x"}', { a: 'x' }],
		['a text', text, '"x"', 'x'],
	])('is put under it: %s', (_what, inner, said, value) => {
		const schema = object({ rows: inner }, ['rows']);
		expect(read(said, { schema })).toEqual({ value: { rows: value }, notes: [] });
	});

	test.each([
		['there are two keys', object({ rows: list, more: text }, ['rows']), '["a"]'],
		['the key may be left out', object({ rows: list }, []), '["a"]'],
		['nothing says that it is required', { type: 'object', properties: { rows: list } }, '["a"]'],
		['there may be any', { type: 'object', additionalProperties: list }, '["a"]'],
		['it is there already', object({ rows: {} }, ['rows'], { maxProperties: 0 }), '{"rows":1}'],
	])('is not, where %s', (_when, schema, said) => {
		expect(read(said, { schema: schema as JsonObject })).toMatchObject({
			problems: [expect.any(String)],
		});
	});
});

describe('An answer is read', () => {
	test('from the call of its function, whatever else is said or called', () => {
		const items = [
			message('{"city":"Rome","amount":3}'),
			functionCall('get_weather', '{"city":"Bonn","amount":4}'),
			functionCall('output', GOOD, 'call_2'),
		];
		expect(readItems(items, { way: 'functionCall' })).toEqual({ value: VALUE, notes: [] });
	});

	test('from its text, where only other functions are called', () => {
		const items = [message(GOOD), functionCall('get_weather', '{"city":"Bonn","amount":4}')];
		expect(readItems(items)).toEqual({ value: VALUE, notes: [] });
	});

	test('from text instead of a call, and that is said', () => {
		expect(read(GOOD, { way: 'functionCall' })).toEqual({
			value: VALUE,
			notes: ['The model wrote the output as text instead of calling its function'],
		});
		expect(read('Oslo', { way: 'functionCall' })).toEqual(failed('The answer holds no JSON', true));
	});

	test.each([
		['no text', []],
		['blank text', [message(' \n')]],
	])('from the thoughts, where there is %s beside, and that is said', (_what, more) => {
		expect(readItems([reasoning(GOOD), ...more])).toEqual({
			value: VALUE,
			notes: [
				"The output stood in the model's reasoning and not in its answer, and was taken from there",
			],
		});
	});

	test.each([
		['hold no JSON', 'Oslo'],
		['hold JSON that would have to be mended', '{"city":"Oslo","amount":12.5,}'],
		['hold JSON that does not fit', '{"city":"Oslo"}'],
		['were cut', '{"city":"Os'],
	])('as none, where the thoughts %s', (_what, thought) => {
		expect(readItems([reasoning(thought)])).toEqual(failed('The answer holds no JSON', true));
	});

	test('as none, where there is nothing at all', () => {
		expect(readItems([])).toEqual(failed('The answer holds no JSON', true));
	});

	test('as cut, where its JSON does not end', () => {
		expect(read('Here: {"city":"Os')).toEqual(
			failed('The JSON of the answer ends before it is whole', true),
		);
	});

	test('also by itself, as a text', () => {
		const { reader, sent } = readerOf(SCHEMA);
		expect(reader.readText(`So: ${GOOD}`, sent)).toEqual({ value: VALUE, notes: [AMONG] });
		expect(reader.readText('{"city":"Os', sent)).toEqual(
			failed('The JSON of the answer ends before it is whole', true),
		);
	});
});

describe('Of several JSON values', () => {
	test('those that differ are too many', () => {
		expect(read(`${GOOD} or {"city":"Rome","amount":3}`)).toEqual(
			failed('The answer holds 2 different JSON values, and only one was asked for', true),
		);
	});

	test('those that say the same are one', () => {
		expect(read(`${GOOD}, so ${GOOD}`)).toEqual({ value: VALUE, notes: [AMONG] });
		const more = '{"city":"Oslo","amount":12.5,"more":1}';
		// the last one is the answer: what is said is said of that
		expect(read(`${GOOD}, so ${more}`)).toEqual({ value: VALUE, notes: [AMONG, dropped('more')] });
	});

	test('one that fits counts, and no broken one', () => {
		expect(read(`${GOOD} or {"city":"Rome","amount":3,}`)).toEqual({
			value: VALUE,
			notes: [AMONG],
		});
		expect(read(`{"city":"Rome"} or ${GOOD}`)).toEqual({ value: VALUE, notes: [AMONG] });
	});

	test.each([
		['the object, before lists', '{"city":"Oslo"} [1]'],
		['the object, behind lists', '[1] {"city":"Oslo"}'],
		['the last object', '{"amount":2} {"city":"Oslo"}'],
	])('the problems are those of one: %s', (_which, said) => {
		expect(read(said)).toMatchObject(failed("'amount' is missing", true));
	});

	test('a broken one is mended where there is no other, and that is said', () => {
		expect(read('{"city":"Oslo","amount":12.5,}')).toEqual({
			value: VALUE,
			notes: ['The JSON of the output was not valid, and was mended: look at it'],
		});
	});
});

describe('That the server has bound the answer to the schema', () => {
	const problem = "'amount' must be >= 1";

	test.each([
		['may be, where it keeps to what was sent of it', '{"city":"Oslo","amount":0}', false],
		['is not so, where it does not', '{"city":"Oslo","amount":0,"more":1}', true],
		['is not so, where it has words around it', 'So: {"city":"Oslo","amount":0}', true],
		['is not so, where it is broken', '{"city":"Oslo","amount":0,}', true],
	])('%s', (_what, said, isIgnored) => {
		expect(read(said)).toMatchObject(failed(problem, isIgnored));
	});

	test('may be of a call, as of a text', () => {
		const call = (args: string) =>
			readItems([functionCall('output', args)], { way: 'functionCall' });
		expect(call('{"city":"Oslo","amount":0}')).toMatchObject(failed(problem, false));
		expect(call('So: {"city":"Oslo","amount":0}')).toMatchObject(failed(problem, true));
	});
});

describe('Any object', () => {
	test('is a value, where there is no schema', () => {
		expect(read('{"a":null}', { schema: null })).toEqual({ value: { a: null }, notes: [] });
	});

	test.each([
		['[1]', 'a list'],
		['5', 'a number'],
		['true', 'true or false'],
		['null', 'null'],
		['"x"', 'text'],
	])('is not %s', (said, what) => {
		expect(read(said, { schema: null })).toMatchObject({
			problems: [`The answer must be a JSON object, not ${what}`],
		});
	});
});

test('Keys that were left out are named, but no more than anybody reads', () => {
	const keys = Array.from({ length: 12 }, (_, index) => `key${index}`);
	const more = Object.fromEntries(keys.map((key) => [key, 1]));
	expect(read(JSON.stringify({ ...VALUE, ...more }))).toEqual({
		value: VALUE,
		notes: [dropped(keys.slice(0, 10).join(', '))],
	});
});

describe('Nulls that stand for what was left out are left out', () => {
	const inner = object({ a: text, b: text }, ['a']);
	const other = object({ b: text, c: text }, ['b']);

	test.each([
		['of an object', inner, {}],
		['of what is referred to', { $ref: '#/$defs/Inner' }, { $defs: { Inner: inner } }],
		['of one of several', { anyOf: [other, inner] }, {}],
		[
			'of one of several that are referred to',
			{ anyOf: [{ $ref: '#/$defs/Other' }, { $ref: '#/$defs/Inner' }] },
			{ $defs: { Inner: inner, Other: other } },
		],
		[
			'of one of several that are referred to as older drafts do',
			{ anyOf: [{ $ref: '#/definitions/Other' }, { $ref: '#/definitions/Inner' }] },
			{ definitions: { Inner: inner, Other: other } },
		],
	])('%s', (_where, property, more) => {
		const schema = object({ one: property }, ['one'], more);
		const expected = { one: { a: 'x' } };
		expect(read('{"one":{"a":"x","b":null}}', { schema })).toEqual({ value: expected, notes: [] });
		// the arguments of an ordinary function, too
		expect(withoutFillers({ one: { a: 'x', b: null } }, schema)).toEqual(expected);
	});

	test.each([
		['refers to all of the schema', object({ a: text, b: text, all: { $ref: '#' } }, ['a'])],
		['refers to another part', object({ a: text, b: { $ref: '#/properties/name' } }, ['a'])],
		['nobody can check', object({ a: text, b: { type: 'string', pattern: '(' } }, ['a'])],
	])('but not of one of several that %s: nobody knows whether it is meant', (_which, branch) => {
		const parameters = object({ one: { anyOf: [branch, none] }, name: text }, ['one']);
		const args = { one: { a: 'x', b: null }, name: null };
		expect(withoutFillers(args, parameters)).toEqual({ one: { a: 'x', b: null } });
	});

	test('and so are keys that a function does not have', () => {
		expect(withoutFillers({ a: 'x', more: 1 }, inner)).toEqual({ a: 'x' });
	});
});
