import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../json';
import type { Choice, OutputItem, Part, ResponseBody } from '../schema/response';
import { readChatContent } from './chatContent';

export interface OutputMessage {
	kind: 'message';
	text: string;
	refusal: string;
	item: JsonObject;
	/** Characters of the item's text before `text`, where that is only the end of it. */
	from?: number;
}

/** A part of an answer, whichever shape it came in, and as it came. `other` is of a type that we do not know. */
export type Output =
	| OutputMessage
	| { kind: 'reasoning'; text: string; item: JsonObject }
	| { kind: 'function_call'; callId: string; name: string; arguments: string; item: JsonObject }
	| { kind: 'other'; item: JsonObject };

/**
 * The output in the API's order. The text is looked for, in this order of trust, in `message` items (and
 * items without a type), `text` items, `choices`, `output_text` and `text`; calls and reasoning likewise.
 */
export function readOutput(body: ResponseBody): Output[] {
	const items = body.output ?? [];
	const trusted = readItems(items.filter((item) => item.type !== 'text'));
	const output = hasText(trusted) ? trusted : readItems(items);
	const addMissing = (found: Output[]) => {
		if (found.length === 0) return;
		const missing = found.filter((one) =>
			one.kind === 'message' ? !hasText(output) : !has(output, one.kind),
		);
		// what was thought comes before what was said
		output.unshift(...missing.filter(({ kind }) => kind === 'reasoning'));
		output.push(...missing.filter(({ kind }) => kind !== 'reasoning'));
	};

	addMissing(readChoice(firstChoice(body)));
	addMissing(messageOf(body.output_text ?? ''));
	addMissing([...reasoningOf(body.reasoning ?? ''), ...messageOf(body.text ?? '')]);
	return output;
}

/** Whether there is anything that a body without output, choices or text has not. */
export const hasOutput = ({ output, choices, output_text, text, reasoning }: ResponseBody) =>
	!!(output ?? choices) || [output_text, text, reasoning].some((one) => one?.trim());

/** With `n` there are several, and nothing says that they come in their order. */
export const firstChoice = ({ choices }: ResponseBody): Choice | undefined =>
	choices?.find(({ index }) => !index) ?? choices?.[0];

const readItems = (items: OutputItem[]) => items.flatMap(readItem);

const hasText = (output: Output[]) =>
	output.some((one) => one.kind === 'message' && one.text + one.refusal);

/** Reasoning without text is no reason not to look for it further on. */
const has = (output: Output[], kind: Output['kind']) =>
	output.some((one) => one.kind === kind && (one.kind !== 'reasoning' || one.text));

function readItem(item: OutputItem): Output[] {
	const parts = item.content ?? [];
	const { raw } = item;
	// an empty `type` is reported for DigitalOcean: such a call is known by the rest of it, and its
	// arguments are "" where it has none
	if (
		item.type === 'function_call' ||
		(!item.type && item.name && (item.call_id || item.arguments))
	) {
		return [functionCall(raw, item.call_id || item.id, item.name, item.arguments)];
	}
	if (item.type === 'text') {
		return [{ kind: 'message', text: item.text ?? '', refusal: '', item: raw }];
	}
	const isOnlyThought = parts.length > 0 && parts.every(isReasoning);
	if (item.type === 'reasoning' || (!item.type && isOnlyThought)) {
		return [{ kind: 'reasoning', text: thoughtOf(item), item: raw }];
	}
	if (item.type === 'message' || (!item.type && parts.length > 0)) {
		const text = joined(parts.filter(isText), 'text');
		return [
			...reasoningOf(joined(parts.filter(isReasoning), 'text')),
			{ kind: 'message', text, refusal: joined(parts, 'refusal'), item: raw },
		];
	}
	return item.type ? [{ kind: 'other', item: raw }] : [];
}

/** The text of a reasoning item, '' where that is blank: the parts of a summary are paragraphs. */
export function thoughtOf({ content, summary }: Partial<Pick<OutputItem, 'content' | 'summary'>>) {
	const told = joined(content ?? [], 'text');
	if (told.trim()) return told;
	const parts = (summary ?? []).map(({ text }) => text ?? '');
	return parts.filter((part) => part.trim()).join('\n\n');
}

function readChoice(choice: Choice | undefined): Output[] {
	const message = choice?.message;
	if (!message) return [];
	const { text, refusal, reasoning, others } = readChatContent(message);
	const { annotations } = message;
	const item = { ...(annotations?.length && { annotations }), content: others };
	return [
		...reasoningOf(reasoning),
		...(text || refusal || others.length > 0
			? [{ kind: 'message' as const, text, refusal, item }]
			: []),
		...(message.tool_calls ?? []).map((call) =>
			functionCall({}, call.id, call.function?.name, call.function?.arguments),
		),
	];
}

/** A call that no item of the output is. */
export const callOf = (name: string, args: string): Output => functionCall({}, '', name, args);

function functionCall(
	item: JsonObject,
	id: string | null | undefined,
	name: string | null | undefined,
	args: string | JsonObject | null | undefined,
): Output {
	return {
		kind: 'function_call',
		// an answer must name the call, so a call without an id gets one of ours, unique in the conversation
		callId: id || `call_${randomUUID()}`,
		name: name ?? '',
		arguments: typeof args === 'string' ? args : JSON.stringify(args ?? {}),
		item,
	};
}

const isReasoning = (part: Part) => part.type === 'reasoning_text';

/** Of the API (`output_text`) or of chat completions (`text`); other types are not the answer. */
const isText = (part: Part) => !part.type || part.type === 'output_text' || part.type === 'text';

const joined = (parts: Part[], key: 'text' | 'refusal') =>
	parts.map((part) => part[key] ?? '').join('');

/** What was thought, where no item of the output says it; nothing where it is blank. */
export const reasoningOf = (text: string): Output[] =>
	text.trim()
		? [
				{
					kind: 'reasoning',
					text,
					item: { type: 'reasoning', content: [{ type: 'reasoning_text', text }] },
				},
			]
		: [];

const messageOf = (text: string): Output[] =>
	text ? [{ kind: 'message', text, refusal: '', item: {} }] : [];
