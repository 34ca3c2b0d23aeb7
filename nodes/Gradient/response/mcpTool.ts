import { type JsonObject, isObject, parseJson } from '../../shared/client/json';
import type { LangChainTool } from './langChainTool';

/** The server has forgotten the session, as it does when it restarts: it has not run the call. */
export class LostSession extends Error {}

/**
 * What servers and n8n's client say then. "Not connected" and a refused connection are those of a server that is
 * away; a connection that breaks within a call is not here, because the call may have been run.
 */
const LOST_SESSION =
	/session[^\n]{0,40}(not found|expired|invalid|unknown|terminated|does not exist)|(no valid|invalid|unknown|missing|expired) session|not connected|ECONNREFUSED/i;

/** What n8n's client (2.41) makes of an object of JSON Schema that is no object of zod. */
const NO_OBJECTS = ['ZodRecord', 'ZodIntersection', 'ZodEffects'];

/**
 * The schema of an MCP tool as its server has it. Where that is no plain object (`{ type: 'object' }` without
 * properties, or with oneOf beside them), n8n 2.41 wraps it in an object with the one key `value`
 * (mcpToolToDynamicTool), which the server does not know.
 */
export function mcpSchema(schema: unknown): unknown {
	const shape = isObject(schema) ? schema.shape : undefined;
	if (!isObject(shape) || Object.keys(shape).join() !== 'value' || !isObject(shape.value))
		return schema;
	const { _def: inner } = shape.value;
	const isWrapped =
		isObject(inner) && NO_OBJECTS.includes(String(inner.typeName)) && !inner.description;
	return isWrapped ? shape.value : schema;
}

/**
 * Calls a tool of an MCP server as n8n's AI Agent does (2.41): the server gets the arguments as the model wrote
 * them, and checks them itself. By `invoke`, n8n's own copy of the schema refuses what the server takes, and
 * drops nested keys; both ways are logged as a run of the tool.
 * @throws LostSession; Error with what the server says, as the client gives failures as a text: a result is
 * always a JSON object or list (`isError`, a time-out and a lost session are not)
 */
export async function callMcpTool(tool: LangChainTool, args: JsonObject): Promise<unknown> {
	const result = await (tool._call ? tool._call(args) : tool.invoke(args)).catch(
		(error: unknown) => {
			throw asFailure(error instanceof Error ? error.message : String(error));
		},
	);
	if (typeof result !== 'string' || isJson(result)) return result;
	throw asFailure(result);
}

const asFailure = (words: string) =>
	LOST_SESSION.test(words.slice(0, 1_000)) ? new LostSession(words) : new Error(words);

const isJson = (text: string) => {
	const parsed = parseJson(text);
	return isObject(parsed) || Array.isArray(parsed);
};
