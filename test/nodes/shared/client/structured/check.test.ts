/** Whether a value fits a schema, of whichever draft. */
import { checkOf } from '../../../../../nodes/shared/client/structured/check';

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
