/** Whether a value fits a schema, of whichever draft. */
import { checkOf, unknownFormats } from '../../../../../nodes/shared/client/structured/check';

const problemsOf = (value: unknown, schema: object) => checkOf(schema as never)(value);

const of = (property: object | boolean) => ({ type: 'object', properties: { a: property } });

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
	[
		'another draft, by an address that nobody knows',
		{ $schema: 'https://example.com/draft', prefixItems: [{ type: 'string' }] },
	],
	['no draft, as that is no text', { $schema: 5, prefixItems: [{ type: 'string' }] }],
	['a name of its own that is no address', { $id: '#city', items: { type: 'string' } }],
	['a name of its own, as in draft 4', { id: 'x', items: { type: 'string' } }],
	['no draft, but a list for items', { items: [{ type: 'string' }] }],
	['no draft, and prefixItems', { prefixItems: [{ type: 'string' }] }],
])('A schema of %s is understood', (_draft, schema) => {
	expect(problemsOf([1], schema)).toEqual([`'[0]' must be text, not 1`]);
});

test('A pattern that is none with the flag u is one all the same', () => {
	expect(problemsOf({ a: 'x-y' }, of({ pattern: '^x\\-y$' }))).toEqual([]);
});

/** Made without recursion. */
function nested(levels: number): object {
	let schema: object = {};
	for (let level = 0; level < levels; level++) schema = { not: schema };
	return schema;
}

test.each([
	['a type that does not exist', { type: 'objekt' }, /^cannot be used: /],
	[
		'a reference to another document',
		{ $ref: 'https://example.com/x.json' },
		/^cannot be used: can't resolve/,
	],
	['a pattern that is none', { pattern: '(' }, /^cannot be used: Invalid regular expression/],
	['too many levels', nested(50_000), /^is nested too deep$/],
	['too much', { description: 'x'.repeat(300_000) }, /^has more than 262,144 characters/],
])('A schema with %s is refused', (_what, schema, words) => {
	expect(() => checkOf(schema as never)).toThrow(words);
});

test.each([
	[
		[
			{ x: 1, y: 2 },
			{ y: 2, x: 1 },
		],
		false,
	],
	[[[{ x: 1, y: 2, z: [] }], [{ z: [], y: 2, x: 1 }]], false],
	[
		[
			{ x: 1, y: 2 },
			{ x: 2, y: 1 },
		],
		true,
	],
	[[1, '1', true, null, [1]], true],
	[
		[
			[1, 2],
			[2, 1],
		],
		true,
	],
	[['x', 'x'], false],
])(
	'Entries are compared by what they say, in whatever order they say it: %j',
	(value, isUnique) => {
		expect(problemsOf(value, { uniqueItems: true })).toHaveLength(isUnique ? 0 : 1);
		expect(problemsOf(value, { uniqueItems: false })).toEqual([]);
	},
);

describe('Formats that nobody checks', () => {
	test.each([
		['are named', { format: 'iban' }, ['iban']],
		[
			'are named wherever they stand',
			of({ items: [{ format: 'iban' }, { format: 'isbn' }] }),
			['iban', 'isbn'],
		],
		['are named once', { anyOf: [{ format: 'iban' }, { format: 'iban' }] }, ['iban']],
		['are no known ones', of({ anyOf: [{ format: 'date' }, { format: 'email' }] }), []],
		['are no properties of that name', of({ properties: { format: { type: 'string' } } }), []],
		['are not in a schema that names none', true, []],
	])('%s', (_what, schema, formats) => {
		expect(unknownFormats(schema)).toEqual(formats);
	});

	test('are not checked', () => {
		expect(problemsOf('x', { format: 'iban' })).toEqual([]);
	});
});

test('The check of a schema is made once, as a thousand items have the same, and the last hundred are kept', () => {
	const check = (index: number) => checkOf({ const: `a schema of its own: ${index}` });
	const [first, second] = Array.from({ length: 100 }, (_, index) => check(index));
	// asked for once more, it is the newest
	expect(check(0)).toBe(first);
	check(100);
	expect(check(0)).toBe(first);
	expect(check(1)).not.toBe(second);
}, 20_000);

test.each([
	['http://json-schema.org/draft-07/schema#', { unevaluatedProperties: false }],
	['http://json-schema.org/draft-07/schema#', { dependentRequired: { a: ['b'] } }],
	[
		'https://json-schema.org/draft/2019-09/schema',
		{ properties: { a: { prefixItems: [{}, false] } } },
	],
])('A keyword that is newer than the draft %s says nothing: %j', ($schema, schema) => {
	const value = { a: [1, 2] };
	expect(problemsOf(value, { ...schema, $schema })).toEqual([]);
	expect(problemsOf(value, schema)).toHaveLength(1);
});

test('A pattern may name kinds of letters', () => {
	const schema = of({ pattern: '^\\p{Lu}\\p{L}+$' });
	expect(problemsOf({ a: 'Ærø' }, schema)).toEqual([]);
	expect(problemsOf({ a: 'p{Lu}p{L}' }, schema)).toHaveLength(1);
});

test('The same entry twice is said to be that', () => {
	expect(problemsOf({ a: [1, 1] }, of({ uniqueItems: true }))).toEqual([
		`'a' must not have the same entry twice`,
	]);
});

test('Of a long value only the first problem is told, as all of them would take too long to find', () => {
	const schema = { items: { type: 'number' } };
	const first = (text: string) => `'[0]' must be a number, not the text "${text}…`;
	const of = (characters: number) => ['x'.repeat(characters - '["","y"]'.length), 'y'];
	const told = first('x'.repeat(59));
	const all = [told, `'[1]' must be a number, not the text "y"`];
	expect(problemsOf(of(16 * 1024), schema)).toEqual([told]);
	expect(problemsOf(of(16 * 1024 - 1), schema)).toEqual(all);
	// also after all problems of another value were told
	expect(problemsOf(of(20 * 1024), schema)).toEqual([told]);
});

test('A schema may have 262,144 characters', () => {
	const schema = (length: number) => ({
		description: 'x'.repeat(length - JSON.stringify({ description: '' }).length),
	});
	expect(problemsOf(1, schema(262_144))).toEqual([]);
	expect(() => problemsOf(1, schema(262_145))).toThrow(/^has more than 262,144 characters$/);
});
