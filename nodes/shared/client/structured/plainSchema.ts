import { type JsonObject, isObject } from '../json';
import { MAX_LEVELS, type Shape, admitsNull, resolve, shapeOf } from './shape';
import type { PlainSchema } from './wanted';

/** The key of a value that is no object. */
export const VALUE_KEY = 'value';

/** What a plain schema does not say by keywords, it says in words: models read descriptions. */
const TOLD = [
	...['format', 'pattern', 'minLength', 'maxLength'],
	...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	...['maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'default'],
];

/** Characters that JSON escapes: in keys and allowed values no grammar library of four takes them. */
const isEscaped = (text: string) => JSON.stringify(text) !== `"${text}"`;

const NULL = { type: 'null' };

/**
 * The schema as it is sent: only what servers enforce alike and OpenAI's strict mode takes. Each object names all its
 * properties, each is required, and null where it may be left out; limits stand in the description. What is left out
 * only admits more, and is checked here. Seen of vLLM 0.32 and of xgrammar 0.2.8, llguidance 1.7.6, outlines_core 0.2.14
 * and lm-format-enforcer 0.11.3: beyond this, each breaks other keywords without a word.
 */
export function plainSchema(schema: JsonObject | undefined): PlainSchema {
	if (!schema) return { schema: { type: 'object' }, isStrict: false, isWrapped: false };
	const writer = new PlainWriter(schema);
	let root = shapeOf(schema);
	const seen = new Set<string>();
	while (root.kind === 'ref' && !seen.has(root.ref)) {
		seen.add(root.ref);
		root = shapeOf(resolve(root.ref, schema));
	}
	const written = writer.write(root, 0);
	const isWrapped = root.kind !== 'object';
	const object = isWrapped ? closed({ [VALUE_KEY]: written }) : written;
	const $defs = writer.definitions();
	const isUsed = Object.keys($defs).length > 0;
	return { schema: isUsed ? { ...object, $defs } : object, isStrict: writer.isStrict, isWrapped };
}

const closed = (properties: JsonObject): JsonObject => ({
	type: 'object',
	properties,
	required: Object.keys(properties),
	additionalProperties: false,
});

class PlainWriter {
	isStrict = true;
	/** By reference; written when they are first met. */
	private readonly defined = new Map<string, { name: string; schema?: JsonObject }>();

	constructor(private readonly root: JsonObject) {}

	definitions(): JsonObject {
		return Object.fromEntries(
			[...this.defined.values()].map(({ name, schema }) => [name, schema ?? {}]),
		);
	}

	write(shape: Shape, level: number): JsonObject {
		if (level > MAX_LEVELS) return this.anything();
		switch (shape.kind) {
			case 'object':
				return described(this.object(shape, level), shape.schema);
			case 'array':
				return described(this.array(shape, level), shape.schema);
			case 'anyOf':
				return this.union(shape, level);
			case 'ref':
				return this.reference(shape.ref, level);
			case 'scalar':
				return described(scalar(shape.type, shape.schema), shape.schema);
			default:
				return described(this.anything(), shape.schema);
		}
	}

	private anything(): JsonObject {
		this.isStrict = false;
		return {};
	}

	private object(shape: Extract<Shape, { kind: 'object' }>, level: number): JsonObject {
		const { properties, required, isOpen, schema } = shape;
		const keys = Object.keys(properties);
		const inner = (key: string) => {
			const one = this.write(shapeOf(properties[key]), level + 1);
			const isOptional = !required.includes(key) && !admitsNull(properties[key], this.root);
			return isOptional ? withNull(one) : one;
		};
		if (keys.some((key) => isEscaped(key))) {
			this.isStrict = false;
			return { type: 'object' };
		}
		const written = Object.fromEntries(keys.map((key) => [key, inner(key)]));
		if (!isOpen) return closed(written);
		this.isStrict = false;
		const { additionalProperties: others } = schema;
		return {
			type: 'object',
			...(keys.length > 0 && { properties: written, required: keys }),
			...(isObject(others) &&
				keys.length === 0 && {
					additionalProperties: this.write(shapeOf(others), level + 1),
				}),
		};
	}

	private array({ items, schema }: Extract<Shape, { kind: 'array' }>, level: number): JsonObject {
		const written = items.map((one) => this.write(shapeOf(one), level + 1));
		const least = items.length > 0 && typeof schema.minItems === 'number' && schema.minItems > 0;
		const item =
			written.length === 0
				? this.anything()
				: written.length === 1
					? written[0]
					: { anyOf: distinct(written) };
		return { type: 'array', items: item, ...(least && { minItems: schema.minItems }) };
	}

	private union({ branches, schema }: Extract<Shape, { kind: 'anyOf' }>, level: number) {
		const written = distinct(branches.map((one) => this.write(shapeOf(one), level + 1)));
		return described(written.length === 1 ? written[0] : { anyOf: written }, schema, []);
	}

	/** Alone: beside other keywords it means different things to different libraries. */
	private reference(ref: string, level: number): JsonObject {
		const meant = resolve(ref, this.root);
		if (meant === undefined) return this.anything();
		const known = this.defined.get(ref);
		if (known) return { $ref: `#/$defs/${known.name}` };
		const own = /[^/]+$/.exec(ref)?.[0].replace(/[^\w-]/g, '_') ?? '_';
		const taken = [...this.defined.values()].map(({ name }) => name);
		const name = taken.includes(own) ? `${own}_${this.defined.size}` : own;
		const definition: { name: string; schema?: JsonObject } = { name };
		this.defined.set(ref, definition);
		definition.schema = this.write(shapeOf(meant), level + 1);
		return { $ref: `#/$defs/${name}` };
	}
}

function scalar(type: string, schema: JsonObject): JsonObject {
	const values = 'const' in schema ? [schema.const] : schema.enum;
	const isSendable =
		type === 'string' &&
		Array.isArray(values) &&
		values.every((value) => typeof value === 'string' && !isEscaped(value));
	return { type, ...(isSendable && { enum: values as unknown[] }) };
}

function withNull(schema: JsonObject): JsonObject {
	const { description, ...rest } = schema;
	const branches = Array.isArray(rest.anyOf) ? (rest.anyOf as JsonObject[]) : [rest];
	return {
		anyOf: distinct([...branches, NULL]),
		...(description !== undefined && { description }),
	};
}

const distinct = (schemas: JsonObject[]): JsonObject[] => [
	...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values(),
];

function described(written: JsonObject, schema: JsonObject, told = TOLD): JsonObject {
	const values = 'const' in schema ? [schema.const] : schema.enum;
	const limits = told
		.filter((keyword) => keyword in schema)
		.map((keyword) => `${keyword}: ${asWord(schema[keyword])}`);
	if (Array.isArray(values) && !('enum' in written) && told.length > 0) {
		limits.unshift(`one of ${values.map((value) => JSON.stringify(value)).join(', ')}`);
	}
	const said = typeof schema.description === 'string' ? [schema.description] : [];
	const description = [...said, ...(limits.length > 0 ? [`(${limits.join('; ')})`] : [])].join(' ');
	return description ? { ...written, description } : written;
}

const asWord = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
