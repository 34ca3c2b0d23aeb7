import type { Tool } from '@n8n/ai-node-sdk';

import type { ResponseRequest, Tool as RequestTool } from '../shared/client';
import { isObject } from '../shared/client/json';
import type { Connection } from '../shared/host/connection';

type ToolChoice = ResponseRequest['tool_choice'];

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
export function toToolChoice(choice: unknown): ToolChoice {
	if (choice === undefined || choice === null) return undefined;
	if (choice === 'any' || choice === 'required') return 'required';
	if (choice === 'auto' || choice === 'none') return choice;
	const name = isObject(choice) ? nameOf(choice) : choice;
	if (typeof name === 'string' && name) return { type: 'function', function: { name } };
	return isObject(choice) ? toToolChoice(choice.type) : undefined;
}

const nameOf = (choice: { name?: unknown; function?: unknown; toolName?: unknown }) =>
	(isObject(choice.function) ? choice.function.name : undefined) ?? choice.name ?? choice.toolName;
