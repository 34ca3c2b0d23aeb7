import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../json';
import type { Choice, OutputItem, ResponseBody } from '../schema/response';

/** A part of an answer, whichever shape it came in, and as it came. `other` is of a type that we do not know. */
export type Output =
	| { kind: 'message'; text: string; refusal: string; item: JsonObject }
	| { kind: 'reasoning'; text: string; item: JsonObject }
	| { kind: 'function_call'; callId: string; name: string; arguments: string; item: JsonObject }
	| { kind: 'other'; item: JsonObject };

type Part = NonNullable<OutputItem['content']>[number];

/**
 * The output in the API's order. The text is looked for, in this order of trust, in `message` items (and
 * items without a type), `text` items, `choices` and `output_text`; calls and reasoning likewise.
 */
export function readOutput(body: ResponseBody): Output[] {
	const items = body.output ?? [];
	const trusted = readItems(items.filter((item) => item.type !== 'text'));
	const output = hasText(trusted) ? trusted : readItems(items);
	const has = (kind: Output['kind']) => output.some((one) => one.kind === kind);
	const addMissing = (found: Output[]) =>
		output.push(
			...found.filter((one) => (one.kind === 'message' ? !hasText(output) : !has(one.kind))),
		);

	addMissing(readChoice(body.choices?.[0]));
	addMissing(messageOf(body.output_text ?? ''));
	return output;
}

const readItems = (items: OutputItem[]) => items.flatMap((item) => readItem(item) ?? []);

const hasText = (output: Output[]) =>
	output.some((one) => one.kind === 'message' && one.text + one.refusal);

function readItem(item: OutputItem): Output | undefined {
	const parts = item.content ?? [];
	const { raw } = item;
	// an empty `type` is reported for DigitalOcean: such a call is known by the rest of it, and its
	// arguments are "" where it has none
	if (
		item.type === 'function_call' ||
		(!item.type && item.name && (item.call_id || item.arguments))
	) {
		return functionCall(raw, item.call_id || item.id, item.name, item.arguments);
	}
	if (item.type === 'text')
		return { kind: 'message', text: item.text ?? '', refusal: '', item: raw };
	if (item.type === 'reasoning' || (!item.type && parts.some(isReasoning))) {
		const text = joined(parts, 'text') || joined(item.summary ?? [], 'text');
		return { kind: 'reasoning', text, item: raw };
	}
	if (item.type === 'message' || (!item.type && parts.length > 0)) {
		const text = joined(parts.filter(isText), 'text');
		return { kind: 'message', text, refusal: joined(parts, 'refusal'), item: raw };
	}
	return item.type ? { kind: 'other', item: raw } : undefined;
}

function readChoice(choice: Choice | undefined): Output[] {
	const message = choice?.message;
	if (!message) return [];
	const reasoning = message.reasoning_content;
	const content = [{ type: 'reasoning_text', text: reasoning }];
	return [
		...(reasoning
			? [{ kind: 'reasoning' as const, text: reasoning, item: { type: 'reasoning', content } }]
			: []),
		...messageOf(joined((message.content ?? []).filter(isText), 'text')),
		...(message.tool_calls ?? []).map((call) =>
			functionCall({}, call.id, call.function?.name, call.function?.arguments),
		),
	];
}

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

const messageOf = (text: string): Output[] =>
	text ? [{ kind: 'message', text, refusal: '', item: {} }] : [];
