/** What is sent of a schema is what every server understands; a value of it comes back as one of the schema. */
import { checkOf } from '../../../../../nodes/shared/client/structured/check';
import { mapBack } from '../../../../../nodes/shared/client/structured/mapBack';
import { plainSchema } from '../../../../../nodes/shared/client/structured/plainSchema';

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

describe('A value comes back', () => {
	const back = (value: unknown, schema: object) => {
		const dropped: string[] = [];
		const mapped = mapBack(value, schema as never, {
			root: schema as never,
			fits: (one, branch) => checkOf({ ...schema, ...branch } as never)(one).length === 0,
			dropped: (key) => dropped.push(key),
		});
		return { mapped, dropped };
	};

	test('without the nulls that stand for what was left out, but with those that mean null', () => {
		const schema = object({ a: text, b: { type: ['string', 'null'] }, c: text }, ['a']);
		const value = { a: 'x', b: null, c: null };
		expect(back(value, schema).mapped).toEqual({ a: 'x', b: null });
	});

	test('without keys that nobody asked for, and says which', () => {
		const schema = object({ rows: { type: 'array', items: object({ a: text }, ['a']) } }, []);
		const { mapped, dropped } = back({ rows: [{ a: 'x', more: 1 }], extra: 2 }, schema);
		expect(mapped).toEqual({ rows: [{ a: 'x' }] });
		expect(dropped).toEqual(['more', 'extra']);
	});

	test('with keys that the schema allows without naming them', () => {
		const schema = object({ a: text }, [], { additionalProperties: { type: 'number' } });
		expect(back({ a: null, other: 1 }, schema).mapped).toEqual({ other: 1 });
	});

	test('as the branch of a union that it fits', () => {
		const schema = {
			anyOf: [object({ a: text }, ['a']), object({ b: text, c: text }, ['b'])],
		};
		expect(back({ b: 'x', c: null, d: 1 }, schema)).toEqual({
			mapped: { b: 'x' },
			dropped: ['d'],
		});
	});

	test('as it is, below unions in unions in unions', () => {
		const Node = object({ next: { anyOf: [{ $ref: '#/$defs/Node' }, text] } }, []);
		const schema = { ...Node, $defs: { Node } };
		const nested = (depth: number): object => (depth ? { next: nested(depth - 1) } : { more: 1 });
		expect(back(nested(3), schema)).toEqual({
			mapped: { next: { next: { next: {} } } },
			dropped: ['more'],
		});
		expect(back(nested(5), schema).mapped).toEqual(nested(5));
	});
});
