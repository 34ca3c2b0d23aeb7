import * as z from 'zod/v4';
import { type ZodTypeAny } from 'zod/v3';
import { zodToJsonSchema } from 'zod-to-json-schema';

import { withArrayItems } from './arrayItems';
import { type JsonObject, isObject } from './json';

/**
 * The JSON Schema of what a tool takes. Tools bring their schema in zod 3 (n8n's own), zod 4, or as JSON
 * Schema; whose copy of zod made it does not matter.
 * @returns undefined where the tool has no schema
 */
export function toJsonSchema(schema: unknown): JsonObject | undefined {
	if (!isObject(schema)) return undefined;
	// OpenAI's models refuse parameters without `type: object` or without `properties`, which some tools
	// of MCP servers have
	const json: JsonObject = { type: 'object', properties: {}, ...convert(schema) };
	delete json.$schema;
	// "anything else" says nothing
	if (isObject(json.additionalProperties) && Object.keys(json.additionalProperties).length === 0) {
		delete json.additionalProperties;
	}
	return withArrayItems(json);
}

/** What JSON Schema cannot say becomes "anything": the tool itself checks its arguments. */
const ZOD_OPTIONS = { io: 'input', unrepresentable: 'any' } as const;

function convert(schema: JsonObject): JsonObject {
	if ('_zod' in schema) {
		// a later copy of zod keeps its checks where ours (3.25) does not look: 4.6 lost all limits
		if (typeof schema.toJSONSchema === 'function') {
			return (schema as unknown as SelfDescribing).toJSONSchema(ZOD_OPTIONS);
		}
		const options = { ...ZOD_OPTIONS, override: addDescription };
		return z.toJSONSchema(schema as unknown as z.ZodType, options) as JsonObject;
	}
	if (isObject(schema._def)) {
		return zodToJsonSchema(schema as unknown as ZodTypeAny, { postProcess: correct }) as JsonObject;
	}
	return schema;
}

/** A schema of zod from 4.2 on. */
interface SelfDescribing {
	toJSONSchema(options: typeof ZOD_OPTIONS): JsonObject;
}

/** What zod-to-json-schema (3.25) does not know, or gets wrong. */
function correct(json: object | undefined, definition: object): JsonObject | undefined {
	const def = definition as JsonObject;
	const { description } = def;
	const described = (schema: JsonObject) => (description ? { ...schema, description } : schema);
	// n8n's `$fromAI('x', '…', 'json')` (n8n-workflow 2.41) has its JSON Schema there
	if (isObject(def.jsonSchema)) return described(def.jsonSchema);
	if (def.typeName === 'ZodLiteral' && def.value === null) return described({ type: 'null' });
	return json as JsonObject | undefined;
}

/** zod 4 keeps descriptions apart from schemas, in a registry that another copy of it cannot read. */
function addDescription({ zodSchema, jsonSchema }: { zodSchema: object; jsonSchema: JsonObject }) {
	const { description } = zodSchema as Partial<z.ZodType>;
	if (description !== undefined) jsonSchema.description ??= description;
}
