/** What a value is made of, as far as a schema says it in one of the many ways to say the same. */
import { omit } from '../../../../../nodes/shared/client/json';
import {
	MAX_LEVELS,
	admitsNull,
	resolve,
	shapeOf,
	typeOf,
} from '../../../../../nodes/shared/client/structured/shape';

const text = { type: 'string' };
const none = { type: 'null' };
const number = { type: 'number' };

/** Without the schema itself. */
const partsOf = (given: unknown) => omit(shapeOf(given) as never, ['schema']);

describe('A value is', () => {
	test.each([
		['anything, by a schema that says nothing', {}],
		['anything, by the schema true', true],
		['anything, by the schema false, which only the check knows', false],
		['anything, by what is no schema', 'string'],
		['anything, by a type that does not exist', { type: 'date' }],
		['anything, where null is allowed beside what is not said', { nullable: true }],
		['anything, where only a limit is said', { minimum: 1 }],
	])('%s', (_what, schema) => {
		expect(partsOf(schema)).toEqual({ kind: 'any' });
	});

	test.each(['string', 'number', 'integer', 'boolean', 'null'])('a %s', (type) => {
		const scalar = { kind: 'scalar', type };
		expect(partsOf({ type })).toEqual(scalar);
		expect(partsOf({ type: [type] })).toEqual(scalar);
		expect(partsOf({ type: [type, 5] })).toEqual(scalar);
		expect(partsOf({ type, nullable: false })).toEqual(scalar);
	});

	test('what another part of the schema says, whatever stands beside', () => {
		expect(partsOf({ $ref: '#/$defs/City', type: 'object', anyOf: [text] })).toEqual({
			kind: 'ref',
			ref: '#/$defs/City',
		});
	});

	test.each([
		['anyOf', { anyOf: [text, none] }, [text, none]],
		['oneOf', { oneOf: [text, none] }, [text, none]],
		['a list of types', { type: ['string', 'null'] }, [text, none]],
		['nullable, as OpenAPI says it', { type: 'string', nullable: true }, [text, none]],
		[
			'types, of which each has the limits, but not the description',
			{ type: ['string', 'number'], description: 'A city', minLength: 1 },
			[
				{ type: 'string', minLength: 1 },
				{ type: 'number', minLength: 1 },
			],
		],
		[
			'types, of which each has its own of the allowed values',
			{ type: ['string', 'integer', 'boolean', 'array'], enum: ['a', 1, 2, true, ['b']] },
			[
				{ type: 'string', enum: ['a'] },
				{ type: 'integer', enum: [1, 2] },
				{ type: 'boolean', enum: [true] },
				{ type: 'array', enum: [['b']] },
			],
		],
		[
			'allowed values of several types',
			{ enum: ['a', 1, null, 'b'] },
			[
				{ type: 'string', enum: ['a', 'b'] },
				{ type: 'number', enum: [1] },
				{ type: 'null', enum: [null] },
			],
		],
	])('one of several, by %s', (_how, schema, branches) => {
		expect(partsOf(schema)).toStrictEqual({ kind: 'anyOf', branches });
	});

	test.each([
		['a text', { const: 'a' }, 'string'],
		['null', { const: null }, 'null'],
		['a number', { const: 1, enum: ['a'] }, 'number'],
		['one of several texts', { enum: ['a', 'b'] }, 'string'],
		['one of two words', { enum: [true, false] }, 'boolean'],
	])('of the type of its allowed values: %s', (_what, schema, type) => {
		expect(partsOf(schema)).toEqual({ kind: 'scalar', type });
	});

	test.each([
		['an object', { const: { a: 1 } }],
		['a list', { const: [1] }],
		['a list or a text', { enum: ['a', []] }],
		['none', { enum: [] }],
		['not listed', { enum: 'a' }],
	])('anything, where the allowed value is %s', (_what, schema) => {
		expect(partsOf(schema)).toEqual({ kind: 'any' });
	});
});

describe('A list', () => {
	test.each([
		['has entries of one kind', { type: 'array', items: text }, [text]],
		['needs no type', { items: text }, [text]],
		['may have any entries', { type: 'array' }, []],
		['may have any entries, or none', { type: 'array', items: false }, []],
		['has a kind for each place', { type: 'array', prefixItems: [text, number] }, [text, number]],
		['has a kind for each place, as drafts before 2020-12 say it', { items: [text] }, [text]],
		[
			'has a kind for each place and one for the rest',
			{ type: 'array', prefixItems: [text, number], items: none },
			[text, number, none],
		],
	])('%s', (_what, schema, items) => {
		expect(partsOf(schema)).toStrictEqual({ kind: 'array', items });
	});
});

describe('An object', () => {
	const named = { type: 'object', properties: { a: text, b: text } };

	test.each([
		['the keys that it names', named, []],
		['them without a type', { properties: named.properties }, []],
		['them beside alternatives', { ...named, additionalProperties: false }, []],
		['some of them for sure', { ...named, required: ['a'] }, ['a']],
		['what is required, of which only names count', { ...named, required: ['a', 5, null] }, ['a']],
		['nothing for sure, where that is no list', { ...named, required: true }, []],
	])('has %s', (_what, schema, required) => {
		expect(partsOf(schema)).toStrictEqual({
			kind: 'object',
			properties: named.properties,
			required,
			isOpen: false,
		});
	});

	test('has no keys, where none are allowed', () => {
		const closed = { type: 'object', additionalProperties: false };
		expect(partsOf(closed)).toMatchObject({ kind: 'object', properties: {}, isOpen: false });
	});

	test.each<[string, object]>([
		['names none', { type: 'object' }],
		['allows all', { ...named, additionalProperties: true }],
		['allows all of a kind', { ...named, additionalProperties: text }],
		['wants one that it does not name', { ...named, required: ['a', 'c'] }],
		...['patternProperties', 'if', 'then', 'else', 'dependentSchemas', 'dependencies'].map(
			(keyword): [string, object] => [`has ${keyword}`, { ...named, [keyword]: {} }],
		),
		...['anyOf', 'oneOf', 'allOf'].map((keyword): [string, object] => [
			`has ${keyword}`,
			{ ...named, [keyword]: [{ minProperties: 1 }] },
		]),
		['has a $ref that is none', { ...named, $ref: 5 }],
		['has unevaluatedProperties', { ...named, unevaluatedProperties: text }],
	])('may have more keys than it names, where it %s', (_what, schema) => {
		expect(partsOf(schema)).toMatchObject({ kind: 'object', isOpen: true });
	});
});

describe('allOf is only a way to write', () => {
	const a = { type: 'object', properties: { a: text }, required: ['a'] };
	const b = { properties: { b: number } };

	test.each([
		['its one part', { allOf: [text] }, text],
		[
			'its one part, with words about it',
			{ description: 'A city', allOf: [text] },
			{ description: 'A city', ...text },
		],
		['what it refers to, with words', { allOf: [{ $ref: '#/x' }] }, { $ref: '#/x' }],
		['the one part that says something', { allOf: [{ description: 'x', title: 'y' }, text] }, text],
		['the one part that is a schema', { allOf: [null, true, text] }, text],
		['what stands beside it', { ...text, allOf: [{ title: 'A city' }] }, text],
		['what is in an allOf of its own', { allOf: [{ allOf: [text] }] }, text],
		['anything, where no part says a thing', { title: 'x', allOf: [{}, true] }, { title: 'x' }],
	])('%s', (_what, schema, meant) => {
		expect(shapeOf(schema)).toStrictEqual(shapeOf(meant));
	});

	test('the object that objects make together, whatever is said about them', () => {
		const about = {
			description: 'x',
			title: 'x',
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			$id: 'x',
			$defs: {},
			definitions: {},
			$comment: 'x',
		};
		expect(partsOf({ ...about, allOf: [a, { ...b, ...about }, { required: ['b'] }] })).toEqual({
			kind: 'object',
			properties: { a: text, b: number },
			required: ['a', 'b'],
			isOpen: false,
		});
	});

	test.each([
		['one of them has a limit', [a, { ...b, minProperties: 1 }]],
		['one of them allows no more keys', [a, { ...b, additionalProperties: false }]],
		['one of them is no object', [a, text]],
		['one of them is said to be no object', [a, { ...b, type: 'array' }]],
		['both name a key', [a, { properties: { a: { minLength: 1 } } }]],
		['they are limits of a text', [text, { minLength: 1 }]],
	])('and else only for the check: where %s', (_what, allOf) => {
		expect(shapeOf({ allOf })).toEqual({ kind: 'any', schema: { allOf } });
	});
});

describe('A reference', () => {
	const [slash, tilde, both] = [{ a: 1 }, { b: 1 }, { c: 1 }];
	const root = {
		$defs: { City: text, list: [text, number], 'a/b': slash, 'a~b': tilde, 'm~1n': both },
		'with space': number,
		'100%': none,
		b: text,
		title: 'Cities',
	};

	test.each([
		['#', root],
		['#/$defs/City', text],
		['#/$defs/list/1', number],
		['#/$defs/a~1b', slash],
		['#/$defs/a~0b', tilde],
		['#/$defs/m~01n', both],
		['#/with%20space', number],
		['#/100%', none],
	])('%s leads to a part of the schema', (ref, meant) => {
		expect(resolve(ref, root)).toBe(meant);
	});

	test.each([
		['to another document', 'https://example.com/x.json#/b'],
		['to an anchor', '#ab'],
		['nowhere', '#/$defs/Town'],
		['further than nowhere', '#/$defs/Town/properties/name'],
		['to what every object has', '#/$defs/toString'],
		['into a text', '#/title/length'],
		['behind the end of a list', '#/$defs/list/2'],
	])('that leads %s means nothing', (_where, ref) => {
		expect(resolve(ref, root)).toBeUndefined();
	});
});

describe('Null', () => {
	const root = { $defs: { Text: text, None: none, Any: true, Never: false } };
	const ref = (name: string) => ({ $ref: `#/$defs/${name}` });

	test.each([
		[true],
		[{}],
		[none],
		[{ type: ['string', 'null'] }],
		[{ type: 'string', nullable: true }],
		[{ anyOf: [text, none] }],
		[{ oneOf: [text, ref('None')] }],
		[{ enum: ['a', null] }],
		[{ const: null }],
		[{ description: 'Anything' }],
		[ref('None')],
		[ref('Any')],
	])('fits %j', (schema) => {
		expect(admitsNull(schema, root)).toBe(true);
	});

	test.each([
		[false],
		[text],
		[{ type: 'object' }],
		[{ type: 'array' }],
		[{ anyOf: [text, number] }],
		[{ enum: ['a'] }],
		[{ const: 'a' }],
		[{ type: ['string', 'null'], enum: ['a'] }],
		[{ type: ['string', 'null'], const: 'a' }],
		[{ const: { a: null } }],
		[ref('Text')],
		[ref('Never')],
	])('does not fit %j', (schema) => {
		expect(admitsNull(schema, root)).toBe(false);
	});

	test.each([
		['itself', { $ref: '#' }],
		['itself among others', { anyOf: [text, { $ref: '#' }] }],
	])('may fit what refers to %s', (_what, schema) => {
		expect(admitsNull(schema, schema)).toBe(true);
	});

	test('may fit what is deeper than anybody looks', () => {
		const nested = (depth: number): object => (depth > 0 ? { anyOf: [nested(depth - 1)] } : text);
		expect(admitsNull(nested(MAX_LEVELS), {})).toBe(false);
		expect(admitsNull(nested(MAX_LEVELS + 1), {})).toBe(true);
	});
});

test.each([
	[null, 'null'],
	[[], 'array'],
	[{}, 'object'],
	['a', 'string'],
	[1, 'number'],
	[false, 'boolean'],
])('The type of %j is %s', (value, type) => {
	expect(typeOf(value)).toBe(type);
});
