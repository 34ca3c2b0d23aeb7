import { type JsonObject, isObject } from '../../shared/client/json';
import { fitItem } from '../../shared/client/response/historyItem';
import { asText, isUnset } from '../../shared/form/values';

/** An n8n item with its place among all incoming items. */
export interface IncomingItem {
	json: JsonObject;
	index: number;
	/** The parts of a message that its files are. */
	attachments?: JsonObject[];
}

const MEMBER_TYPES = ['message', 'function_call', 'function_call_output', 'reasoning'];

/** Whether the item is for a call, as those of the Tool Calls output, which answer it once they have an `output`. */
export const isAnswer = (json: JsonObject) =>
	!isUnset(json.call_id) && !MEMBER_TYPES.includes(asText(json.type));

/** Whether the item is an input item already. */
export const isMember = (json: JsonObject) =>
	MEMBER_TYPES.includes(asText(json.type)) || ('role' in json && 'content' in json);

/**
 * Which items share a request: all, unless they answer calls of several responses. Then the answers to
 * one response go together, and so do the other items.
 */
export function groupByResponse(items: JsonObject[]): number[][] {
	const groups = new Map<string, number[]>();
	const responseKey = keyOfResponses();
	items.forEach((json, index) => {
		const key = isAnswer(json) ? responseKey(json) : '';
		const group = groups.get(key);
		if (group) group.push(index);
		else groups.set(key, [index]);
	});
	const responses = [...groups.keys()].filter(Boolean);
	return responses.length > 1 ? [...groups.values()] : [items.map((_, index) => index)];
}

/** Some gateways leave the id empty; the conversation, which all calls of a response share, then tells them apart. */
function keyOfResponses() {
	const texts = new WeakMap<object, string>();
	const textOf = (conversation: unknown) => {
		if (typeof conversation !== 'object' || conversation === null) return asText(conversation);
		const text = texts.get(conversation) ?? asText(conversation);
		texts.set(conversation, text);
		return text;
	};
	return ({ response_id: id, conversation }: JsonObject) => asText(id) || textOf(conversation);
}

/** The conversation that the answers among the items belong to. */
export function conversationOf(items: IncomingItem[]): unknown[] {
	const found = items.find(({ json }) => isAnswer(json) && Array.isArray(json.conversation));
	return (found?.json.conversation ?? []) as unknown[];
}

interface FieldNames {
	content: string;
	/** Empty: all are messages of the user. */
	role: string;
}

/** What became of an item; `problem` says why there is no input item. */
export interface Outcome {
	inputItem?: JsonObject;
	/** It comes from an earlier conversation, not from the fields of the user's items. */
	isMember?: boolean;
	problem?: string;
	/** There is no text, which is no problem where there are files. */
	isNothing?: true;
}

/**
 * An n8n item as a text of the user, whatever else is in it: its writer decides what is said, not who says
 * it. A list or an object is its JSON.
 */
export function toUserMessage(json: JsonObject, { content }: FieldNames): Outcome {
	const text = asText(fieldOf(json, content));
	if (text !== '') return { inputItem: { role: 'user', content: text } };
	return isAnswer(json) && 'conversation' in json
		? { problem: `${isForCall(json)}: for those, 'Items Are' must be Answers to Tool Calls` }
		: nothingIn(content);
}

/**
 * An n8n item that a person or the workflow made of one of the Tool Calls output, as the output of its call. A list or
 * an object is its JSON.
 */
export function toAnswer(json: JsonObject): Outcome {
	if (!isAnswer(json)) return { problem: `answers no call: ${BRING_ALONG}` };
	if (json.output === undefined) {
		return { problem: `${isForCall(json)}, but has no field 'output' with the answer` };
	}
	const output = typeof json.output === 'string' ? json.output : JSON.stringify(json.output);
	const call_id = asText(json.call_id);
	return { inputItem: { type: 'function_call_output', call_id, output } };
}

/** Item links are lost where a node makes one item of several, or items of its own. */
const BRING_ALONG =
	"bring 'call_id' and 'conversation' of the item from the Tool Calls output along, for example with a Merge node by position";

/**
 * An n8n item as a member of the input union: as it is, if it is one; as the output of a call; or else as
 * a message. Reasoning without content becomes nothing.
 */
export function toInputItem(json: JsonObject, fields: FieldNames): Outcome {
	const type = asText(json.type);
	if (isMember(json)) {
		const isUsers = fields.role === '' && (type === 'message' || !MEMBER_TYPES.includes(type));
		return isUsers
			? { inputItem: { role: 'user', content: fitItem(json)?.content } }
			: { inputItem: json, isMember: true };
	}
	if (isAnswer(json) && (json.output !== undefined || 'conversation' in json)) {
		return toAnswer(json);
	}
	const content = fieldOf(json, fields.content);
	const text = Array.isArray(content) ? content : asText(content);
	if (text.length === 0) return nothingIn(fields.content);
	const role = fields.role && fieldOf(json, fields.role);
	return { inputItem: { role: isUnset(role) ? 'user' : role, content: text } };
}

const isForCall = (json: JsonObject) =>
	`is for the call '${asText(json.call_id)}' of ${asText(json.name)}`;

const nothingIn = (field: string): Outcome => ({
	problem: `has nothing in the field '${field}' ('Content Field')`,
	isNothing: true,
});

/** A field by its name, or by a path with dots where no field has that name. */
function fieldOf(json: JsonObject, path: string): unknown {
	if (Object.hasOwn(json, path)) return json[path];
	return path
		.split('.')
		.reduce<unknown>(
			(value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
			json,
		);
}

/**
 * What is wrong between calls and answers: the API refuses an input in which a call has no output, or
 * more than one, or an output has no call before it.
 */
export function unansweredCalls(input: unknown[]): string[] {
	const open = new Map<string, string>();
	const closed = new Set<string>();
	const problems: string[] = [];
	for (const item of input) {
		if (!isObject(item)) continue;
		const id = asText(item.call_id);
		if (item.type === 'function_call') open.set(id, asText(item.name));
		if (item.type !== 'function_call_output') continue;
		if (open.delete(id)) closed.add(id);
		else if (closed.has(id)) problems.push(`the incoming items answer the call '${id}' twice`);
		else
			problems.push(
				`the incoming items answer the call '${id}', which the conversation does not have: ${BRING_ALONG}`,
			);
	}
	for (const [id, name] of open) {
		problems.push(
			`the incoming items have no answer to the call '${id}' of ${name}, and the model waits for all: bring them together, or turn off 'Parallel Tool Calls' in 'Options' of the node that asks`,
		);
	}
	return problems;
}
