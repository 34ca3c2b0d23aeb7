import { type JsonObject, isObject, readJson } from '../json';
import type { Output } from './outputItems';
import { isSearch } from './searches';

/** A tool that the server ran itself, searches apart: `mcp_call`, `web_fetch_call` and the like. */
export interface ServerToolCall {
	/** As the API names the item. */
	type: string;
	/** Of the tool, where the item has one. */
	name?: string;
	/** Of an MCP server. */
	server_label?: string;
	/** Parsed, or the text as it came where that is not JSON; null where there are none. */
	arguments: unknown;
	/** What the tool gave, where the API tells. */
	output?: unknown;
	error?: unknown;
	status?: string;
}

/** These wait for an answer of whoever asked, or are more than words. */
const NOT_RUN = [
	'custom_tool_call',
	'computer_call',
	'local_shell_call',
	'shell_call',
	'apply_patch_call',
	'image_generation_call',
];

/** What goes with such calls and says nothing more: the list of an MCP server's tools, and results of their own. */
const BESIDE = /^(mcp_list_tools|\w+_call_output|tool_search_output)$/;

function isRun(one: Output): boolean {
	if (one.kind !== 'other' || isSearch(one)) return false;
	const type = String(one.item.type);
	return type.endsWith('_call') && !NOT_RUN.includes(type);
}

const isBeside = ({ item }: Output) => BESIDE.test(String(item.type));

/** Whether an item tells of what the server did itself. */
export const isOfServer = (one: Output): boolean => isRun(one) || isSearch(one) || isBeside(one);

/** The ids of calls whose results stand beside them: whoever wrote those has run them. */
export const answeredIds = (items: ReadonlyArray<object>): ReadonlySet<unknown> =>
	new Set(
		items.flatMap((item) =>
			'type' in item && item.type === 'function_call_output' && 'call_id' in item
				? item.call_id
				: [],
		),
	);

/** undefined where the answer has none. */
export function readServerToolCalls(output: Output[]): ServerToolCall[] | undefined {
	const results = new Map<unknown, JsonObject>(
		output
			.filter((one) => isBeside(one) && isText(one.item.call_id))
			.map(({ item }) => [item.call_id, item]),
	);
	const calls = output.flatMap((one): ServerToolCall[] => {
		if (one.kind === 'function_call') {
			const result = results.get(one.callId);
			if (!result) return [];
			const { name, arguments: args } = one;
			return [toCall({ type: 'function_call', name, arguments: args, output: result.output })];
		}
		if (!isRun(one)) return [];
		const result = results.get(one.item.call_id);
		return [toCall({ ...(result && { output: result.output ?? result.tools }), ...one.item })];
	});
	return calls.length > 0 ? calls : undefined;
}

function toCall(item: JsonObject): ServerToolCall {
	const { type, name, server_label: label, status, error } = item;
	const output = item.output ?? item.result ?? item.results ?? item.outputs;
	return {
		type: String(type),
		...(isText(name) && { name }),
		...(isText(label) && { server_label: label }),
		arguments: parsed(item.arguments ?? item.action ?? item.input ?? null),
		...(output !== undefined && output !== null && { output: parsed(output) }),
		...(error !== undefined && error !== null && { error }),
		...(isText(status) && { status }),
	};
}

/** Objects and lists that came as JSON text. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const { value: read } = readJson(value);
	return isObject(read) || Array.isArray(read) ? read : value;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
