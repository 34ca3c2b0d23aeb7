/** What does not fit is said in words for the model and for the user. */
import { Ajv2020 } from 'ajv/dist/2020';

import { checkOf } from '../../../../../nodes/shared/client/structured/check';
import { inWords } from '../../../../../nodes/shared/client/structured/words';

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

	test('each entry of a list has those of the alternative that it is meant to be', () => {
		const list = { items: { anyOf: [point, { type: 'string', minLength: 5 }] } };
		expect(problemsOf({ a: [{ x: 1 }, 'abc'] }, of(list))).toEqual([
			`'a[0].y' is missing`,
			`'a[1]' must NOT have fewer than 5 characters`,
		]);
	});

	test('what is wrong deeper is wrong with the one of its type', () => {
		const deep = { type: 'object', properties: { x: { type: 'number' } } };
		expect(problemsOf({ a: { x: 's' } }, of({ anyOf: [deep, none] }))).toEqual([
			`'a.x' must be a number, not the text "s"`,
		]);
	});

	test('what is wrong beside them is told beside them', () => {
		const both = { allOf: [{ minLength: 3 }, { anyOf: [none, { pattern: '^x' }] }] };
		expect(problemsOf({ a: 'ab' }, of(both))).toEqual([
			`'a' must NOT have fewer than 3 characters`,
			`'a' must match the pattern ^x, not the text "ab"`,
		]);
	});

	test('several that may be meant have all that is wrong with each', () => {
		expect(problemsOf({ a: {} }, of({ anyOf: [point, { required: ['z'] }] }))).toEqual([
			`'a.x' is missing and 'a.y' is missing, or 'a.z' is missing`,
		]);
	});

	test('those of another type are not meant, whatever else is wrong with them', () => {
		const choice = { type: 'string', enum: ['low', 'high'] };
		const union = of({ anyOf: [choice, { type: 'number', minimum: 10 }] });
		expect(problemsOf({ a: 5 }, union)).toEqual([`'a' must be >= 10`]);
		expect(problemsOf({ a: 'x' }, union)).toEqual([
			`'a' must be one of "low", "high", not the text "x"`,
		]);
		expect(problemsOf({ a: true }, union)).toEqual([`'a' must be text or a number, not true`]);
	});

	test('of many, one is meant all the same', () => {
		const anyOf = [...Array.from({ length: 10 }, () => none), point, none];
		expect(problemsOf({ a: {} }, of({ anyOf }))).toEqual([`'a.x' is missing`, `'a.y' is missing`]);
	});

	test('that are only referred to, it is said that one must fit', () => {
		const anyOf = [{ $ref: '#/$defs/point' }, { $ref: '#/$defs/list' }];
		const $defs = { point, list: { type: 'array', items: none } };
		expect(problemsOf({ a: 5 }, { ...of({ anyOf }), $defs })).toEqual([
			`'a' must be an object, not 5`,
			`'a' must be a list, not 5`,
			`'a' must fit one of the schemas in anyOf`,
		]);
	});

	test.each([
		[
			{ oneOf: [none, { type: 'integer' }, { type: 'number' }] },
			1,
			`'a' must fit one of the schemas in oneOf, and no other of them`,
		],
		[
			{ contains: { const: 'tea' } },
			['milk'],
			`'a' must have 1 or more entries that fit {"const":"tea"}`,
		],
	])('nothing is lost beside other problems: %j', (property, value, problem) => {
		const schema = { properties: { a: property, b: { type: 'number' } } };
		expect(problemsOf({ a: value, b: 'x' }, schema).sort()).toEqual([
			problem,
			`'b' must be a number, not the text "x"`,
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

describe('A type is named', () => {
	test.each([
		['string', 5, 'text, not 5'],
		['number', null, 'a number, not null'],
		['integer', 1.5, 'a whole number, not 1.5'],
		['boolean', 'yes', 'true or false, not the text "yes"'],
		['array', { x: 1 }, 'a list, not an object'],
		['object', [1], 'an object, not a list'],
		['null', false, 'null, not false'],
		[['string', 'null'], true, 'text or null, not true'],
	])('%j', (type, value, words) => {
		expect(problemsOf({ a: value }, of({ type }))).toEqual([`'a' must be ${words}`]);
		expect(problemsOf(value, { type })).toEqual([`The whole value must be ${words}`]);
	});
});

describe('A place is named', () => {
	test.each([
		[{ a: { b: 'x' } }, 'a.b'],
		[{ a: ['x'] }, 'a[0]'],
		[{ a: { 'b/c~d': 'x' } }, 'a.b/c~d'],
		[{ a: { b1: 'x' } }, 'a.b1'],
		[{ a: { '1b': 'x' } }, 'a.1b'],
		[{ a: [...Array.from({ length: 12 }, () => 1), 'x'] }, 'a[12]'],
		[{ a: [[{ b: 'x' }]] }, 'a[0][0].b'],
	])('%j: %s', (value, place) => {
		const inner = { type: ['number', 'array', 'object'] };
		const deep = { ...inner, items: inner, additionalProperties: inner };
		const schema = of({
			...deep,
			items: { ...deep, items: { ...deep, additionalProperties: { type: 'number' } } },
		});
		expect(problemsOf(value, schema)).toEqual([
			expect.stringMatching(/^'.*' must be .*, not the text "x"$/),
		]);
		expect(problemsOf(value, schema)[0]).toContain(`'${place}' must be`);
	});
});

describe('What one key needs of others is said', () => {
	test.each([
		['dependentRequired', { dependentRequired: { a: ['b'] } }],
		[
			'dependencies, of drafts before 2019-09',
			{ $schema: 'http://json-schema.org/draft-07/schema#', dependencies: { a: ['b'] } },
		],
	])('for %s', (_what, schema) => {
		expect(problemsOf({ a: 1 }, schema)).toEqual([`'b' is missing, which 'a' needs`]);
		expect(problemsOf({ list: { a: 1 } }, { properties: { list: schema } })).toEqual([
			`'list.b' is missing, which 'a' needs`,
		]);
	});

	test('for a condition, without that there was one', () => {
		const schema = {
			if: { properties: { a: { const: 1 } } },
			then: { required: ['b'] },
			else: { required: ['c'] },
		};
		expect(problemsOf({ a: 1 }, schema)).toEqual([`'b' is missing`]);
		expect(problemsOf({ a: 2 }, schema)).toEqual([`'c' is missing`]);
	});

	test('for what all of several schemas want', () => {
		const schema = {
			allOf: [{ required: ['a'] }, { $ref: '#/$defs/b' }],
			$defs: { b: { required: ['b'] } },
		};
		expect(problemsOf({}, schema)).toEqual([`'a' is missing`, `'b' is missing`]);
	});
});

test.each([['additionalProperties'], ['unevaluatedProperties']])(
	'Each key that %s forbids is named',
	(keyword) => {
		const schema = { type: 'object', properties: { a: {} }, [keyword]: false };
		expect(problemsOf({ a: 1, b: 2, c: 3 }, schema)).toEqual([
			`'b' is not in the schema`,
			`'c' is not in the schema`,
		]);
	},
);

describe('A value is quoted', () => {
	const notOne = (value: unknown) => problemsOf(value, { const: 1 })[0];

	test('whole, where it is short', () => {
		const text = 'x'.repeat(60);
		expect(notOne(text)).toBe(`The whole value must be 1, not the text "${text}"`);
	});

	test('by its beginning, where it is long', () => {
		expect(notOne('x'.repeat(61))).toBe(
			`The whole value must be 1, not the text "${'x'.repeat(59)}…`,
		);
	});

	test.each([30, 31, 32, 33, 100])('by its beginning, as a list of %d', (length) => {
		const list = Array.from({ length }, () => 1);
		const json = JSON.stringify(list);
		const quoted = json.length > 62 ? `${json.slice(0, 60)}…` : json;
		expect(problemsOf(0, { const: list })).toEqual([`The whole value must be ${quoted}, not 0`]);
	});
});

test.each([
	[20, '"v19", not 0'],
	[21, '"v19", …, not 0'],
])('Of %d allowed values, no more are named than anybody reads', (count, end) => {
	const values = Array.from({ length: count }, (_, index) => `v${index}`);
	const [problem] = problemsOf(0, { enum: values });
	expect(problem).toMatch(/^The whole value must be one of "v0", "v1", "v2", /);
	expect(problem.endsWith(end)).toBe(true);
});

test.each([
	[10, undefined],
	[11, 'and 1 more'],
	[100, 'and 90 more'],
	[101, 'and many more'],
])('Of %d problems ten are told, and that there are more', (count, last) => {
	const value = Array.from({ length: count }, () => 'x');
	const problems = problemsOf(value, { items: { type: 'number' } });
	expect(problems.slice(0, 10)).toEqual(
		value.slice(0, 10).map((_, index) => `'[${index}]' must be a number, not the text "x"`),
	);
	expect(problems[10]).toBe(last);
});

test.each([
	[{ message: 'must match "then" schema' }, `'a' must match "then" schema`],
	[{}, `'a' does not fit`],
])(
	'Where a check only says that something inside did not fit, that is told: %j',
	(said, problem) => {
		const error = { keyword: 'if', schemaPath: '#/if', params: {} };
		const outer = { ...error, instancePath: '', message: 'must match "else" schema' };
		expect(inWords([outer, outer, { ...error, instancePath: '/a', ...said }])).toEqual([problem]);
	},
);
