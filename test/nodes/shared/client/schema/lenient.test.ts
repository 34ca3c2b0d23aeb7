import * as z from 'zod/v4';

import {
	lenient,
	lenientList,
	lenientNumber,
	lenientText,
	readableOf,
} from '../../../../../nodes/shared/client/schema/lenient';

/** Hears that zod makes an error, which takes its time. */
const asked = jest.fn(() => 'No');
const told = { error: asked };
beforeEach(() => asked.mockClear());

const VALUES = ['text', '', 7, 0, true, false, {}, { a: 1 }, [], ['a'], null, undefined];

/** Those of all values that come through as they are. */
const taken = (schema: z.ZodType) => VALUES.filter((value) => schema.parse(value) === value);

describe('A text or a number', () => {
	test('is taken, and null, and nothing else', () => {
		expect(taken(lenientText)).toEqual(['text', '', null, undefined]);
		expect(taken(lenientNumber)).toEqual([7, 0, null, undefined]);
	});

	test.each(VALUES)('counts as not said where it is another thing: %j', (value) => {
		if (typeof value !== 'string' && value !== null) {
			expect(lenientText.parse(value)).toBeUndefined();
		}
		if (typeof value !== 'number' && value !== null) {
			expect(lenientNumber.parse(value)).toBeUndefined();
		}
	});

	test('may be missing', () => {
		const fields = z.object({ name: lenientText, count: lenientNumber });
		expect(fields.parse({})).toEqual({});
	});

	test('is not taken where it is too large for a number', () => {
		expect(lenientNumber.parse(JSON.parse('1e999'))).toBeUndefined();
	});
});

/** Schemas, and which of the values they take as they are, beside null. */
const SCHEMAS: Array<[string, z.ZodType, unknown[]]> = [
	['a text', z.string(told), ['text', '']],
	['a number', z.number(told), [7, 0]],
	['a boolean', z.boolean(told), [true, false]],
	['an optional text', z.string(told).optional(), ['text', '']],
	['a text or null', z.string(told).nullable(), ['text', '']],
	['a text that stays as it is', z.string(told).readonly(), ['text', '']],
	['a text or a number', z.union([z.string(told), z.number(told)]), ['text', '', 7, 0]],
	['what a text becomes', z.string(told).transform((text) => text), ['text', '']],
	['what becomes a text', z.preprocess((value) => value, z.string(told)), ['text', '']],
	[
		'what a number or a flag becomes',
		z.union([z.number(told), z.boolean(told)]).transform((one) => one),
		[7, 0, true, false],
	],
];

describe('A field', () => {
	test.each(SCHEMAS)('is taken where it fits: %s', (_what, schema, fitting) => {
		expect(taken(lenient(schema))).toEqual([...fitting, null, undefined]);
	});

	test.each(SCHEMAS)(
		'counts as not said where it is of another type, and zod makes no error of it: %s',
		(_what, schema, fitting) => {
			const others = VALUES.filter((value) => !fitting.includes(value) && value !== null);
			expect(others.map((value) => lenient(schema).parse(value))).toEqual(
				others.map(() => undefined),
			);
			expect(asked).not.toHaveBeenCalled();
		},
	);

	test.each<[string, z.ZodType, unknown[]]>([
		['an object', z.looseObject({}, told), [{}, { a: 1 }]],
		['a list', z.array(z.string(), told), [[], ['a']]],
	])('may be %s, of which zod is asked alone', (_what, schema, fitting) => {
		const one = lenient(schema);
		expect(VALUES.map((value) => one.parse(value)).filter((value) => value != null)).toEqual(
			fitting,
		);
		expect(asked).not.toHaveBeenCalled();
	});

	test('of a type that is not looked at is taken where zod takes it', () => {
		const isEven = (value: unknown) => typeof value === 'number' && value % 2 === 0;
		const even = lenient(z.custom<number>(isEven));
		expect([2, 3, '2', null].map((value) => even.parse(value))).toEqual([
			2,
			undefined,
			undefined,
			null,
		]);
	});

	test('that fits by its type alone counts as not said', () => {
		const word = lenient(z.enum(['a', 'b']));
		expect(['a', 'c'].map((value) => word.parse(value))).toEqual(['a', undefined]);
		expect(lenient(z.string().min(2)).parse('a')).toBeUndefined();
	});

	test('may be missing', () => {
		expect(z.object({ a: lenient(z.string()) }).parse({})).toEqual({});
	});
});

describe('A list', () => {
	const entry = z.object({ name: z.string(told) }, told);

	test('loses its unreadable entries, and keeps the others', () => {
		const entries = [{ name: 'a' }, null, undefined, 7, 'b', [], { name: 'c', more: 1 }];
		expect(lenientList(entry).parse(entries)).toEqual([{ name: 'a' }, { name: 'c' }]);
	});

	test('asks zod of no entry that is of another type', () => {
		const others = [null, undefined, 7, 0, 'b', '', true, false, []];
		expect(readableOf(entry).parse(others)).toEqual([]);
		expect(asked).not.toHaveBeenCalled();
	});

	test('loses what zod does not take of its entries', () => {
		expect(readableOf(entry).parse([{ name: 7 }, { name: 'a' }, {}])).toEqual([{ name: 'a' }]);
		expect(asked).toHaveBeenCalledTimes(2);
	});

	test('of things whose type is not looked at asks zod of each that is there', () => {
		const own = z.custom<object>((value) => typeof value === 'object');
		expect(readableOf(own).parse([{ a: 1 }, 0, '', null, undefined, 'x'])).toEqual([{ a: 1 }]);
	});

	test.each(VALUES.filter((value) => !Array.isArray(value)))('is not said by %j', (value) => {
		expect(lenientList(entry).parse(value) ?? undefined).toBeUndefined();
		expect(asked).not.toHaveBeenCalled();
	});

	test('that must be there is refused where it is none', () => {
		expect(readableOf(entry).safeParse({}).success).toBe(false);
	});
});
