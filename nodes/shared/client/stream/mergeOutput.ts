import type { JsonObject } from '../json';
import { isAnnotated } from './annotations';
import { filled, kindOf, partsOf, textOf } from './outputItem';

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

/** Whether the last event has all that an item says which only its deltas told, whichever item they belong to. */
export function isTold(item: JsonObject, last: JsonObject[]): boolean {
	const kind = typeOf(item);
	const text = saidBy(item);
	return last.some((one) => typeOf(one) === kind && saidBy(one).includes(text));
}

const saidBy = (item: JsonObject): string =>
	typeof item.arguments === 'string' ? item.arguments : textOf(item) + summaryOf(item);

const summaryOf = ({ summary }: JsonObject) => textOf({ content: summary });

const typeOf = (item: JsonObject) => kindOf(item) ?? 'message';

/** By what an item of the last event is found to be a streamed one, in this order. */
const SAMENESS: Array<(item: JsonObject) => string | undefined> = [
	({ id, ...item }) => (id ? `${typeOf(item)} ${String(id)}` : undefined),
	({ call_id: id }) => (id ? String(id) : undefined),
	(item) => contentOf(item) && `${typeOf(item)} ${contentOf(item)}`,
	(item) => typeOf(item),
];

/** All that the item says; how it is divided into parts does not matter. */
function contentOf(item: JsonObject): string {
	const { content, summary, name, arguments: args } = item;
	const joined = (list: unknown, key: string) =>
		partsOf(list)
			.map((part) => part[key] ?? '')
			.join('');
	const told = [
		...[name, args, joined(content, 'text'), joined(content, 'refusal')],
		joined(summary, 'text'),
	];
	if (told.some(Boolean)) return JSON.stringify(told);
	// of a type that we do not know, a search for instance
	return KNOWN.has(typeOf(item))
		? ''
		: JSON.stringify({ ...item, id: undefined, status: undefined });
}

const KNOWN = new Set(['message', 'reasoning', 'function_call']);

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
	const keys = ['id', 'call_id', 'name', 'arguments', 'content', 'summary', 'phase', 'action'];
	const missing = keys.filter((key) => isEmpty(trusted[key]) && !isEmpty(streamed[key]));
	const merged = { ...trusted, ...Object.fromEntries(missing.map((key) => [key, streamed[key]])) };
	const content = withAnnotations(partsOf(merged.content), partsOf(streamed.content));
	return content ? { ...merged, content } : merged;
}

/** Those that only events of their own told; undefined where there is nothing to add. */
function withAnnotations(trusted: JsonObject[], streamed: JsonObject[]): JsonObject[] | undefined {
	if (trusted.some(isAnnotated) || !streamed.some(isAnnotated)) return undefined;
	return trusted.map((part, place) => {
		const same = streamed[place];
		return same && isAnnotated(same) && same.text === part.text
			? { ...part, annotations: same.annotations }
			: part;
	});
}

const isEmpty = (value: unknown) => (Array.isArray(value) ? !filled(value) : !value);
