/** The check says what does not fit, in words for the model and for the user. */
import { checkOf } from '../../../../../nodes/shared/client/structured/check';

const problemsOf = (value: unknown, schema: object) => checkOf(schema as never)(value);

const of = (property: object) => ({ type: 'object', properties: { a: property } });

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
])('%j: %s', (value, property, problem) => {
	expect(problemsOf(value, of(property))).toEqual([problem]);
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
