import { createSchema } from 'genson-js';

import { type JsonObject, isObject } from '../../shared/client/json';
import { type Report, asJson, asJsonObject } from '../../shared/form/values';

export interface ParameterRow {
	name: string;
	type: string;
	description?: string;
	allowedValues?: string;
	required?: boolean;
}

/** A schema as the form has it: of a function's parameters, or of the output. */
export interface FormSchema {
	mode?: 'fields' | 'example' | 'schema' | 'none';
	rows?: ParameterRow[];
	example?: unknown;
	schema?: unknown;
}

/**
 * As JSON Schema; undefined where there is none, or it is reported.
 * @param list what the form calls the rows: `'Parameter List'`
 */
export function schemaOf(
	{ mode, rows, example, schema }: FormSchema,
	list: string,
	report: Report,
): JsonObject | undefined {
	switch (mode) {
		case 'fields':
			return fromRows(rows ?? [], list, report);
		case 'example': {
			const given = asJsonObject(example, "'Example (JSON)'", report);
			return given && fromExample(given);
		}
		case 'schema':
			return asJsonObject(schema, "'JSON Schema'", report);
		default:
			return undefined;
	}
}

/** Lists of an example that are empty, so that nothing is known of their items: `orders[].tags`. */
export function emptyLists({ mode, example }: FormSchema): string[] {
	const found: string[] = [];
	const look = (value: unknown, place: string) => {
		if (Array.isArray(value)) {
			if (value.length === 0) found.push(place);
			value.forEach((one) => look(one, `${place}[]`));
		} else if (isObject(value)) {
			for (const [key, one] of Object.entries(value)) look(one, place ? `${place}.${key}` : key);
		}
	};
	if (mode === 'example')
		look(
			asJson(example, '', () => undefined),
			'',
		);
	return [...new Set(found)];
}

/** An example shows less than its schema says: 10 is some number, and null is what may be text another time. */
function fromExample(example: JsonObject): JsonObject {
	return honest(createSchema(example) as JsonObject);
}

function honest(schema: JsonObject): JsonObject {
	const { type, properties, items, ...rest } = schema;
	const types = [type].flat().map((one) => (one === 'integer' ? 'number' : one));
	const isOnlyNull = types.length === 1 && types[0] === 'null';
	const all = [...new Set(isOnlyNull ? ['string', 'null'] : types)];
	return {
		...(type !== undefined && { type: all.length === 1 ? all[0] : all }),
		...(isObject(properties) && { properties: eachOf(properties) }),
		...(isObject(items) && { items: honest(items) }),
		...rest,
		...(Array.isArray(rest.anyOf) && { anyOf: rest.anyOf.filter(isObject).map(honest) }),
	};
}

const eachOf = (schemas: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(schemas).map(([key, one]) => [key, isObject(one) ? honest(one) : one]),
	);

function fromRows(rows: ParameterRow[], list: string, report: Report): JsonObject | undefined {
	if (rows.length === 0) return undefined;
	const names = rows.map(({ name }) => name.trim());
	names.forEach((name, index) => {
		if (name === '') report(`${list} row ${index + 1} 'Name' is empty`);
		else if (names.indexOf(name) < index) report(`${list} has '${name}' twice`);
	});
	const required = names.filter((_, index) => rows[index].required ?? true);
	return {
		type: 'object',
		properties: Object.fromEntries(rows.map((row, index) => [names[index], fieldSchema(row)])),
		...(required.length > 0 && { required }),
	};
}

function fieldSchema({ type, description, allowedValues }: ParameterRow): JsonObject {
	const values = (allowedValues ?? '')
		.split(',')
		.map((value) => value.trim())
		.filter(Boolean);
	const one = { type: type.replace('[]', ''), ...(values.length > 0 && { enum: values }) };
	return {
		...(type.endsWith('[]') ? { type: 'array', items: one } : one),
		...(description && { description }),
	};
}
