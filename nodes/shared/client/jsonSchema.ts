import * as z from 'zod/v4';
import { type ZodTypeAny } from 'zod/v3';
import { zodToJsonSchema } from 'zod-to-json-schema';

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
	return json;
}

function convert(schema: JsonObject): JsonObject {
	if ('_zod' in schema) {
		// what JSON Schema cannot say becomes "anything": the tool itself checks its arguments
		const options = { io: 'input', unrepresentable: 'any', override: addDescription } as const;
		return z.toJSONSchema(schema as unknown as z.ZodType, options) as JsonObject;
	}
	if (isObject(schema._def)) {
		return zodToJsonSchema(schema as unknown as ZodTypeAny) as JsonObject;
	}
	return schema;
}

/** zod 4 keeps descriptions apart from schemas, in a registry that another copy of it cannot read. */
function addDescription({ zodSchema, jsonSchema }: { zodSchema: object; jsonSchema: JsonObject }) {
	const { description } = zodSchema as Partial<z.ZodType>;
	if (description !== undefined) jsonSchema.description ??= description;
}
