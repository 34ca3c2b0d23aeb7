import type { Tool } from '@n8n/ai-node-sdk';

import type { ResponseRequest, Tool as RequestTool } from '../shared/client';
import { isObject } from '../shared/client/json';
import { ownName } from '../shared/client/response/toolName';
import type { Connection } from '../shared/host/connection';

type ToolChoice = ResponseRequest['tool_choice'];

/** A tool of n8n's node, and what the model sees of it. */
export interface NamedTool {
	/** As n8n calls it; undefined for a tool of the API itself. */
	name?: string;
	definition: RequestTool;
}

/**
 * The tools of n8n's node under names that the API takes and that differ: n8n does not clean those of MCP servers.
 * @param others the tools of 'Additional Fields (JSON)', whose names are taken
 */
export function nameTools(
	tools: Tool[],
	others: unknown,
	toJsonSchema: Connection['toJsonSchema'],
): NamedTool[] {
	const taken = new Set(functionNames(others));
	return tools.map((tool) => {
		const definition = toRequestTool(tool, toJsonSchema);
		if (tool.type === 'provider') return { definition };
		return { name: tool.name, definition: { ...definition, name: ownName(tool.name, taken) } };
	});
}

/** The functions that a list of tools offers. */
export const functionNames = (tools: unknown): string[] =>
	(Array.isArray(tools) ? (tools as unknown[]) : []).flatMap((tool) =>
		isObject(tool) && tool.type === 'function' && typeof tool.name === 'string' ? tool.name : [],
	);

/** A tool of the SDK as one of the request. The API's own tools go by their type. */
export function toRequestTool(tool: Tool, toJsonSchema: Connection['toJsonSchema']): RequestTool {
	if (tool.type === 'provider') return { ...tool.args, type: tool.name } as RequestTool;
	const { name, description, strict } = tool;
	const parameters = toJsonSchema(tool.inputSchema);
	return {
		...tool.providerOptions,
		type: 'function',
		name,
		...(description && { description }),
		...(parameters && { parameters }),
		...(strict !== undefined && { strict }),
	};
}

/** LangChain's words for it, and those of other APIs, which nodes of n8n also use. */
export function toToolChoice(choice: unknown, tools: NamedTool[] = []): ToolChoice {
	if (choice === undefined || choice === null) return undefined;
	if (choice === 'any' || choice === 'required') return 'required';
	if (choice === 'auto' || choice === 'none') return choice;
	const chosen = isObject(choice) ? nameOf(choice) : choice;
	if (typeof chosen === 'string' && chosen) {
		const name = tools.find((tool) => tool.name === chosen)?.definition.name ?? chosen;
		return { type: 'function', function: { name } };
	}
	return isObject(choice) ? toToolChoice(choice.type) : undefined;
}

const nameOf = (choice: { name?: unknown; function?: unknown; toolName?: unknown }) =>
	(isObject(choice.function) ? choice.function.name : undefined) ?? choice.name ?? choice.toolName;
