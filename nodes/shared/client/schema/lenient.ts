import * as z from 'zod/v4';

import { isObject } from '../json';

/**
 * A field that counts as not said where it is null, missing or of another type. The type is looked at before
 * zod does: it makes an error, with words and a stack, for each value that does not fit, and some thousand
 * of these take a second. One step for all of that, as a response has a hundred such fields and most of them are not
 * there: of `preprocess`, `nullish` and `catch`, each would be a step of its own.
 */
export const lenient = <T extends z.ZodType>(schema: T) => {
	const fits = testOf(schema);
	return optional((value) =>
		fits(value) ? (schema.safeParse(value).data as z.infer<T>) : undefined,
	);
};

/** The same of a text or a number. */
const lenientScalar = <T>(fits: (value: unknown) => boolean) =>
	optional((value) => (fits(value) ? (value as T) : undefined));

/** What `read` makes of a value that is there. */
const optional = <T>(read: (value: unknown) => T | undefined) =>
	z
		.transform((value: unknown): T | null | undefined => (value === null ? null : read(value)))
		.optional();

export const lenientText = lenientScalar<string>((value) => typeof value === 'string');
/** Of JSON, `1e999` is the only one that is none. */
export const lenientNumber = lenientScalar<number>(Number.isFinite);

/** A list whose unreadable entries are dropped instead of losing all the others. */
export const readableOf = <T extends z.ZodType>(entry: T) => {
	const fits = testOf(entry);
	const read = (one: unknown) =>
		one && fits(one) ? (entry.safeParse(one).data as z.infer<T>) : undefined;
	return z
		.array(z.unknown())
		.transform(
			(list) =>
				list.map(read).filter((one) => one !== undefined && one !== null) as Array<z.infer<T>>,
		);
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
