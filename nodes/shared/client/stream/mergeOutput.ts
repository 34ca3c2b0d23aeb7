import { type JsonObject, isObject } from '../json';

/**
 * The items of the last event are trusted most and keep their order, but it may lack items or text that
 * came before, and may have other ids.
 */
export function mergeOutput(last: JsonObject[], streamed: JsonObject[]): JsonObject[] {
	if (last.length === 0) return streamed;
	const pairs = new Map<JsonObject, JsonObject>();
	let alone = last;
	for (const sameness of SAMENESS) {
		const free = groupBy(alone, sameness);
		for (const item of streamed) {
			const partner = pairs.has(item) ? undefined : free.get(sameness(item) ?? '')?.pop();
			if (partner) pairs.set(item, partner);
		}
		const taken = new Set(pairs.values());
		alone = alone.filter((item) => !taken.has(item));
	}

	const output = new Map(last.map((item) => [item, [item]]));
	const first: JsonObject[] = [];
	let place = first;
	for (const item of streamed) {
		const partner = pairs.get(item);
		if (partner) {
			place = [mergeItem(partner, item)];
			output.set(partner, place);
		} else {
			place.push(item);
		}
	}
	return [...first, ...[...output.values()].flat()];
}

/** By what an item of the last event is found to be a streamed one, in this order. */
const SAMENESS: Array<(item: JsonObject) => string | undefined> = [
	({ id, ...item }) => (id ? `${kindOf(item)} ${String(id)}` : undefined),
	({ call_id: id }) => (id ? String(id) : undefined),
	(item) => textOf(item) && `${kindOf(item)} ${textOf(item)}`,
	(item) => kindOf(item),
];

/** DigitalOcean's own samples have items without a type: their parts tell what they are. */
function kindOf({ type, content, name }: JsonObject): string {
	if (typeof type === 'string' && type) return type;
	if (name) return 'function_call';
	return partsOf(content).some((part) => part.type === 'reasoning_text') ? 'reasoning' : 'message';
}

/** All that the item says; how it is divided into parts does not matter. */
function textOf({ content, name, arguments: args }: JsonObject): string {
	const parts = partsOf(content);
	const joined = (key: string) => parts.map((part) => part[key] ?? '').join('');
	const told = [name, args, joined('text'), joined('refusal')].filter(Boolean);
	return told.length > 0 ? JSON.stringify([name, args, joined('text'), joined('refusal')]) : '';
}

/** Grouped, each group backwards: its first is popped first. */
function groupBy(items: JsonObject[], keyOf: (item: JsonObject) => string | undefined) {
	const groups = new Map<string, JsonObject[]>();
	for (const item of [...items].reverse()) {
		const key = keyOf(item);
		if (!key) continue;
		const group = groups.get(key) ?? [];
		group.push(item);
		groups.set(key, group);
	}
	return groups;
}

/** The same item from a source that is trusted more, but may have come without what was streamed. */
function mergeItem(trusted: JsonObject, streamed: JsonObject): JsonObject {
	const keys = ['id', 'call_id', 'name', 'arguments', 'content', 'summary'];
	const missing = keys.filter((key) => isEmpty(trusted[key]) && !isEmpty(streamed[key]));
	return { ...trusted, ...Object.fromEntries(missing.map((key) => [key, streamed[key]])) };
}

const isEmpty = (value: unknown) => (Array.isArray(value) ? !filled(value) : !value);

const partsOf = (content: unknown): JsonObject[] =>
	Array.isArray(content) ? content.filter(isObject) : [];

/** The list, if a part of it holds any text. */
export const filled = (content: unknown): unknown[] | undefined =>
	partsOf(content).some((part) => part.text || part.refusal) ? (content as unknown[]) : undefined;
