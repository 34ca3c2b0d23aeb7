/** The check says what does not fit, in words for the model and for the user. */
import { Ajv2020 } from 'ajv/dist/2020';

import { checkOf } from '../../../../../nodes/shared/client/structured/check';

const problemsOf = (value: unknown, schema: object) => checkOf(schema as never)(value);

const of = (property: object | boolean) => ({ type: 'object', properties: { a: property } });

test.each([
	[{ a: '12,50' }, { type: 'number' }, `'a' must be a number, not the text "12,50"`],
	[{ a: 1.5 }, { type: 'integer' }, `'a' must be a whole number, not 1.5`],
	[{ a: [] }, { type: ['string', 'null'] }, `'a' must be text or null, not a list`],
	[{ a: 'x' }, { enum: ['low', 'high'] }, `'a' must be one of "low", "high", not the text "x"`],
	[{ a: 2 }, { const: 1 }, `'a' must be 1, not 2`],
	[
		{ a: '30.02.2026' },
		{ type: 'string', format: 'date' },
		`'a' must be a date, not the text "30.02.2026"`,
	],
	[{ a: '2026-02-30' }, { format: 'date' }, `'a' must be a date, not the text "2026-02-30"`],
	[{ a: 'x' }, { pattern: '^\\d+$' }, `'a' must match the pattern ^\\d+$, not the text "x"`],
	[{ a: 3 }, { minimum: 5 }, `'a' must be >= 5`],
	[{ a: 'ab' }, { minLength: 3 }, `'a' must NOT have fewer than 3 characters`],
	[{ a: [{ x: 1 }, { x: 1 }] }, { uniqueItems: true }, `'a' must not have the same entry twice`],
	[
		{ a: { b: [{}] } },
		{ properties: { b: { items: { required: ['c'] } } } },
		`'a.b[0].c' is missing`,
	],
	[{ a: { z: 1 } }, { additionalProperties: false }, `'a.z' is not in the schema`],
	[{ a: 1 }, false, `'a' must not be there`],
	[{ a: 'Paris' }, { not: { const: 'Paris' } }, `'a' must not fit {"const":"Paris"}`],
	[
		{ a: ['milk', 'wine'] },
		{ contains: { const: 'tea' } },
		`'a' must have 1 or more entries that fit {"const":"tea"}`,
	],
	[
		{ a: ['tea'] },
		{ contains: { const: 'tea' }, minContains: 2, maxContains: 3 },
		`'a' must have 2 to 3 entries that fit {"const":"tea"}`,
	],
	[
		{ a: { x: 1 } },
		{ propertyNames: { pattern: '^y' } },
		`The key 'x' must match the pattern ^y, not the text "x"`,
	],
])('%j: %s', (value, property, problem) => {
	expect(problemsOf(value, of(property))).toEqual([problem]);
});

describe('Of alternatives', () => {
	const point = { type: 'object', required: ['x', 'y'] };
	const none = { type: 'null' };

	test.each([
		[
			'of other types, the types are named',
			'x',
			[{ type: ['integer', 'boolean'] }, none],
			[`'a' must be a whole number or true or false or null, not the text "x"`],
		],
		['the one of its type is meant', { x: 1 }, [point, none], [`'a.y' is missing`]],
		['so are its places, all of them', {}, [point, none], [`'a.x' is missing`, `'a.y' is missing`]],
		[
			'several may be meant',
			4,
			[{ minimum: 5 }, { maximum: 3 }, none],
			[`'a' must be >= 5, or 'a' must be <= 3`],
		],
		[
			'one may be among others',
			[1],
			[none, { items: { anyOf: [{ type: 'string' }, none] } }],
			[`'a[0]' must be text or null, not 1`],
		],
		[
			'one may only be referred to',
			{ x: 1 },
			[{ $ref: '#/$defs/point' }, none],
			[`'a.y' is missing`],
		],
	])('%s', (_what, value, anyOf, problems) => {
		for (const union of [{ anyOf }, { oneOf: anyOf }]) {
			expect(problemsOf({ a: value }, { ...of(union), $defs: { point } })).toEqual(problems);
		}
	});

	test('each entry of a list has its own', () => {
		const list = { items: { anyOf: [point, none] } };
		expect(problemsOf({ a: [{ x: 1 }, null, {}] }, of(list))).toEqual([
			`'a[0].y' is missing`,
			`'a[2].x' is missing`,
			`'a[2].y' is missing`,
		]);
	});

	test('two may fit, where one must', () => {
		const oneOf = [{ type: 'integer' }, { type: 'number' }, none];
		expect(problemsOf({ a: 1 }, of({ oneOf }))).toEqual([
			`'a' must fit one of the schemas in oneOf, and no other of them`,
		]);
	});

	test('what does not fit is never without words', () => {
		const schemas = [
			of({ anyOf: [{ $ref: '#/$defs/list' }, none] }),
			of({ anyOf: [false, none] }),
			of({ anyOf: [{ if: true, then: false }, none] }),
			of({ oneOf: [{ allOf: [{ $ref: '#/$defs/list' }] }, { not: {} }] }),
			of({ contains: { anyOf: [none] } }),
		];
		for (const schema of schemas) {
			for (const value of [1, 'x', { x: 1 }, ['x']]) {
				const list = { type: 'array', items: none };
				const given = { ...schema, $defs: { list } };
				const isOf = new Ajv2020({ strict: false }).validate(given, { a: value });
				expect(problemsOf({ a: value }, given).length === 0).toBe(isOf);
			}
		}
	});
});

test('All that does not fit is told at once, but no more than anybody reads', () => {
	const schema = { type: 'array', items: { type: 'number' } };
	expect(problemsOf(['a', 1, 'b'], schema)).toEqual([
		`'[0]' must be a number, not the text "a"`,
		`'[2]' must be a number, not the text "b"`,
	]);
	const many = problemsOf(
		Array.from({ length: 50 }, () => 'x'),
		schema,
	);
	expect(many).toHaveLength(11);
	expect(many[10]).toBe('and 40 more');
});

test.each([
	['draft 7', { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }],
	[
		'2019-09',
		{ $schema: 'https://json-schema.org/draft/2019-09/schema', items: [{ type: 'string' }] },
	],
	[
		'2020-12',
		{ $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] },
	],
	['no draft, but a list for items', { items: [{ type: 'string' }] }],
	['no draft, and prefixItems', { prefixItems: [{ type: 'string' }] }],
])('A schema of %s is understood', (_draft, schema) => {
	expect(problemsOf([1], schema)).toEqual([`'[0]' must be text, not 1`]);
});

test('A pattern that is none with the flag u is one all the same', () => {
	expect(problemsOf({ a: 'x-y' }, of({ pattern: '^x\\-y$' }))).toEqual([]);
});

test.each([
	['a type that does not exist', { type: 'objekt' }, /^cannot be used: /],
	[
		'a reference to another document',
		{ $ref: 'https://example.com/x.json' },
		/^cannot be used: can't resolve/,
	],
	['a pattern that is none', { pattern: '(' }, /^cannot be used: Invalid regular expression/],
	['too much', { description: 'x'.repeat(300_000) }, /^has more than 262,144 characters/],
])('A schema with %s is refused', (_what, schema, words) => {
	expect(() => checkOf(schema as never)).toThrow(words);
});
