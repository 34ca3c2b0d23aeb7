/** A value of the plain schema comes back as one of the schema itself. */
import { checkOf } from '../../../../../nodes/shared/client/structured/check';
import { mapBack } from '../../../../../nodes/shared/client/structured/mapBack';
import { MAX_LEVELS } from '../../../../../nodes/shared/client/structured/shape';

const object = (properties: object, required: string[], more: object = {}) => ({
	type: 'object',
	properties,
	required,
	...more,
});

const text = { type: 'string' };

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
		expect(back(nested(4), schema).mapped).toEqual(nested(4));
		expect(back(nested(5), schema).mapped).toEqual(nested(5));
	});

	test('so in each of many unions side by side', () => {
		const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
		const one = { anyOf: [object({ x: text }, ['x']), { type: 'null' }] };
		const all = (inner: object) => Object.fromEntries(keys.map((key) => [key, inner]));
		const { mapped, dropped } = back(all({ x: 'x', more: 1 }), object(all(one), keys));
		expect(mapped).toEqual(all({ x: 'x' }));
		expect(dropped).toHaveLength(keys.length);
	});

	test('as the branch of a union that a value can fit at all', () => {
		const schema = { anyOf: [false, object({ a: text }, ['a'])] };
		expect(back({ a: 'x', more: 1 }, schema).mapped).toEqual({ a: 'x' });
	});

	test('by the place in a list, the last of which is for the rest', () => {
		const [a, b, c] = ['a', 'b', 'c'].map((key) => object({ [key]: text }, [key]));
		const schema = { type: 'array', prefixItems: [a, b], items: c };
		const given = { a: 'x', b: 'x', c: 'x' };
		expect(back([given, given, given, given], schema).mapped).toEqual([
			{ a: 'x' },
			{ b: 'x' },
			{ c: 'x' },
			{ c: 'x' },
		]);
	});

	test.each([
		['a list', { type: 'array', items: object({ a: text }, []) }],
		['an object', object({ a: text }, [])],
		['text', text],
	])('as it is, where it is not %s as it should be', (_what, schema) => {
		expect(back(5, schema).mapped).toBe(5);
	});

	test('as it is, by a schema that only leads back to itself', () => {
		expect(back({ a: null }, { $ref: '#' })).toEqual({ mapped: { a: null }, dropped: [] });
	});

	const leaf = object({ a: text }, ['a']);
	test.each<[string, (inner: object) => object, (inner: unknown) => unknown, object]>([
		['objects', (a) => object({ a }, ['a']), (a) => ({ a }), leaf],
		['lists', (items) => ({ type: 'array', items }), (one) => [one], leaf],
		['lists of a union', (items) => ({ type: 'array', items }), (one) => [one], { anyOf: [leaf] }],
		[
			'lists of what is referred to',
			(items) => ({ type: 'array', items }),
			(one) => [one],
			{ $ref: '#/$defs/leaf' },
		],
	])('as it is, below many %s', (_what, schemaAround, valueAround, innermost) => {
		const around = <T>(levels: number, wrap: (inner: T) => T, inner: T): T =>
			levels > 0 ? wrap(around(levels - 1, wrap, inner)) : inner;
		const of = (levels: number) => {
			const value = around(levels, valueAround, { a: 'x', more: 1 });
			const schema = { ...around(levels, schemaAround, innermost), $defs: { leaf } };
			return back(value, schema).dropped;
		};
		const own = innermost === leaf ? 0 : 1;
		expect(of(MAX_LEVELS - own)).toEqual(['more']);
		expect(of(MAX_LEVELS + 1 - own)).toEqual([]);
	});
});
