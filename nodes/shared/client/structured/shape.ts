import { type JsonObject, isObject, omit } from '../json';

/** Levels of a schema that are looked at: what is below may be anything, and is checked all the same. */
export const MAX_LEVELS = 50;

/** The parts of a schema that say what a value is made of. What else it says, only the check knows. */
export type Shape =
	| {
			kind: 'object';
			schema: JsonObject;
			properties: JsonObject;
			required: string[];
			isOpen: boolean;
	  }
	| { kind: 'array'; schema: JsonObject; items: unknown[] }
	| { kind: 'anyOf'; schema: JsonObject; branches: unknown[] }
	| { kind: 'ref'; schema: JsonObject; ref: string }
	| { kind: 'scalar'; schema: JsonObject; type: string }
	| { kind: 'any'; schema: JsonObject };

/** These may allow properties that `properties` does not name. */
const OPENING = [
	...['patternProperties', 'if', 'then', 'else', 'dependentSchemas', 'dependencies'],
	...['anyOf', 'oneOf', 'allOf', '$ref', 'unevaluatedProperties'],
];

const SCALARS = ['string', 'number', 'integer', 'boolean', 'null'];

/** @param given a schema, as part of any other, or as JSON: booleans are schemas too */
export function shapeOf(given: unknown): Shape {
	const schema = isObject(given) ? merged(given) : {};
	if (typeof schema.$ref === 'string') return { kind: 'ref', schema, ref: schema.$ref };
	const types = [schema.type].flat().filter((type) => typeof type === 'string');
	if (schema.nullable === true && types.length > 0) types.push('null');
	const hasProperties = isObject(schema.properties);
	const branches = [schema.anyOf, schema.oneOf].find(Array.isArray) as unknown[] | undefined;
	if (branches && !hasProperties) return { kind: 'anyOf', schema, branches };
	if (types.length > 1) {
		const one = (type: string) => ({
			...omit(schema, ['nullable', 'description']),
			type,
			...(Array.isArray(schema.enum) && { enum: schema.enum.filter((value) => isOf(value, type)) }),
		});
		return { kind: 'anyOf', schema, branches: types.map(one) };
	}
	const type = types[0] ?? (hasProperties ? 'object' : 'items' in schema ? 'array' : undefined);
	if (type === 'object') return objectShape(schema);
	if (type === 'array') {
		const { prefixItems, items } = schema;
		const tuple = [prefixItems, items].find(Array.isArray) as unknown[] | undefined;
		const rest = isObject(items) ? [items] : [];
		return { kind: 'array', schema, items: [...(tuple ?? []), ...rest] };
	}
	if (type && SCALARS.includes(type)) return { kind: 'scalar', schema, type };
	return constantShape(schema);
}

function objectShape(schema: JsonObject): Shape {
	const properties = isObject(schema.properties) ? schema.properties : {};
	const named = Object.keys(properties);
	const wanted = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
	const required = wanted.filter((key): key is string => typeof key === 'string');
	const { additionalProperties: others } = schema;
	const isOpen =
		others === true ||
		isObject(others) ||
		(named.length === 0 && others !== false) ||
		required.some((key) => !Object.hasOwn(properties, key)) ||
		OPENING.some((keyword) => keyword in schema);
	return { kind: 'object', schema, properties, required, isOpen };
}

/** Without a type: what its values are, where they are all of one kind. */
function constantShape(schema: JsonObject): Shape {
	const values = 'const' in schema ? [schema.const] : schema.enum;
	if (!Array.isArray(values) || values.length === 0) return { kind: 'any', schema };
	const types = [...new Set(values.map(typeOf))];
	if (types.some((type) => !SCALARS.includes(type))) return { kind: 'any', schema };
	if (types.length === 1) return { kind: 'scalar', schema, type: types[0] };
	const ofType = (type: string) => ({
		type,
		enum: values.filter((value) => typeOf(value) === type),
	});
	return { kind: 'anyOf', schema, branches: types.map(ofType) };
}

export function typeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value;
}

const isOf = (value: unknown, type: string) =>
	typeOf(value) === (type === 'integer' ? 'number' : type);

/** A schema with `allOf` as one without, where that is only a way to write it: of one part, or of objects. */
function merged(schema: JsonObject): JsonObject {
	const { allOf, ...rest } = schema;
	if (!Array.isArray(allOf)) return schema;
	const parts = [rest, ...(allOf as unknown[])].filter(isObject).map(merged);
	const own = parts.filter((part) => Object.keys(omit(part, ['description', 'title'])).length > 0);
	if (own.length <= 1) return { ...rest, ...own[0] };
	const isPlain = (part: JsonObject) =>
		Object.keys(part).every((key) => ['type', 'properties', 'required', ...SAID].includes(key)) &&
		(part.type ?? 'object') === 'object';
	if (!own.every(isPlain)) return schema;
	const properties = own.map((part) => (isObject(part.properties) ? part.properties : {}));
	const keys = properties.flatMap((one) => Object.keys(one));
	if (new Set(keys).size < keys.length) return schema;
	return {
		...rest,
		type: 'object',
		properties: Object.assign({}, ...properties) as JsonObject,
		required: own.flatMap((part) => part.required ?? []),
	};
}

const SAID = ['description', 'title', '$schema', '$id', '$defs', 'definitions', '$comment'];

/** What a reference within the schema means; undefined where it leads out of it, or nowhere. */
export function resolve(ref: string, root: JsonObject): unknown {
	if (ref === '#') return root;
	if (!ref.startsWith('#/')) return undefined;
	let place: unknown = root;
	for (const step of ref.slice(2).split('/')) {
		const key = decoded(step);
		if (Array.isArray(place)) place = place[Number(key)] as unknown;
		else if (isObject(place) && Object.hasOwn(place, key)) place = place[key];
		else return undefined;
	}
	return place;
}

/** JSON Pointer in a URI fragment (RFC 6901, section 6). */
function decoded(step: string): string {
	try {
		return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
	} catch {
		return step;
	}
}

/** Whether null fits, as far as that can be seen without a check. */
export function admitsNull(given: unknown, root: JsonObject, level = 0): boolean {
	if (!isObject(given) || level > MAX_LEVELS) return given !== false;
	if (Array.isArray(given.enum) && !given.enum.includes(null)) return false;
	if ('const' in given && given.const !== null) return false;
	const shape = shapeOf(given);
	if (shape.kind === 'ref') return admitsNull(resolve(shape.ref, root), root, level + 1);
	if (shape.kind === 'anyOf') {
		return shape.branches.some((branch) => admitsNull(branch, root, level + 1));
	}
	if (shape.kind === 'scalar') return shape.type === 'null';
	return shape.kind === 'any';
}
