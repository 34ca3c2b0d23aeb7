import type { GradientApiError } from '../errors';
import { isObject, omit } from '../json';
import type { InputItem } from '../schema/request';

/**
 * What is changed in an input, because the server has named it when it refused the request: items of a type
 * are left out, or a key of the items of a type (of all, where it did not say which), or the ids of all; or
 * reasoning without a summary gets an empty one, and messages that the user wrote without a type get theirs.
 */
export type Concession =
	| { what: 'item'; type: string }
	| { what: 'key'; key: string; type?: string }
	| { what: 'ids' }
	| { what: 'summary' }
	| { what: 'types' };

/** 404: OpenAI's answer to an id that it does not keep. Servers on FastAPI use 422 for what others answer with 400. */
const REFUSALS = [400, 404, 422];

/** Without these an input says nothing any more. */
const ESSENTIAL_TYPES = ['message', 'function_call', 'function_call_output'];
const ESSENTIAL_KEYS = ['role', 'content', 'call_id', 'name', 'arguments', 'output', 'tool_calls'];

/** Words that occur in any error: only as a path or in quotation marks are they the name of a key. */
const COMMON_KEYS = ['id', 'status', 'type', 'text', 'summary', 'action', 'async', 'results'];

const REFUSED =
	/unsupported|not supported|unknown|unexpected|unrecogni[sz]ed|extra|not permitted|not allowed|forbidden|invalid|additional/i;
const REFUSED_TYPE =
	/(unsupported|unknown|unexpected|unrecogni[sz]ed|invalid|determine)[^\n]{0,40}\b(input item|item type|type of 'item')/i;

/** llama-server's words, and those of validators. */
const MISSING_TYPE =
	/determine type of 'item'|(missing|required)[^\n]{0,40}\btype\b|\btype\W+(field required|is required)/i;

/** Of OpenAI's models, where the ids of a history do not agree, or are no longer kept. */
const LOST_IDS = /without its required|Item with id '[^']*' not found/i;

/**
 * What of the input a server names when it refuses a request; empty where it names nothing that could be left
 * out. Known: vLLM 0.32 and transformers serve "Unsupported input item type: web_search_call", vLLM "Encrypted content
 * is not supported" and, for types that it has never heard of, the first ten of "196 validation errors"; llama-server "Cannot determine type of 'item'"; OpenAI "Unknown parameter: 'input[3].status'"; FastAPI's list of
 * places.
 */
export function concessionsFor(error: GradientApiError, input: InputItem[]): Concession[] {
	const { status = 0, parameter } = error.details;
	if (!REFUSALS.includes(status)) return [];
	const words = [error.message, parameter, ...wordsIn(error.details.body)].join('\n');
	if (LOST_IDS.test(words)) return [{ what: 'ids' }];
	if (status === 404) return [];
	// the server means another part of the request
	if (parameter && !/^(body\W+)?input/.test(parameter)) return [];
	const isUntypedRefused = MISSING_TYPE.test(words) && input.some(isUntyped);
	// vLLM 0.32 and llama-server do not know such an item for reasoning, and do not say why
	const isUnread =
		REFUSED_TYPE.test(words) ||
		(/validation error/i.test(words) && wordOf('reasoning').test(words));
	const added: Concession[] = [
		...(isUntypedRefused ? [{ what: 'types' as const }] : []),
		...(isUnread && input.some(lacksSummary) ? [{ what: 'summary' as const }] : []),
	];
	if (added.length > 0) return added;
	const types = refusedTypes(words, error.details.body, input);
	return types.length > 0 ? types : refusedKeys(words, input);
}

/** The input without what was conceded; the same list where that is nothing. */
export function concede(input: InputItem[], concessions: Concession[]): InputItem[] {
	const left = concessions.reduce<InputItem[]>((items, one) => {
		if (one.what === 'types') {
			return items.map((item) =>
				isUntyped(item) ? ({ ...item, type: 'message' } as InputItem) : item,
			);
		}
		if (one.what === 'item') return items.filter(({ type }) => type !== one.type);
		if (one.what === 'summary') return items.map(withSummary);
		const key = one.what === 'ids' ? 'id' : one.key;
		const isMeant = (item: InputItem) =>
			key in item &&
			(one.what === 'ids'
				? ['message', 'reasoning'].includes(typeOf(item))
				: !one.type || typeOf(item) === one.type);
		const isAny = items.some(isMeant);
		return isAny ? items.flatMap((item) => (isMeant(item) ? withoutKey(item, key) : item)) : items;
	}, input);
	return left.length === input.length && left.every((item, index) => item === input[index])
		? input
		: left;
}

/** What the user should know of it; undefined where nothing of the conversation is lost. */
export function lossOf(concession: Concession): string | undefined {
	if (concession.what === 'item') {
		return `The API does not take input items of the type '${concession.type}', so they were left out`;
	}
	if (concession.what !== 'key' || ['type', 'id', 'status'].includes(concession.key))
		return undefined;
	return `The API does not take the key '${concession.key}' of input items, so it was left out`;
}

const isUntyped = (item: InputItem) => 'role' in item && item.type === undefined;

/** All that the server said: an error's message tells the first of many errors only. */
function wordsIn(body: unknown): unknown[] {
	if (!isObject(body)) return [body];
	const { message } = isObject(body.error) ? body.error : body;
	return [message, ...placesIn(body)];
}

/** FastAPI says where, apart from what: `loc: ['body', 'input', 2, 'phase']`. */
function placesIn(body: unknown): string[] {
	const detail: unknown = isObject(body) ? body.detail : undefined;
	if (!Array.isArray(detail)) return [];
	return detail.flatMap((one: unknown) =>
		isObject(one) && Array.isArray(one.loc) ? one.loc.join('.') : [],
	);
}

/** @param body where a message that was cut short names what it is about */
function refusedTypes(words: string, body: unknown, input: InputItem[]): Concession[] {
	const others = [...new Set(input.map(typeOf))].filter(
		(type) => type && !ESSENTIAL_TYPES.includes(type),
	);
	const all = `${words}\n${JSON.stringify(body)}`;
	const isRefused = REFUSED.test(words) || /validation error/i.test(all);
	const isNamed = (type: string) =>
		type === 'reasoning'
			? new RegExp(`item type[^\\n]{0,20}\\b${type}\\b`, 'i').test(words)
			: wordOf(type).test(all);
	const named = others.filter((type) => isRefused && isNamed(type));
	const isTypeRefused =
		REFUSED_TYPE.test(words) ||
		placesOf(words).some(({ key, isDirect }) => key === 'type' && isDirect);
	const placed = placesOf(words).flatMap(({ index }) => (input[index] ? typeOf(input[index]) : []));
	const pointedAt = isTypeRefused ? others.filter((type) => placed.includes(type)) : [];
	const unnamed =
		REFUSED_TYPE.test(words) && placed.length === 0 && !/\bmessage\b/.test(words)
			? others.filter((type) => type !== 'reasoning')
			: [];
	const types = [named, pointedAt, unnamed].find((list) => list.length > 0) ?? [];
	return types.map((type) => ({ what: 'item', type }));
}

function refusedKeys(words: string, input: InputItem[]): Concession[] {
	if (!REFUSED.test(words)) return [];
	const keys = new Set(input.flatMap((item) => Object.keys(item)));
	const places = placesOf(words);
	return [...keys].flatMap((key): Concession[] => {
		if (ESSENTIAL_KEYS.includes(key)) return [];
		const place = places.find((one) => one.key === key);
		if (!place && !isNamedKey(key, words)) return [];
		const item = input[place?.index ?? -1];
		const type = item && key in item ? typeOf(item) : undefined;
		// of other items the type says what they are
		if (key === 'type') {
			const isOfMessage = type === undefined || type === 'message';
			return isOfMessage && (place?.isDirect ?? true) ? [MESSAGE_TYPE] : [];
		}
		return [{ what: 'key', key, ...(type && { type }) }];
	});
}

const MESSAGE_TYPE: Concession = { what: 'key', key: 'type', type: 'message' };

function isNamedKey(key: string, words: string): boolean {
	if (new RegExp(`['"\`]${escaped(key)}['"\`]`).test(words)) return true;
	if (key === 'type') return /item type[^\n]{0,20}\bmessage\b/i.test(words);
	return !COMMON_KEYS.includes(key) && wordOf(key).test(words);
}

/**
 * Places of the input that the words point to: `input[3].status`, `body.input.3.EasyInputMessageParam.phase`. A server
 * that tries each form of an item names the type in all that do not fit: only a direct path means it.
 */
function placesOf(words: string) {
	const paths = words
		.slice(0, 10_000)
		.matchAll(/\binput(?:\.list\[[^\n]{0,200}?\])?[.[](\d+)\]?([.\w-]*)/g);
	return [...paths].map(([, index, rest]) => {
		const steps = rest.split('.').filter(Boolean);
		return { index: Number(index), key: steps.at(-1) ?? '', isDirect: steps.length <= 1 };
	});
}

/** `encrypted_content` may be called "Encrypted content". */
const wordOf = (name: string) =>
	new RegExp(`(?<![\\w-])${escaped(name).replaceAll('_', '[_ ]')}(?![\\w-])`, 'i');

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const typeOf = ({ type, ...item }: InputItem): string => type ?? ('role' in item ? 'message' : '');

const lacksSummary = (item: InputItem) => item.type === 'reasoning' && !item.summary;

const withSummary = (item: InputItem): InputItem =>
	lacksSummary(item) ? ({ ...item, summary: [] } as InputItem) : item;

/** Reasoning of which nothing is left goes. */
function withoutKey(item: InputItem, key: string): InputItem[] {
	const left = omit(item, [key]) as InputItem;
	const isEmpty =
		left.type === 'reasoning' &&
		!left.encrypted_content &&
		!left.content?.length &&
		!left.summary?.length;
	return isEmpty ? [] : [left];
}
