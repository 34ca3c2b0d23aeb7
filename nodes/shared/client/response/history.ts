import { isObject, omit } from '../json';
import type { InputItem } from '../schema/request';
import { pairCalls } from './historyCalls';
import { type HistoryEntry, fitItem } from './historyItem';
import { fitReasoning } from './historyReasoning';

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
 * What has nothing of a model stays but for null keys; of what has no message, only the items are mended.
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
	const isHistory = isContinued || !entries.every(({ item }) => isOfUser(item));
	const items = entries.flatMap((entry) => fitEntry(entry, isHistory));
	if (isContinued) return fitReasoning(pairCalls(items, isOpen));
	const first = items.findIndex(({ item }) => isMessage(item));
	// nothing would be left of it
	if (first < 0) return items;
	return fitReasoning(pairCalls(fromMessage(items, first), isOpen));
}

/** What has nothing of a model is no history: its messages need no type that the user has not set. */
function fitEntry<E extends HistoryEntry>(entry: E, isHistory: boolean): E[] {
	if (entry.isOwn || !isObject(entry.item)) return [entry];
	const item = fitItem(entry.item);
	if (!item) return [];
	const isTyped = isHistory || entry.item.type !== undefined;
	return [{ ...entry, item: isTyped ? item : omit(item, ['type']) }];
}

const isOfUser = (item: unknown) =>
	isObject(item) &&
	(item.type ?? 'message') === 'message' &&
	['user', 'system', 'developer'].includes(String(item.role));

/**
 * Without what stands before the first message, as the windows of n8n's memories leave it: transformers serve takes
 * a list that begins with a call for one message of the user. What the user wrote stays, and what it may answer.
 */
const fromMessage = <E extends HistoryEntry>(entries: E[], first: number): E[] =>
	entries.slice(0, first).some(({ isOwn }) => isOwn) ? entries : entries.slice(first);

/** The result of a tool in the form of chat completions begins nothing. */
const isMessage = (item: unknown) =>
	!isObject(item) || ((item.type ?? 'message') === 'message' && item.role !== 'tool');
