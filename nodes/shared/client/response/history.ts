import { isObject } from '../json';
import type { InputItem } from '../schema/request';
import { pairCalls } from './historyCalls';
import { fitItem } from './historyItem';
import { fitReasoning } from './historyReasoning';

/** What is to be sent, with what else is known of it. */
export interface HistoryEntry {
	item: unknown;
	/** What the user wrote himself: it is never changed, but it counts as a call or as a result. */
	isOwn?: boolean;
}

export interface HistoryOptions {
	/** The items go on after others that are fit already, so that they need not begin with a message. */
	isContinued?: boolean;
	/** The results of the last calls are still to come, so that none is made up for them. */
	isOpen?: boolean;
}

/**
 * A history that every known server takes, whatever a model wrote and whatever was cut out of it: each item
 * in the form of `fitItem`; at its beginning a message; each call with one result after it, under an id of
 * its own; reasoning only where what followed it is there, under ids that agree. Fitting it again changes nothing.
 * @param items input items, output items of a response as they came, or anything that goes back to the API
 */
export const fitHistory = (items: readonly unknown[], options?: HistoryOptions): InputItem[] =>
	fitEntries(
		items.map((item) => ({ item })),
		options,
	).map(({ item }) => item as InputItem);

/**
 * The same for items of which some are the user's own, or that have a name in the form.
 * @returns entries like the given ones; a result that is made up has what its call has
 */
export function fitEntries<E extends HistoryEntry>(
	entries: readonly E[],
	{ isContinued = false, isOpen = false }: HistoryOptions = {},
): E[] {
	const items = entries.flatMap(fitEntry);
	const begun = isContinued ? items : fromFirstMessage(items);
	return fitReasoning(pairCalls(begun, isOpen));
}

function fitEntry<E extends HistoryEntry>(entry: E): E[] {
	if (entry.isOwn || !isObject(entry.item)) return [entry];
	const item = fitItem(entry.item);
	return item ? [{ ...entry, item }] : [];
}

/**
 * Without what stands before the first message, as the windows of n8n's memories leave it: transformers serve takes
 * a list that begins with a call for one message of the user. Where there is no message, nothing would be left.
 */
function fromFirstMessage<E extends HistoryEntry>(entries: E[]): E[] {
	const first = entries.findIndex(({ item }) => isMessage(item));
	const before = entries.slice(0, Math.max(first, 0));
	return before.some(({ isOwn }) => isOwn) ? entries : entries.slice(before.length);
}

/** The result of a tool in the form of chat completions begins nothing. */
const isMessage = (item: unknown) =>
	!isObject(item) || ((item.type ?? 'message') === 'message' && item.role !== 'tool');
