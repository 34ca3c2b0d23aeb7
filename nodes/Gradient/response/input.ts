import { type JsonObject, isObject } from '../../shared/client/json';
import { fitEntries } from '../../shared/client/response/history';
import type { HistoryEntry } from '../../shared/client/response/historyItem';
import { labelsOf } from '../../shared/form/labels';
import { type Report, asJson, asScalar, asText, isUnset } from '../../shared/form/values';
import {
	type IncomingItem,
	conversationOf,
	toAnswer,
	toInputItem,
	toUserMessage,
	unansweredCalls,
} from './incomingItems';
import { rowFields } from './messages.fields';
import { attachTo, fromFiles, withAttachments } from './messageFiles';
import type { CreateParameters, MessageRow, PartRow } from './parameters';

/** An input as built, not yet checked: the request's schema does that. */
export interface BuiltInput {
	/** undefined where it could not be built at all, which was reported. */
	input: unknown;
	/** What the form calls the whole input. */
	field: string;
	/** Where in the form an entry came from, in words: `'Messages' row 3`. */
	placeOf(entry: number): string;
	/** What the form calls a key of an entry: `call_id` is `Call ID`. */
	labels: Record<string, string>;
}

/**
 * Builds the `input` of a request as the form says.
 * @param items the n8n items of this request: one, or all for Incoming Items
 * @param report is told what cannot be built, in words for the user
 */
export function buildInput(
	parameters: CreateParameters,
	items: IncomingItem[],
	report: Report,
): BuiltInput {
	switch (parameters.inputType) {
		case 'text':
			return fromText(promptOf(parameters, report), items[0]?.attachments);
		case 'messages':
			return fromMessages(parameters, report, items[0]?.attachments);
		case 'items':
			return fromItems(parameters, items, report);
		case 'json':
			return fromJson(parameters.inputJson, report);
	}
}

function promptOf({ prompt }: CreateParameters, report: Report): string {
	const text = asText(prompt);
	if (text.trim() === '') report(`'Prompt' is empty: ${FILL_PROMPT}`);
	return text;
}

const FILL_PROMPT =
	'say what the model should answer. Where an expression finds nothing for some items, correct it, or take them out before with a Filter node';

/** One entry of the input with the place that it came from. */
interface Entry extends HistoryEntry {
	place: string;
}

const toInput = (
	field: string,
	entries: Entry[],
	labels: Record<string, string> = {},
): BuiltInput => ({
	input: entries.map(({ item }) => item),
	field,
	placeOf: (entry) => entries[entry]?.place ?? '',
	labels,
});

/** A text as such is what all servers take; beside files it is a part of a message. */
function fromText(prompt: string, attachments: JsonObject[] = []): BuiltInput {
	const field = "'Prompt'";
	if (attachments.length === 0 || prompt.trim() === '') {
		return { ...toInput(field, []), input: prompt };
	}
	const item = withAttachments({ role: 'user', content: prompt }, attachments);
	return toInput(field, [{ item, place: field }]);
}

function fromMessages(
	{ messages = [], options }: CreateParameters,
	report: Report,
	attachments: JsonObject[] = [],
): BuiltInput {
	const isTyped = asScalar(options.sendMessageType) === true;
	const entries = messages.flatMap((row, index): Entry[] => {
		const place = `'Messages' row ${index + 1}`;
		const complain: Report = (problem) => report(`${place} ${problem}`);
		if (row.type !== 'conversation') {
			return [{ item: withType(fromRow(row, complain), isTyped), place, isOwn: true }];
		}
		return fromConversation(row.conversation, complain).map((item, position) => ({
			item,
			place: `${place} 'Conversation' entry ${position + 1}`,
		}));
	});
	const fit = attachTo(fitEntries(entries), attachments, isTyped);
	return toInput("'Messages'", fit, labelsOf(rowFields));
}

/** Other input items have their type anyway. */
const withType = (inputItem: JsonObject, isTyped: boolean): JsonObject =>
	isTyped ? { type: 'message', ...inputItem } : inputItem;

function fromRow(row: MessageRow, report: Report): JsonObject {
	const { id, status, encryptedContent, summary } = row.moreFields ?? {};
	const more = {
		...(!isUnset(id) && { id: asText(id) }),
		...(!isUnset(status) && { status: asText(status) }),
		...(!isUnset(encryptedContent) && { encrypted_content: asText(encryptedContent) }),
		...(summary?.length && {
			summary: summary.map((text) => ({ type: 'summary_text', text: asText(text) })),
		}),
	};
	switch (row.type) {
		case 'function_call':
			return {
				type: 'function_call',
				call_id: asText(row.callId).trim(),
				name: asText(row.name).trim(),
				arguments: asArguments(row.arguments, "'Arguments'", report),
				...more,
			};
		case 'function_call_output':
			return {
				type: 'function_call_output',
				call_id: asText(row.callId).trim(),
				output: asText(row.output),
				...more,
			};
		case 'reasoning': {
			const texts = row.reasoningText ?? [];
			const content = texts.map((text) => ({ type: 'reasoning_text', text: asText(text) }));
			// vLLM 0.32 and llama-server refuse reasoning without the key
			return { type: 'reasoning', ...(content.length > 0 && { content }), summary: [], ...more };
		}
		default:
			return messageFromRow(row, report);
	}
}

function messageFromRow(row: MessageRow, report: Report): JsonObject {
	const calls = row.toolCalls?.toolCall ?? [];
	const content = contentFromRow(row, report);
	const mayBeEmpty = calls.length > 0 || row.role === 'tool';
	if (typeof content === 'string' && content.trim() === '' && !mayBeEmpty) {
		report("'Content' is empty");
	}
	return {
		role: row.role,
		content,
		...(!isUnset(row.toolCallId) && { tool_call_id: asText(row.toolCallId).trim() }),
		...(calls.length > 0 && {
			tool_calls: calls.map((call, index) => ({
				id: asText(call.id).trim(),
				type: 'function',
				function: {
					name: asText(call.name).trim(),
					arguments: asArguments(
						call.arguments,
						`'Tool Calls' row ${index + 1} 'Arguments'`,
						report,
					),
				},
			})),
		}),
	};
}

/** The API requires the arguments, as JSON text. What is in it is the model's and stays as it is. */
function asArguments(value: unknown, field: string, report: Report): string {
	const text = asText(value);
	if (text.trim() === '') report(`${field} is empty: {} stands for a call without arguments`);
	return text;
}

function contentFromRow(row: MessageRow, report: Report): unknown {
	if (row.contentType === 'parts') return (row.parts?.part ?? []).map(fromPart);
	if (row.contentType === 'json') return asJson(row.partsJson, "'Parts (JSON)'", report) ?? [];
	return asText(row.content);
}

const fromPart = (part: PartRow): JsonObject =>
	part.partType === 'other'
		? Object.fromEntries((part.fields?.field ?? []).map(({ name, value }) => [name, value]))
		: { type: 'input_text', text: asText(part.text) };

function fromConversation(value: unknown, report: Report): unknown[] {
	const conversation = isUnset(value) ? undefined : asJson(value, "'Conversation'", report);
	if (Array.isArray(conversation)) return conversation;
	report(
		"'Conversation' holds no conversation: it takes the 'conversation' array of an earlier response, whose node has it where 'Include' in its 'Options' says so. Where there may be none yet, use an expression that ends in ?? []",
	);
	return [];
}

/** All incoming items as one input, after the conversation that answers among them go on with. */
function fromItems(
	parameters: CreateParameters,
	items: IncomingItem[],
	report: Report,
): BuiltInput {
	const { contentField = '', roleField = '', itemsAre = 'userMessages' } = parameters;
	const areTexts = itemsAre === 'userMessages';
	if (contentField.trim() === '' && itemsAre !== 'answers') report("'Content Field' is empty");
	const fields = { content: contentField.trim(), role: roleField.trim() };
	const read = { userMessages: toUserMessage, answers: toAnswer, inputItems: toInputItem }[
		itemsAre
	];
	const problems: string[] = [];
	const entries = items.flatMap(({ json, index, attachments = [] }): Entry[] => {
		const place = `incoming item ${index}`;
		const outcome = read(json, fields);
		const { inputItem, isMember, problem } = outcome.isNothing
			? fromFiles(attachments, outcome)
			: outcome;
		if (problem) problems.push(`${place} ${problem}`);
		if (!inputItem) return [];
		const isUsers = !isMember && inputItem.role === 'user';
		const item = isUsers ? withAttachments(inputItem, attachments) : inputItem;
		return [{ item, place, isOwn: !isMember }];
	});
	const place = "'conversation' of the incoming items";
	const conversation = (areTexts ? [] : conversationOf(items)).map(
		(item): Entry => ({ item, place }),
	);
	const all = [...fitEntries(conversation, { isOpen: true }), ...entries];
	// an item that says nothing may be the answer that is missing
	const unanswered = problems.length > 0 ? [] : unansweredCalls(all.map(({ item }) => item));
	[...problems, ...unanswered].forEach(report);
	return toInput('the incoming items', fitEntries(all));
}

const JSON_FIELD = "'Input (JSON)'";

/** A list may be an earlier response's `conversation`, or its `output` as it came. */
function fromJson(value: unknown, report: Report): BuiltInput {
	const input = textOrList(value, report);
	if (!Array.isArray(input)) return { ...toInput(JSON_FIELD, []), input };
	const entries = input.map((item, index): Entry => {
		const place = `${JSON_FIELD} entry ${index + 1}`;
		return { item: item as unknown, place };
	});
	return toInput(JSON_FIELD, fitEntries(entries));
}

/**
 * A text or an array: typed as JSON, typed as plain words, or given by an expression. What begins as
 * JSON must be JSON, or a slip of the pen would be sent as a prompt.
 */
function textOrList(value: unknown, report: Report): unknown {
	const isJson = typeof value === 'string' && /^\s*[[{"]/.test(value);
	const input = isJson ? asJson(value, JSON_FIELD, report) : (value ?? '');
	// JSON in JSON: a string that holds an array
	if (isJson && typeof input === 'string') return textOrList(input, report);
	if (!isObject(input)) return input;
	report(`${JSON_FIELD} is an object, but must be a text or an array: put it in [ ]`);
	return undefined;
}
