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
