import * as z from 'zod/v4';

import { isObject } from '../json';

/**
 * A field that counts as not said where it is null, missing or of another type. The type is looked at before
 * zod does: it makes an error, with words and a stack, for each value that does not fit, and some thousand
 * of these take a second.
 */
export const lenient = <T extends z.ZodType>(schema: T) =>
	z
		.preprocess((value) => (mayFit(schema, value) ? value : undefined), schema.nullish())
		.catch(undefined);

/** A list whose unreadable entries are dropped instead of losing all the others. */
export const readableOf = <T extends z.ZodType>(entry: T) =>
	z
		.preprocess(
			(list) => (Array.isArray(list) ? list.filter((one) => one && mayFit(entry, one)) : list),
			z.array(entry.nullable().catch(null as never)),
		)
		.transform((entries) => entries.filter((one) => one !== null) as Array<z.infer<T>>);

export const lenientList = <T extends z.ZodType>(entry: T) => lenient(readableOf(entry));

/** What is looked at of a schema. */
interface Definition {
	type: string;
	options?: z.ZodType[];
	innerType?: z.ZodType;
	in?: z.ZodType;
	out?: z.ZodType;
}

/** Whether the schema need be asked at all. */
function mayFit(schema: z.ZodType, value: unknown): boolean {
	const { type, options = [], ...def } = schema.def as Definition;
	if (value === null || value === undefined) return true;
	switch (type) {
		case 'string':
		case 'number':
		case 'boolean':
			return typeof value === type;
		case 'object':
			return isObject(value);
		case 'array':
			return Array.isArray(value);
		case 'union':
			return options.some((option) => mayFit(option, value));
		case 'pipe': {
			// of `preprocess`, the first step takes anything
			const taking = def.in?.def.type === 'transform' ? def.out : def.in;
			return !taking || mayFit(taking, value);
		}
		default:
			return !def.innerType || mayFit(def.innerType, value);
	}
}
