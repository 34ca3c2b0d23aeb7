import type { IDataObject } from 'n8n-workflow';

/** An item as a server sees it. */
type Item = IDataObject;

const OF_USER = new Set<unknown>(['user', 'system', 'developer']);

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * What the strictest of the known servers would refuse of an input, put together from all of them: OpenAI's
 * recorded 400s on reasoning and ids, llama-server's and transformers serve's demands on types and arguments,
 * vLLM's on null keys, and what chat templates want of calls and results. Empty if nothing.
 */
export function refusals(input: unknown): string[] {
	if (typeof input === 'string') return [];
	if (!Array.isArray(input)) return ['input is no list'];
	// all of them know a message of the user by its role
	const items = (input as Item[]).map((item) =>
		OF_USER.has(item.role) ? { type: 'message', ...item } : item,
	);
	const shapes = items.flatMap((item, index) =>
		refusalsOfItem(item).map((words) => `input[${index}] ${words}`),
	);
	const beginning =
		items.length > 0 && items[0].type !== 'message' ? ['begins with no message'] : [];
	return [...beginning, ...shapes, ...refusalsOfCalls(items), ...refusalsOfReasoning(items)];
}

function refusalsOfItem(item: Item): string[] {
	const said: string[] = [];
	if (!item.type) said.push("Cannot determine type of 'item'");
	const isKnown = ['function_call', 'reasoning', 'message'].includes(String(item.type));
	if (isKnown && 'status' in item) said.push("Unknown parameter: 'status'");
	for (const [key, value] of Object.entries(item)) {
		if (value === null) said.push(`${key} is null`);
		if (value === '' && key.endsWith('id')) said.push(`${key} is empty`);
	}
	switch (item.type) {
		case 'function_call':
			if (!NAME.test(String(item.name))) said.push(`name '${String(item.name)}' is illegal`);
			if (!isObjectText(item.arguments)) said.push('arguments are no JSON object');
			if (!isCallId(item.call_id)) said.push('call_id is illegal');
			break;
		case 'function_call_output':
			if (typeof item.output !== 'string') said.push('output is no text');
			if (!isCallId(item.call_id)) said.push('call_id is illegal');
			break;
		case 'reasoning':
			if (!Array.isArray(item.summary)) said.push('has no summary');
			if (item.content !== undefined && (item.content as unknown[]).length === 0)
				said.push('content is empty');
			break;
		case 'message':
			if (!item.role) said.push('has no role');
			if (item.role === 'assistant' && typeof item.content !== 'string')
				said.push('content of the assistant is no text');
	}
	return said;
}

const isCallId = (id: unknown) => typeof id === 'string' && id.length >= 1 && id.length <= 64;

function isObjectText(args: unknown): boolean {
	if (typeof args !== 'string') return false;
	try {
		const value: unknown = JSON.parse(args);
		return typeof value === 'object' && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}

/** Each call once, each answered once, after it and before the user speaks again. */
function refusalsOfCalls(items: Item[]): string[] {
	const said: string[] = [];
	const open = new Set<unknown>();
	const seen = new Set<unknown>();
	for (const { type, role, call_id: id } of items) {
		if (type === 'function_call') {
			if (seen.has(id)) said.push(`call_id ${String(id)} comes twice`);
			seen.add(id);
			open.add(id);
		} else if (type === 'function_call_output') {
			if (!open.delete(id)) said.push(`No tool call found for the output of ${String(id)}`);
		} else if (type === 'message' && role !== 'assistant' && open.size > 0) {
			said.push(`No tool output found for function call ${[...open].join()}`);
			open.clear();
		}
	}
	if (open.size > 0) said.push(`No tool output found for function call ${[...open].join()}`);
	return said;
}

/** OpenAI's recorded 400s: reasoning with its following item, and messages and calls with their reasoning. */
function refusalsOfReasoning(items: Item[]): string[] {
	const said: string[] = [];
	items.forEach((item, index) => {
		const next = items.at(index + 1);
		const before = index > 0 ? items[index - 1] : undefined;
		if (item.type === 'reasoning') {
			const isFollowed =
				next &&
				next.type !== 'function_call_output' &&
				!(next.type === 'message' && next.role !== 'assistant');
			const hasLostId =
				item.id && (next?.type === 'message' || next?.type === 'reasoning') && !next.id;
			if (!isFollowed || hasLostId) {
				said.push(
					`Item '${String(item.id)}' of type 'reasoning' was provided without its required following item.`,
				);
			}
		}
		const isOfModel =
			item.type === 'function_call' || (item.type === 'message' && item.role === 'assistant');
		if (isOfModel && item.id && !(before?.type === 'reasoning' && before.id)) {
			said.push(
				`Item '${String(item.id)}' of type '${String(item.type)}' was provided without its required 'reasoning' item.`,
			);
		}
	});
	return said;
}
