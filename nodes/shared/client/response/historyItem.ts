import { type JsonObject, isObject, omit, parseJson, withoutEmpty } from '../json';
import { fitCallId } from './callIds';
import { legalName } from './toolName';

/** What is to be sent, with what else is known of it. */
export interface HistoryEntry {
	item: unknown;
	/** What the user wrote himself: it is never changed, but it counts as a call or as a result. */
	isOwn?: boolean;
}

/** The key that keeps what a model wrote where a JSON object belongs. */
const RAW_KEY = 'raw';

/** Of an output only: OpenAI's models answer 400 "Unknown parameter: 'input[7].status'" (reported since July 2026). */
const OF_OUTPUT = ['status'];

/** Keys that are not those of a call, though the gateway's own schema (openapi @7c1300c) has them on each item. */
const NOT_OF_CALLS = [...OF_OUTPUT, 'id', 'role', 'content', 'text', 'summary', 'output'];

/** Keys that are not those of reasoning, or are read apart. */
const NOT_OF_REASONING = [...OF_OUTPUT, 'content', 'role', 'text'];

/**
 * One item of an earlier conversation in the form that all known servers take; undefined where nothing
 * is in it. Keys that no reference has stay, null keys and empty ids (vLLM refuses them) do not. An item of a
 * type that we do not know stays as it came: that is the API's to judge. What is wrong beyond that stays
 * too, for the check to name.
 */
export function fitItem(item: JsonObject): JsonObject | undefined {
	const cleaned = withoutEmpty(item);
	switch (kindOf(cleaned)) {
		case 'function_call':
			return fitCall(item, cleaned);
		case 'function_call_output':
			return fitOutput(item, cleaned);
		case 'reasoning':
			return fitReasoning(cleaned);
		case 'message':
			return isEmptyPart(item, cleaned) ? undefined : fitMessage(cleaned);
		default:
			return cleaned;
	}
}

/** DigitalOcean's own samples have output without a type, and calls whose type is '': the rest tells what they are. */
function kindOf(item: JsonObject): unknown {
	if (item.type) return item.type === 'text' && !item.role ? 'message' : item.type;
	if (item.role) return 'message';
	if (item.name && (item.call_id || item.arguments !== undefined)) return 'function_call';
	const isThought = partsOf(item.content).some(({ type }) => type === 'reasoning_text');
	return isThought ? 'reasoning' : 'message';
}

/** An output without type and role of which nothing was written. */
const isEmptyPart = (came: JsonObject, { type, role, content = [] }: JsonObject) =>
	'content' in came && !type && !role && Array.isArray(content) && content.length === 0;

/**
 * Never with its id: OpenAI's models refuse a call with an id whose reasoning is not there, and calls
 * without one were always accepted. What a model left empty is filled; what is not there at all, nobody's model wrote.
 */
function fitCall(came: JsonObject, call: JsonObject): JsonObject {
	const { call_id = call.id, name = '', arguments: args, ...rest } = call;
	return {
		...omit(rest, NOT_OF_CALLS),
		type: 'function_call',
		...withCallId(call_id),
		...('name' in came && { name: typeof name === 'string' ? legalName(name) : name }),
		...('arguments' in came && { arguments: objectText(args) }),
	};
}

/**
 * Arguments as the text of a JSON object. llama-server and transformers serve answer 500 to a history in which
 * they are no JSON, for ever; vLLM 0.32 gives the model `{}` then.
 */
export function objectText(args: unknown): string {
	if (isObject(args)) return JSON.stringify(args);
	const text = typeof args === 'string' ? args : JSON.stringify(args ?? '');
	const parsed = parseJson(text);
	if (isObject(parsed)) return text;
	const isNothing = text.trim() === '' || parsed === null || parsed === '';
	return isNothing ? '{}' : JSON.stringify({ [RAW_KEY]: text });
}

/** What is no text is for the check to name. */
const withCallId = (id: unknown) =>
	id === undefined ? {} : { call_id: typeof id === 'string' ? fitCallId(id) : id };

function fitOutput(came: JsonObject, item: JsonObject): JsonObject {
	const { call_id, output = '' } = item;
	return {
		...item,
		...withCallId(call_id),
		...('output' in came && { output: textOfOutput(output) }),
	};
}

function textOfOutput(output: unknown): string {
	if (typeof output === 'string') return output;
	const parts = partsOf(output);
	const isText = parts.length > 0 && parts.every(({ text }) => typeof text === 'string');
	return isText ? parts.map(({ text }) => text).join('') : JSON.stringify(output);
}

/** With a summary, if only an empty one: vLLM and llama-server want the key. */
function fitReasoning(item: JsonObject): JsonObject | undefined {
	const { encrypted_content: encrypted, ...rest } = item;
	const content = thoughts('reasoning_text', item.content);
	const summary = thoughts('summary_text', item.summary);
	if (content.length === 0 && summary.length === 0 && !encrypted) return undefined;
	return {
		...omit(rest, NOT_OF_REASONING),
		type: 'reasoning',
		...(encrypted ? { encrypted_content: encrypted } : {}),
		summary,
		...(content.length > 0 && { content }),
	};
}

/** The parts that are not blank, without null keys; old vLLM gives reasoning another type (its PR 24788). */
function thoughts(type: string, parts: unknown): JsonObject[] {
	const list = typeof parts === 'string' ? [{ text: parts }] : partsOf(parts);
	return list
		.filter(({ text }) => typeof text === 'string' && text.trim() !== '')
		.map((part) => ({ ...withoutEmpty(part), type }));
}

/** With its type: llama-server cannot tell what an assistant's message without it is, and all others take it. */
function fitMessage(item: JsonObject): JsonObject {
	const { role, content, tool_calls: calls, ...rest } = omit(item, ['type']);
	const isAnswer = item.type === 'text' || (partsOf(content).length > 0 && isTexts(content));
	const isSpoken = role === 'assistant' || (!role && isAnswer);
	const text = isSpoken ? textOfAnswer(item) : content;
	return {
		type: 'message',
		...(isSpoken ? { role: 'assistant' } : role ? { role } : {}),
		...(text !== undefined && { content: text }),
		...(isSpoken ? omit(rest, [...OF_OUTPUT, 'text']) : rest),
		...(calls !== undefined && {
			tool_calls: Array.isArray(calls) ? calls.map(fitChatCall) : calls,
		}),
	};
}

/**
 * What the model said as plain text, the one form of history that all servers take: vLLM 0.32 reads only the first
 * of several parts. Parts of other types stay, for the check or the API to name.
 */
function textOfAnswer({ type, text, content }: JsonObject): unknown {
	if (type === 'text') return text ?? '';
	if (content === undefined) return '';
	if (!isTexts(content)) return content;
	return content.map(({ text: said, refusal }) => said ?? refusal).join('');
}

const isTexts = (content: unknown): content is JsonObject[] =>
	Array.isArray(content) &&
	content.every(
		(part) =>
			isObject(part) &&
			((part.type === 'output_text' && typeof part.text === 'string') ||
				(part.type === 'refusal' && typeof part.refusal === 'string')),
	);

/** A call in the form of chat completions, within a message. */
function fitChatCall(call: unknown): unknown {
	if (!isObject(call) || !isObject(call.function)) return call;
	const { name, arguments: args } = call.function;
	const fitName = typeof name === 'string' ? { name: legalName(name) } : {};
	return { ...call, function: { ...call.function, ...fitName, arguments: objectText(args) } };
}

const partsOf = (content: unknown): JsonObject[] =>
	Array.isArray(content) ? content.filter(isObject) : [];
