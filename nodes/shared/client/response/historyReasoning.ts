import { type JsonObject, isObject, omit } from '../json';
import type { HistoryEntry } from './historyItem';

/**
 * Reasoning with what followed it. OpenAI's models answer 400 to reasoning "without its required following
 * item", which a message without its id is for them, and to a message with an id "without its required
 * 'reasoning' item" (recorded traffic); newer ones also to reasoning without its id. So a message keeps its id where the
 * reasoning before it has one, both lose it otherwise, and reasoning that nothing of the model's follows goes.
 */
export function fitReasoning<E extends HistoryEntry>(entries: E[]): E[] {
	const fit: E[] = [];
	/** The ids of messages that reasoning before them needs. */
	const needed = new Set<E>();
	for (const entry of [...entries].reverse()) {
		const next = fit.at(-1);
		if (entry.isOwn || typeOf(entry.item) !== 'reasoning') {
			fit.push(entry);
			continue;
		}
		if (!next || !isOfModel(next.item)) continue;
		const item = entry.item as JsonObject;
		const isMessage = typeOf(next.item) === 'message';
		const isAlone = (isMessage || typeOf(next.item) === 'reasoning') && !hasId(next.item);
		if (isMessage && hasId(item) && !isAlone) needed.add(next);
		fit.push(isAlone && hasId(item) ? { ...entry, item: omit(item, ['id']) } : entry);
	}
	return fit.reverse().map((entry) => (needed.has(entry) ? entry : withoutId(entry)));
}

function withoutId<E extends HistoryEntry>(entry: E): E {
	const { item, isOwn } = entry;
	const isAnswer = typeOf(item) === 'message' && isOfModel(item);
	if (isOwn || !isAnswer || !isObject(item) || !('id' in item)) return entry;
	return { ...entry, item: omit(item, ['id']) };
}

const typeOf = (item: unknown) => (isObject(item) ? (item.type ?? 'message') : undefined);

const hasId = (item: unknown) => isObject(item) && Boolean(item.id);

/** A message of the assistant, a call, more reasoning, or an item that only the API knows. */
const isOfModel = (item: unknown) =>
	typeOf(item) === 'message'
		? isObject(item) && item.role === 'assistant'
		: isObject(item) && item.type !== 'function_call_output';
