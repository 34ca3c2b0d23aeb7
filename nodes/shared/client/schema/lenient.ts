import * as z from 'zod/v4';

import { isObject } from '../json';

/**
 * A field that counts as not said where it is null, missing or of another type. The type is looked at before
 * zod does: it makes an error, with words and a stack, for each value that does not fit, and some thousand
 * of these take a second.
 */
export const lenient = <T extends z.ZodType>(schema: T) => {
	const fits = testOf(schema);
	return z
		.preprocess((value) => (fits(value) ? value : undefined), schema.nullish())
		.catch(undefined);
};

/** The same of a text or a number, in one step: a response has some forty of these, and most of zod's time went into them. */
const lenientScalar = <T>(fits: (value: unknown) => boolean) =>
	z
		.unknown()
		.transform((value) => (value === null || fits(value) ? (value as T | null) : undefined))
		.optional();

export const lenientText = lenientScalar<string>((value) => typeof value === 'string');
/** Of JSON, `1e999` is the only one that is none. */
export const lenientNumber = lenientScalar<number>(Number.isFinite);

/** A list whose unreadable entries are dropped instead of losing all the others. */
export const readableOf = <T extends z.ZodType>(entry: T) => {
	const fits = testOf(entry);
	return z
		.preprocess(
			(list) => (Array.isArray(list) ? list.filter((one) => one && fits(one)) : list),
			z.array(entry.nullable().catch(null as never)),
		)
		.transform((entries) => entries.filter((one) => one !== null) as Array<z.infer<T>>);
};

export const lenientList = <T extends z.ZodType>(entry: T) => lenient(readableOf(entry));

/** What is looked at of a schema. */
interface Definition {
	type: string;
	options?: z.ZodType[];
	innerType?: z.ZodType;
	in?: z.ZodType;
	out?: z.ZodType;
}

type Test = (value: unknown) => boolean;

/** Whether a schema need be asked of a value at all; found out once for each schema, as a response has a hundred such values. */
function testOf(schema: z.ZodType): Test {
	const { type, options = [], in: taken, out, innerType } = schema.def as Definition;
	const tests: Partial<Record<string, () => Test>> = {
		string: () => isOf('string'),
		number: () => isOf('number'),
		boolean: () => isOf('boolean'),
		object: () => isObject,
		array: () => Array.isArray,
		union: () => anyOf(options.map(testOf)),
		// of `preprocess`, the first step takes anything
		pipe: () => ofInner(taken?.def.type === 'transform' ? out : taken),
	};
	const test = (tests[type] ?? (() => ofInner(innerType)))();
	return (value) => value === null || test(value);
}

const isOf =
	(type: string): Test =>
	(value) =>
		typeof value === type;

const anyOf =
	(tests: Test[]): Test =>
	(value) =>
		tests.some((test) => test(value));

const ofInner = (schema?: z.ZodType): Test => (schema ? testOf(schema) : () => true);
