import { type JsonObject, isObject } from './json';

/** Deeper than any parameter of a tool: what is below stays as it came. */
const MAX_DEPTH = 100;

/** Keywords of JSON Schema whose value is a schema or a list of schemas. */
const SCHEMAS = [
	...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains'],
	...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
	...['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'],
];

/** Keywords whose value has a schema under each key. */
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];

/**
 * The schema with `items: {}` for each array that has none, at any depth: it means the same, and OpenAI's models
 * refuse a whole request without it ("array schema missing items").
 */
export function withArrayItems(schema: JsonObject, depth = 0): JsonObject {
	if (depth > MAX_DEPTH) return schema;
	const inner = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(inner);
		return isObject(value) ? withArrayItems(value, depth + 1) : value;
	};
	const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
		if (SCHEMAS.includes(key)) return [key, inner(value)];
		if (!MAPS.includes(key) || !isObject(value)) return [key, value];
		return [
			key,
			Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)])),
		];
	});
	const isArray = [schema.type].flat().includes('array');
	return Object.fromEntries(
		isArray && !('items' in schema) ? [...entries, ['items', {}]] : entries,
	);
}
