import { type JsonObject, isObject } from '../json';
import { KEPT_ENTRIES, MAX_ENTRIES } from '../limits';

/** The lists of an answer or an event that are read. */
const LISTS = ['output', 'choices', 'content', 'summary', 'tool_calls', 'annotations'];

/** Where else they are. */
const PLACES = ['response', 'item', 'part', 'message', 'delta'];

/** Whether an answer or an event has more items, parts and calls than are read: counted before they are checked. */
export function hasTooMany(body: unknown): boolean {
	return isObject(body) && count(body, 0) > MAX_ENTRIES;
}

function count(body: JsonObject, before: number): number {
	let found = before;
	for (const key of LISTS) {
		const list = body[key];
		if (!Array.isArray(list)) continue;
		found += list.length;
		for (const entry of list as unknown[]) {
			if (found > MAX_ENTRIES) return found;
			if (isObject(entry)) found = count(entry, found);
		}
	}
	for (const key of PLACES) {
		const place = body[key];
		if (isObject(place)) found = count(place, found);
	}
	return found;
}

/** Of an answer that has too many of them, as many of the first as are kept. */
export function withoutTooMany(body: JsonObject): JsonObject {
	return hasTooMany(body) ? cut(body, { left: KEPT_ENTRIES }) : body;
}

function cut(body: JsonObject, budget: { left: number }): JsonObject {
	const entries = Object.entries(body).map(([key, value]): [string, unknown] => {
		if (LISTS.includes(key) && Array.isArray(value)) return [key, cutList(value, budget)];
		if (PLACES.includes(key) && isObject(value)) return [key, cut(value, budget)];
		return [key, value];
	});
	return Object.fromEntries(entries);
}

function cutList(list: unknown[], budget: { left: number }): unknown[] {
	const kept: unknown[] = [];
	for (const entry of list) {
		if (budget.left <= 0) break;
		budget.left--;
		kept.push(isObject(entry) ? cut(entry, budget) : entry);
	}
	return kept;
}
