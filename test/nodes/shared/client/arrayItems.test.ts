import { withArrayItems } from '../../../../nodes/shared/client/arrayItems';

const ARRAY = { type: 'array' };
const WITH_ITEMS = { type: 'array', items: {} };

test.each<[string, object, object]>([
	['itself', ARRAY, WITH_ITEMS],
	['in a list of types', { type: ['array', 'null'] }, { type: ['array', 'null'], items: {} }],
	['in a property', { properties: { a: ARRAY } }, { properties: { a: WITH_ITEMS } }],
	['in an array', { type: 'array', items: ARRAY }, { type: 'array', items: WITH_ITEMS }],
	[
		'deep down',
		{ properties: { a: { items: { properties: { b: { anyOf: [ARRAY, { type: 'null' }] } } } } } },
		{
			properties: {
				a: { items: { properties: { b: { anyOf: [WITH_ITEMS, { type: 'null' }] } } } },
			},
		},
	],
	['in definitions', { $defs: { A: ARRAY } }, { $defs: { A: WITH_ITEMS } }],
	[
		'in additional properties',
		{ additionalProperties: ARRAY },
		{ additionalProperties: WITH_ITEMS },
	],
	[
		'whose first entries are described',
		{ type: 'array', prefixItems: [ARRAY] },
		{ type: 'array', prefixItems: [WITH_ITEMS], items: {} },
	],
	[
		'in a property that is called like a keyword',
		{ properties: { items: ARRAY } },
		{ properties: { items: WITH_ITEMS } },
	],
])('An array %s gets items', (_, schema, expected) => {
	expect(withArrayItems(schema as never)).toEqual(expected);
});

test.each<[string, object]>([
	['items', { type: 'array', items: { type: 'string' } }],
	['items of which none may be', { type: 'array', items: false }],
	['a list of items, as in old drafts', { type: 'array', items: [{ type: 'string' }] }],
	['no array', { type: 'object', properties: { type: { type: 'string' } } }],
	[
		'data that looks like a schema',
		{ enum: [ARRAY], const: ARRAY, default: ARRAY, examples: [ARRAY] },
	],
	['a property that is called type', { properties: { type: { const: 'array' } } }],
])('A schema with %s stays', (_, schema) => {
	expect(withArrayItems(schema as never)).toEqual(schema);
});

test('A schema that refers to itself in memory does not end the run', () => {
	const schema: Record<string, unknown> = { type: 'object' };
	schema.properties = { child: schema };
	expect(withArrayItems(schema)).toHaveProperty('properties.child.properties.child');
});
