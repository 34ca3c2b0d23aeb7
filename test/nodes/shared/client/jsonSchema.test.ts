import { generateZodSchema } from 'n8n-workflow';
import * as z3 from 'zod/v3';
import * as z4 from 'zod/v4';

import { toJsonSchema } from '../../../../nodes/shared/client';

/** Another copy of zod 4, as a tool of n8n or of a community node brings one. */
function foreignZod(): typeof z4 {
	let copy = z4;
	jest.isolateModules(() => {
		copy = jest.requireActual<typeof z4>('zod/v4');
	});
	return copy;
}

describe('The JSON Schema of a tool', () => {
	const CITY = { type: 'string', description: 'In English' };

	test.each([
		['undefined', undefined],
		['null', null],
		['a text', 'string'],
		['a list', []],
	])('is none where the schema is %s', (_, schema) => {
		expect(toJsonSchema(schema)).toBeUndefined();
	});

	test('of zod 3 has descriptions, enums, defaults and what is required', () => {
		const schema = z3.object({
			city: z3.string().describe('In English'),
			unit: z3.enum(['C', 'F']).default('C'),
			days: z3.number().int().min(1).optional(),
			tags: z3.array(z3.string()).nullable(),
		});
		expect(toJsonSchema(schema)).toEqual({
			type: 'object',
			properties: {
				city: CITY,
				unit: { type: 'string', enum: ['C', 'F'], default: 'C' },
				days: { type: 'integer', minimum: 1 },
				tags: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }] },
			},
			required: ['city', 'tags'],
			additionalProperties: false,
		});
	});

	test('of zod 3 effects is that of what goes in, as the tools with one text have it', () => {
		const schema = z3.object({ input: z3.string().optional() }).transform(({ input }) => input);
		expect(toJsonSchema(schema)).toMatchObject({ properties: { input: { type: 'string' } } });
	});

	describe.each([
		['our own copy', () => z4],
		['another copy', foreignZod],
	])('of zod 4 from %s', (_, copy) => {
		test('has descriptions at each level, and what is required', () => {
			const z = copy();
			const schema = z
				.object({
					city: z.string().describe('In English'),
					place: z
						.object({ lat: z.number().describe('Degrees') })
						.optional()
						.describe('Exact'),
				})
				.describe('Where');
			expect(toJsonSchema(schema)).toEqual({
				type: 'object',
				description: 'Where',
				properties: {
					city: CITY,
					place: {
						type: 'object',
						description: 'Exact',
						properties: { lat: { type: 'number', description: 'Degrees' } },
						required: ['lat'],
					},
				},
				required: ['city'],
			});
		});

		test('asks for what goes in, not for what a transformation makes of it', () => {
			const z = copy();
			const schema = z.object({ day: z.string().transform((text) => new Date(text)) });
			expect(toJsonSchema(schema)?.properties).toEqual({ day: { type: 'string' } });
		});

		test('allows anything where JSON Schema has no word for it', () => {
			const z = copy();
			expect(toJsonSchema(z.object({ at: z.date() }))?.properties).toEqual({ at: {} });
		});
	});

	test('of a later zod 4 is what the schema says of itself: ours does not find its limits', () => {
		const toJSONSchema = jest.fn(() => ({
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			properties: { days: { type: 'integer', minimum: 1 }, at: { type: 'string', minLength: 2 } },
		}));
		// zod 4.6.7 as far as we use it
		expect(toJsonSchema({ _zod: {}, _def: {}, toJSONSchema })).toEqual({
			type: 'object',
			properties: { days: { type: 'integer', minimum: 1 }, at: { type: 'string', minLength: 2 } },
		});
		expect(toJSONSchema).toHaveBeenCalledWith({ io: 'input', unrepresentable: 'any' });
	});

	test("of n8n's $fromAI with the type json has the type, and the description", () => {
		const more = generateZodSchema({ key: 'more', type: 'json', description: 'The fields' });
		const list = generateZodSchema({ key: 'list', type: 'json' });
		const anything = {
			anyOf: [
				{ type: 'object', minProperties: 1, additionalProperties: true },
				{ type: 'array', minItems: 1, items: {} },
			],
		};
		expect(toJsonSchema(z3.object({ more, list } as never))?.properties).toEqual({
			more: { ...anything, description: 'The fields' },
			list: anything,
		});
	});

	test('of null as a literal is null, not an object', () => {
		const schema = z3.object({
			none: z3.literal(null).describe('Nothing'),
			maybe: z3.literal(null).optional(),
		});
		expect(toJsonSchema(schema)?.properties).toEqual({
			none: { type: 'null', description: 'Nothing' },
			maybe: { type: 'null' },
		});
	});

	test('of another literal is that literal, with its description', () => {
		const schema = z3.object({
			kind: z3.literal('city').describe('Always this'),
			level: z3.literal(0),
		});
		expect(toJsonSchema(schema)?.properties).toEqual({
			kind: { type: 'string', const: 'city', description: 'Always this' },
			level: { type: 'number', const: 0 },
		});
	});

	test.each([
		['zod 3', z3.object({ city: z3.string().describe('In English') }).catchall(z3.any())],
		['zod 4', z4.looseObject({ city: z4.string().describe('In English') })],
		['JSON Schema', { properties: { city: CITY }, required: ['city'], additionalProperties: {} }],
	])('of %s does not say that there may be anything else', (_, schema) => {
		expect(toJsonSchema(schema)).toStrictEqual({
			type: 'object',
			properties: { city: CITY },
			required: ['city'],
		});
	});

	test.each([
		['a type', { type: 'string' }],
		['nothing', false],
		['anything, in one word', true],
	])('says which other properties there may be: %s', (_, additionalProperties) => {
		const schema = { type: 'object', properties: { city: CITY }, additionalProperties };
		expect(toJsonSchema(schema)).toEqual(schema);
	});

	test.each([
		['zod 3', z3.object({ tags: z3.array(z3.any()), rows: z3.array(z3.array(z3.unknown())) })],
		[
			'JSON Schema',
			{
				properties: {
					tags: { type: 'array' },
					rows: { type: 'array', items: { type: 'array' } },
				},
			},
		],
	])('of %s says of each array that it may hold anything', (_, schema) => {
		expect(toJsonSchema(schema)?.properties).toEqual({
			tags: { type: 'array', items: {} },
			rows: { type: 'array', items: { type: 'array', items: {} } },
		});
	});

	test('another copy of zod 4 is indeed another one', () => {
		expect(foreignZod().string).not.toBe(z4.string);
	});

	test.each([
		['{}', {}],
		['{ type: object }', { type: 'object' }],
	])('of %s has the type and the properties that OpenAI wants', (_, schema) => {
		expect(toJsonSchema(schema)).toEqual({ type: 'object', properties: {} });
	});

	test('that is JSON Schema stays as it is, but for its dialect', () => {
		const schema = Object.freeze({
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			properties: { city: CITY },
			$defs: { a: { type: 'string' } },
		});
		const { $schema, ...rest } = schema;
		expect($schema).toContain('2020-12');
		expect(toJsonSchema(schema)).toEqual(rest);
		expect(schema).toHaveProperty('$schema');
	});

	test('that refers to itself stays finite', () => {
		const tree3: z3.ZodTypeAny = z3.object({ children: z3.lazy(() => z3.array(tree3)) });
		const tree4: z4.ZodType = z4.object({
			get children() {
				return z4.array(tree4);
			},
		});
		for (const schema of [tree3, tree4]) {
			expect(toJsonSchema(schema)?.properties).toEqual({
				children: { type: 'array', items: { $ref: '#' } },
			});
		}
	});
});
