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

test.each([
	...['items', 'additionalItems', 'unevaluatedItems', 'contains'],
	...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
	...['not', 'if', 'then', 'else'],
])('An array gets items where it is the schema of %s', (keyword) => {
	expect(withArrayItems({ [keyword]: ARRAY })).toEqual({ [keyword]: WITH_ITEMS });
});

test.each(['prefixItems', 'anyOf', 'oneOf', 'allOf'])(
	'An array gets items where it is one of the schemas of %s',
	(keyword) => {
		const schema = { [keyword]: [{ type: 'null' }, ARRAY] };
		expect(withArrayItems(schema)).toEqual({ [keyword]: [{ type: 'null' }, WITH_ITEMS] });
	},
);

test.each(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'])(
	'An array gets items where it is under a key of %s',
	(keyword) => {
		const schema = { [keyword]: { a: ARRAY, b: true } };
		expect(withArrayItems(schema)).toEqual({ [keyword]: { a: WITH_ITEMS, b: true } });
	},
);

test.each<[string, object]>([
	['items', { type: 'array', items: { type: 'string' } }],
	['items of which none may be', { type: 'array', items: false }],
	['a list of items, as in old drafts', { type: 'array', items: [{ type: 'string' }] }],
	['no array', { type: 'object', properties: { type: { type: 'string' } } }],
	[
		'data that looks like a schema',
		{ enum: [ARRAY], const: ARRAY, default: ARRAY, examples: [ARRAY] },
	],
	[
		'data that has something like a schema under a key',
		{ default: { a: ARRAY }, const: { a: ARRAY }, example: { properties: { a: ARRAY } } },
	],
	['properties that are no object', { properties: null, $defs: [ARRAY], definitions: 'ab' }],
	['a property that is called type', { properties: { type: { const: 'array' } } }],
])('A schema with %s stays', (_, schema) => {
	expect(withArrayItems(schema as never)).toEqual(schema);
});

test('An array gets items down to 100 levels, and stays as it came below them', () => {
	const nested = (levels: number, innermost: object) =>
		Array.from({ length: levels }).reduce<object>((inner) => ({ not: inner }), innermost);
	const at = (levels: number) => withArrayItems(nested(levels, ARRAY) as never);
	expect(at(100)).toEqual(nested(100, WITH_ITEMS));
	expect(at(101)).toEqual(nested(101, ARRAY));
});

test('A schema that refers to itself in memory does not end the run', () => {
	const schema: Record<string, unknown> = { type: 'object' };
	schema.properties = { child: schema };
	expect(withArrayItems(schema)).toHaveProperty('properties.child.properties.child');
});
