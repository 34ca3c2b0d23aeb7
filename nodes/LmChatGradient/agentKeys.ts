import type { InputItem } from '../shared/client';
import { type JsonObject, isObject, parseJson } from '../shared/client/json';

type Call = Extract<InputItem, { type: 'function_call' }>;

/**
 * A call as the model made it: n8n's agent (3.1 in 2.41) adds the call's id to the arguments in its history, and the
 * tool's name for the tools of an MCP server.
 * @param parameters of the tool: what it takes by these names stays
 */
export function withoutAgentKeys(call: Call, parameters: JsonObject | undefined): Call {
	const args = parseJson(call.arguments);
	if (!isObject(args)) return call;
	const taken = isObject(parameters?.properties) ? parameters.properties : {};
	const isAdded = ([key, value]: [string, unknown]) =>
		!Object.hasOwn(taken, key) &&
		((key === 'id' && value === call.call_id) || (key === 'tool' && value === call.name));
	const entries = Object.entries(args);
	const kept = entries.filter((entry) => !isAdded(entry));
	if (kept.length === entries.length) return call;
	return { ...call, arguments: JSON.stringify(Object.fromEntries(kept)) };
}
