import { type JsonObject, isObject } from '../../../shared/client/json';
import { asText } from '../../../shared/form/values';

/** What we touch of a message of LangChain. */
export interface MemoryMessage {
	content: unknown;
	tool_calls?: Array<{ id?: string; name?: string; args?: unknown }>;
	tool_call_id?: string;
	type?: unknown;
	/** human, ai, system, tool; `_getType` is that of LangChain before 1.0 */
	getType?(): string;
	_getType?(): string;
}

/** What we touch of n8n's memory nodes, which give memories of LangChain. */
export interface LangChainMemory {
	memoryKey?: string;
	loadMemoryVariables(values: object): Promise<Record<string, unknown>>;
	saveContext(input: { input: string }, output: { output: string }): Promise<void>;
	chatHistory?: { addMessages?(messages: unknown[]): Promise<void> };
}

/** The messages of a memory as input items, not yet fit to be sent: a window may have cut off where they begin. */
export async function loadItems(memory: LangChainMemory): Promise<JsonObject[]> {
	const variables = await memory.loadMemoryVariables({});
	const messages = variables[memory.memoryKey ?? 'chat_history'];
	return withoutOrphans(
		(Array.isArray(messages) ? messages : []).filter(isObject).flatMap(toItems),
	);
}

function toItems(one: JsonObject): JsonObject[] {
	const message = one as unknown as MemoryMessage;
	const text = textOf(message.content);
	switch (message.getType?.() ?? message._getType?.() ?? message.type) {
		case 'ai':
			return [
				...(text ? [{ type: 'message', role: 'assistant', content: text }] : []),
				...(message.tool_calls ?? []).map(({ id, name, args }) => ({
					type: 'function_call',
					call_id: id,
					name,
					arguments: JSON.stringify(args ?? {}),
				})),
			];
		case 'tool':
			return [{ type: 'function_call_output', call_id: message.tool_call_id, output: text }];
		case 'system':
			return [{ type: 'message', role: 'system', content: text }];
		default:
			return [{ type: 'message', role: 'user', content: text }];
	}
}

/** Pictures and files that an agent has put there are not sent again. */
function textOf(content: unknown): string {
	if (!Array.isArray(content)) return asText(content);
	return content.map((part) => (isObject(part) ? asText(part.text) : asText(part))).join('');
}

/** A result whose call the window of the memory has left behind answers nothing. */
function withoutOrphans(items: JsonObject[]): JsonObject[] {
	const calls = new Set<unknown>();
	return items.filter(({ type, call_id }) => {
		if (type === 'function_call') calls.add(call_id);
		return type !== 'function_call_output' || calls.has(call_id);
	});
}
