import { type JsonObject, isObject } from '../json';
import { CallIds } from './callIds';
import type { HistoryEntry } from './historyItem';

/** What a call is answered with where nobody knows its result. */
const LOST_RESULT = 'Error: There is no result of this call: it was not run, or its result is lost';

type CallOrResult = JsonObject & { call_id: string };

/** Calls of one id that wait for their results, in their order. */
interface Waiting<E> {
	/** All were made in it. */
	stretch: number;
	calls: E[];
	answered: number;
}

/**
 * Each call with exactly one result. A result without its call goes; a call without its result gets one that
 * says so. Where an id comes again (some servers number the calls of each response anew), call and result get
 * another, as servers could not tell them apart.
 * @param isOpen the calls since the last message of the user get their results later
 */
export function pairCalls<E extends HistoryEntry>(entries: E[], isOpen: boolean): E[] {
	const { callOf, resultOf, late, lastStretch } = match(entries);
	const ids = uniqueIds(entries, resultOf);
	const paired: E[] = [];
	/** Results that have no place of their own: they follow the calls and results that stand together. */
	let added: E[] = [];
	for (const entry of entries) {
		const { item } = entry;
		if (!isCall(item) && !isResult(item)) {
			added.forEach((result) => paired.push(result));
			paired.push(entry);
			added = [];
			continue;
		}
		const call = isCall(item) ? entry : callOf.get(entry);
		if (!call) {
			if (entry.isOwn) paired.push(entry);
			continue;
		}
		if (late.has(entry)) continue;
		const call_id = ids.get(call) ?? item.call_id;
		paired.push(withCallId(entry, call_id));
		if (entry.isOwn) continue;
		const result = resultOf.get(call);
		if (result && late.has(result)) added.push(withCallId(result, call_id));
		if (!result && !(isOpen && lastStretch.has(call))) added.push(lostResult(call, call_id));
	}
	return paired.concat(added);
}

/** Which result answers which call: the first that waits for it, of those since the last message of the user. */
function match<E extends HistoryEntry>(entries: E[]) {
	const waiting = new Map<string, Waiting<E>>();
	const callOf = new Map<E, E>();
	const resultOf = new Map<E, E>();
	/** Results behind the user's next message, where templates of chat models do not take them. */
	const late = new Set<E>();
	let lastStretch = new Set<E>();
	let stretch = 0;
	for (const entry of entries) {
		const { item } = entry;
		if (isCall(item)) {
			lastStretch.add(entry);
			const same = waiting.get(item.call_id);
			if (same?.stretch === stretch) same.calls.push(entry);
			else waiting.set(item.call_id, { stretch, calls: [entry], answered: 0 });
		} else if (isResult(item)) {
			const same = waiting.get(item.call_id);
			const call = same?.calls[same.answered];
			if (!same || !call) continue;
			same.answered++;
			callOf.set(entry, call);
			resultOf.set(call, entry);
			if (same.stretch < stretch && !entry.isOwn && !call.isOwn) late.add(entry);
		} else if (isOfUser(item)) {
			stretch++;
			lastStretch = new Set();
		}
	}
	return { callOf, resultOf, late, lastStretch };
}

/** What the user wrote keeps its id, and with it the call that it answers. */
function uniqueIds<E extends HistoryEntry>(entries: E[], resultOf: Map<E, E>): Map<E, string> {
	const calls = entries.flatMap((entry) =>
		isCall(entry.item) ? [{ entry, id: entry.item.call_id }] : [],
	);
	const isFixed = (entry: E) => Boolean(entry.isOwn || resultOf.get(entry)?.isOwn);
	const fixed = calls.filter(({ entry }) => isFixed(entry));
	const free = calls.filter(({ entry }) => !isFixed(entry));
	const own = new CallIds(fixed.map(({ id }) => id));
	return new Map([
		...fixed.map(({ entry, id }) => [entry, id] as const),
		...free.map(({ entry, id }) => [entry, own.take(id)] as const),
	]);
}

const withCallId = <E extends HistoryEntry>(entry: E, call_id: string): E => {
	const item = entry.item as CallOrResult;
	return item.call_id === call_id ? entry : { ...entry, item: { ...item, call_id } };
};

const lostResult = <E extends HistoryEntry>(call: E, call_id: string): E => ({
	...call,
	item: { type: 'function_call_output', call_id, output: LOST_RESULT },
});

const isCall = (item: unknown): item is CallOrResult => isOfType(item, 'function_call');
const isResult = (item: unknown): item is CallOrResult => isOfType(item, 'function_call_output');

/** Without an id it is for the check to name. */
const isOfType = (item: unknown, type: string) =>
	isObject(item) && item.type === type && typeof item.call_id === 'string';

const isOfUser = (item: unknown) =>
	isObject(item) && typeof item.role === 'string' && item.role !== 'assistant';
