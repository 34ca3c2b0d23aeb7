/** What is sent of a schema is what every server understands. */
import { plainSchema } from '../../../../../nodes/shared/client/structured/plainSchema';
import { MAX_LEVELS } from '../../../../../nodes/shared/client/structured/shape';

const object = (properties: object, required: string[], more: object = {}) => ({
	type: 'object',
	properties,
	required,
	...more,
});

const closed = (properties: object) =>
	object(properties, Object.keys(properties), { additionalProperties: false });

const text = { type: 'string' };

describe('A schema is sent', () => {
	test('with each property required, null where it may be left out, and no others', () => {
		const { schema, isStrict } = plainSchema(object({ city: text, date: text }, ['city']));
		expect(schema).toEqual(closed({ city: text, date: { anyOf: [text, { type: 'null' }] } }));
		expect(isStrict).toBe(true);
	});

	test('so at every depth: in lists, in definitions, and in unions', () => {
		const inner = object({ price: { type: 'number' } }, []);
		const { schema } = plainSchema({
			...object({ rows: { type: 'array', items: inner }, one: { $ref: '#/definitions/One' } }, [
				'rows',
				'one',
			]),
			definitions: { One: { anyOf: [inner, text] } },
		});
		const sent = closed({ price: { anyOf: [{ type: 'number' }, { type: 'null' }] } });
		expect(schema).toEqual({
			...closed({ rows: { type: 'array', items: sent }, one: { $ref: '#/$defs/One' } }),
			$defs: { One: { anyOf: [sent, text] } },
		});
	});

	test('with limits in words, as servers break them without a word', () => {
		const { schema } = plainSchema(
			object(
				{
					code: { ...text, description: 'The code', pattern: '^[A-Z]+$', minLength: 3 },
					tags: { type: 'array', items: text, uniqueItems: true, minItems: 1 },
					size: { type: 'integer', enum: [1, 2] },
				},
				['code', 'tags', 'size'],
			),
		);
		expect(schema.properties).toEqual({
			code: { ...text, description: 'The code (pattern: ^[A-Z]+$; minLength: 3)' },
			tags: { type: 'array', items: text, minItems: 1, description: '(uniqueItems: true)' },
			size: { type: 'integer', description: '(one of 1, 2)' },
		});
	});

	test('with allowed values, but not with those that JSON escapes', () => {
		const { schema } = plainSchema(
			object({ a: { ...text, enum: ['low', 'high'] }, b: { enum: ['a"b'] } }, ['a', 'b']),
		);
		expect(schema.properties).toEqual({
			a: { ...text, enum: ['low', 'high'] },
			b: { ...text, description: '(one of "a\\"b")' },
		});
	});

	test('under a key, where the root is no object', () => {
		const plain = plainSchema({ type: 'array', items: text });
		expect(plain.isWrapped).toBe(true);
		expect(plain.schema).toEqual(closed({ value: { type: 'array', items: text } }));
	});

	test('as one that refers to itself', () => {
		const node = object({ children: { type: 'array', items: { $ref: '#/$defs/Node' } } }, []);
		const { schema, isStrict } = plainSchema({ $ref: '#/$defs/Node', $defs: { Node: node } });
		const children = { type: 'array', items: { $ref: '#/$defs/Node' } };
		const sent = closed({ children: { anyOf: [children, { type: 'null' }] } });
		expect(schema).toEqual({ ...sent, $defs: { Node: sent } });
		expect(isStrict).toBe(true);
	});

	test.each([
		['allows any keys', { type: 'object' }],
		['allows more keys than it names', object({ a: text }, ['a'], { additionalProperties: true })],
		['names keys by a pattern', object({ a: text }, [], { patternProperties: { '^x': text } })],
		['has a condition', object({ a: text }, [], { if: {}, then: { properties: { b: text } } })],
		['wants a key of which it says nothing', object({ a: text }, ['a', 'b'])],
		['says nothing of the items of a list', object({ a: { type: 'array' } }, ['a'])],
	])('not as strict, where it %s', (_what, schema) => {
		const plain = plainSchema(schema as never);
		expect(plain.isStrict).toBe(false);
		const { required = [], properties = {} } = schema as never as Record<string, object>;
		const isClosed = 'additionalProperties' in plain.schema;
		expect(isClosed).toBe('a' in properties && !('b' in required) && isClosed);
	});

	test('of allOf, as the object that its parts make together', () => {
		const { schema, isStrict } = plainSchema({
			allOf: [object({ a: text }, ['a']), object({ b: text }, ['b'])],
		});
		expect(schema).toEqual(closed({ a: text, b: text }));
		expect(isStrict).toBe(true);
	});
});

/** What is sent of a property. */
const sentOf = (property: object, more: object = {}) => {
	const { schema, isStrict } = plainSchema({ ...object({ a: property }, ['a']), ...more });
	return { sent: (schema.properties as { a: unknown }).a, isStrict, $defs: schema.$defs };
};

test('Any object is asked for as such, where nobody gave a schema', () => {
	expect(plainSchema(undefined)).toEqual({
		schema: { type: 'object' },
		isStrict: false,
		isWrapped: false,
	});
});

describe('In words stands', () => {
	test.each([
		['format', 'date'],
		['pattern', '^a$'],
		['minLength', 1],
		['maxLength', 2],
		['minimum', 1],
		['maximum', 2],
		['exclusiveMinimum', 1],
		['exclusiveMaximum', 2],
		['multipleOf', 3],
		['maxItems', 4],
		['uniqueItems', true],
		['minProperties', 1],
		['maxProperties', 5],
		['default', 'Oslo'],
	])('%s', (keyword, value) => {
		const { sent } = sentOf({ ...text, [keyword]: value });
		expect(sent).toEqual({ ...text, description: `(${keyword}: ${value})` });
	});

	test('a default of any kind, as JSON', () => {
		const city = { type: 'object', properties: {}, additionalProperties: false };
		expect(sentOf({ ...city, default: { city: 'Oslo' } }).sent).toMatchObject({
			description: '(default: {"city":"Oslo"})',
		});
		expect(sentOf({ ...text, default: null }).sent).toMatchObject({
			description: '(default: null)',
		});
	});

	test('what is said of a value that may be anything', () => {
		expect(sentOf({ description: 'What you like' })).toMatchObject({
			sent: { description: 'What you like' },
			isStrict: false,
		});
	});

	test('what may be left out, beside the choice and not in it', () => {
		const { schema } = plainSchema(object({ a: { ...text, description: 'A city' }, b: text }, []));
		expect(schema.properties).toStrictEqual({
			a: { anyOf: [text, { type: 'null' }], description: 'A city' },
			b: { anyOf: [text, { type: 'null' }] },
		});
	});
});

describe('Allowed values are sent', () => {
	test.each([
		['a text', { const: 'a' }, { ...text, enum: ['a'] }],
		['texts', { enum: ['a', 'b'] }, { ...text, enum: ['a', 'b'] }],
		['a number, in words', { const: 1 }, { type: 'number', description: '(one of 1)' }],
		['numbers, in words', { enum: [1, 2] }, { type: 'number', description: '(one of 1, 2)' }],
		[
			'texts of which one is escaped in JSON, in words',
			{ enum: ['a', 'a\nb'] },
			{ ...text, description: '(one of "a", "a\\nb")' },
		],
		[
			'what is not of the type, in words',
			{ type: 'integer', enum: ['a'] },
			{ type: 'integer', description: '(one of "a")' },
		],
		[
			'of several types, each with its own',
			{ type: ['string', 'boolean'], enum: ['a', true], description: 'A choice', default: 'a' },
			{
				anyOf: [
					{ ...text, enum: ['a'], description: '(default: a)' },
					{ type: 'boolean', description: '(one of true; default: a)' },
				],
				description: 'A choice',
			},
		],
	])('%s', (_what, schema, sent) => {
		expect(sentOf(schema).sent).toStrictEqual(sent);
	});
});

describe('A list is sent', () => {
	const items = { type: 'array', items: text };

	test.each([
		['with the least number of entries', { ...items, minItems: 2 }, { ...items, minItems: 2 }],
		['without one that says nothing', { ...items, minItems: 0 }, items],
		[
			'without one, where any entries are allowed',
			{ type: 'array', minItems: 2 },
			{ type: 'array', items: {} },
		],
		[
			'as one of entries of each kind, where each place has its own',
			{ type: 'array', prefixItems: [text, { type: 'number' }, text] },
			{ type: 'array', items: { anyOf: [text, { type: 'number' }] } },
		],
	])('%s', (_how, schema, sent) => {
		expect(sentOf(schema).sent).toStrictEqual(sent);
	});
});

describe('An object that may have other keys is sent', () => {
	test.each([
		['as any object', { type: 'object' }, { type: 'object' }],
		['as any object', { type: 'object', additionalProperties: true }, { type: 'object' }],
		[
			'with what its values are',
			{ type: 'object', additionalProperties: { type: 'number' } },
			{ type: 'object', additionalProperties: { type: 'number' } },
		],
		[
			'with the keys that it names, all of them required',
			object({ a: text }, ['a'], { additionalProperties: true }),
			object({ a: text }, ['a']),
		],
		[
			'so too, where the other values are of a kind',
			object({ a: text }, ['a'], { additionalProperties: { type: 'number' } }),
			object({ a: text }, ['a']),
		],
		[
			'as any object, where JSON escapes a key',
			object({ a: text, 'b"c': text }, ['a']),
			{ type: 'object' },
		],
	])('%s', (_how, schema, sent) => {
		expect(sentOf(schema)).toStrictEqual({ sent, isStrict: false, $defs: undefined });
	});
});

test('Alternatives that are sent alike are one', () => {
	expect(sentOf({ anyOf: [{ ...text }, { ...text }] }).sent).toStrictEqual(text);
});

describe('A reference is sent', () => {
	const number = { type: 'number' };

	test.each([
		['#/$defs/City', { $defs: { City: text } }, 'City'],
		['#/definitions/My.City', { definitions: { 'My.City': text } }, 'My_City'],
		['#/components/schemas/City', { components: { schemas: { City: text } } }, 'City'],
		['#/$defs/', { $defs: { '': text } }, '_'],
	])('%s with a name that every server takes', (ref, more, name) => {
		expect(sentOf({ $ref: ref, description: 'Not beside it' }, more)).toEqual({
			sent: { $ref: `#/$defs/${name}` },
			isStrict: true,
			$defs: { [name]: text },
		});
	});

	test('by names that differ, where the same name stands in several places', () => {
		const places = ['#/$defs/City', '#/definitions/City', '#/components/City'];
		const refs = Object.fromEntries(places.map(($ref) => [$ref, { $ref }]));
		const { schema } = plainSchema({
			...object(refs, places),
			$defs: { City: text },
			definitions: { City: number },
			components: { City: { type: 'boolean' } },
		});
		const sent = Object.values(schema.properties as Record<string, { $ref: string }>);
		const names = sent.map(({ $ref }) => $ref.slice('#/$defs/'.length));
		expect(names).toEqual(names.map(() => expect.stringMatching(/^[\w-]+$/)));
		const defs = schema.$defs as Record<string, object>;
		expect(names.map((name) => defs[name])).toEqual([text, number, { type: 'boolean' }]);
	});

	test('as anything, where it leads out of the schema', () => {
		expect(sentOf({ $ref: 'https://example.com/city.json' })).toEqual({
			sent: {},
			isStrict: false,
			$defs: undefined,
		});
	});
});

describe('Below many levels anything may be', () => {
	const leaf = { ...text, description: 'the innermost' };

	test.each<[string, (inner: object) => object]>([
		['objects', (inner) => object({ a: inner }, ['a'])],
		['objects of any keys', (inner) => ({ type: 'object', additionalProperties: inner })],
		['lists', (inner) => ({ type: 'array', items: inner })],
		['alternatives', (inner) => ({ anyOf: [inner, { type: 'null' }] })],
	])('of %s', (_what, around) => {
		const nested = (levels: number): object => (levels > 0 ? around(nested(levels - 1)) : leaf);
		const sent = (levels: number) => JSON.stringify(plainSchema(nested(levels) as never).schema);
		expect(sent(MAX_LEVELS)).toContain(leaf.description);
		expect(sent(MAX_LEVELS + 1)).not.toContain(leaf.description);
	});

	test('of definitions', () => {
		const chain = (levels: number) => {
			const $defs = Object.fromEntries(
				Array.from({ length: levels }, (_, index) => [
					`D${index}`,
					index + 1 < levels ? { $ref: `#/$defs/D${index + 1}` } : leaf,
				]),
			);
			return { ...object({ a: { $ref: '#/$defs/D0' } }, ['a']), $defs };
		};
		expect(JSON.stringify(plainSchema(chain(MAX_LEVELS - 1)).schema)).toContain(leaf.description);
		expect(JSON.stringify(plainSchema(chain(2 * MAX_LEVELS)).schema)).not.toContain(
			leaf.description,
		);
	});
});
