import { isObject } from '../json';

/** Characters in which a report is looked for: vLLM repeats the whole input in each of its errors. */
const REPORT_LIMIT = 20_000;

/** Entries of a list of errors that are told; the others are counted. */
const TOLD = 2;

/** The first of these that says anything: a text, an object with one, or a list of either. */
export function firstWords(...candidates: unknown[]): string | undefined {
	for (const candidate of candidates) {
		const words = wordsOf(candidate);
		if (words) return words;
	}
	return undefined;
}

function wordsOf(candidate: unknown): string | undefined {
	if (typeof candidate === 'string') return withoutReport(candidate.trim());
	if (Array.isArray(candidate)) {
		const told = candidate.flatMap((one: unknown) => entry(one) ?? []);
		return listed(told, told.length);
	}
	return isObject(candidate) ? entry(candidate) : undefined;
}

/** FastAPI: `{loc, msg, type}`; others: a text, or an object with one. */
function entry(one: unknown): string | undefined {
	if (typeof one === 'string') return one.trim() || undefined;
	if (!isObject(one)) return undefined;
	const said = [one.msg, one.message, one.detail].find((text) => typeof text === 'string' && text);
	return said === undefined
		? undefined
		: placed(Array.isArray(one.loc) ? one.loc : [], String(said));
}

const placed = (loc: unknown[], words: string) => {
	const place = fieldsOf(loc).join(' ');
	return place ? `${place}: ${words}` : words;
};

/** The field of the request that FastAPI complains about first. */
export function fieldOf(detail: unknown): string | undefined {
	for (const one of Array.isArray(detail) ? detail.slice(0, TOLD) : []) {
		const [field] = isObject(one) && Array.isArray(one.loc) ? fieldsOf(one.loc) : [];
		if (field !== undefined) return String(field);
	}
	return undefined;
}

/**
 * The names and numbers of a place, without what pydantic puts between them: the branches of a union
 * (`list[union[…]]`, `EasyInputMessageParam`, `str`).
 */
const fieldsOf = (loc: unknown[]): Array<string | number> =>
	loc
		.slice(0, 20)
		.filter(
			(one): one is string | number =>
				typeof one === 'number' || (typeof one === 'string' && /^[a-z_]\w{0,60}$/.test(one)),
		)
		.filter((one, place) => !(place === 0 && one === 'body') && !TYPES.has(one));

const TYPES = new Set<unknown>(['str', 'int', 'float', 'bool', 'list', 'dict', 'none', 'nullable']);

const listed = (told: string[], count: number): string => {
	const first = told.slice(0, TOLD);
	const more = count - first.length;
	return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};

/** vLLM answers an input that it does not understand with up to 250 errors in one message. */
function withoutReport(message: string): string {
	const text = message.slice(0, REPORT_LIMIT);
	const [, count] = /^(\d{1,6}) validation errors?\b/.exec(text) ?? [];
	if (!count) return message;
	const asFastApi = matches(FASTAPI, text);
	const told = asFastApi.length > 0 ? asFastApi : matches(PYDANTIC, text);
	if (told.length === 0) return message;
	const number = Number(count);
	return `${count} validation error${number === 1 ? '' : 's'}: ${listed(told, number)}`;
}

/**
 * FastAPI's `{'type': 'missing', 'loc': ('body', 'input', 0), 'msg': 'Field required', …}`; vLLM 0.32 has the
 * place as text: `'loc': 'body.input.0.Message.role'`.
 */
const FASTAPI =
	/'loc': (?:\((?<loc>.{0,1000}?)\)|'(?<dotted>[^']{0,300})'), 'msg': (?:'(?<one>(?:[^'\\]|\\.){0,300})'|"(?<other>(?:[^"\\]|\\.){0,300})")/s;

/** A line for the place, then one for the words. */
const PYDANTIC = /^(?<dotted>[a-z_][^\s:]{0,300})\n {2}(?<one>[^\n]{1,400}?) \[type=/m;

function matches(pattern: RegExp, text: string): string[] {
	const found = text.matchAll(new RegExp(pattern, `${pattern.flags}g`));
	const told: string[] = [];
	for (const { groups = {} } of found) {
		const { loc = '', dotted = '', one, other } = groups;
		const place = dotted ? dotted.split('.').map(numbered) : pythonTuple(loc);
		told.push(placed(place, (one ?? other ?? '').replaceAll(/\\(.)/g, '$1')));
		if (told.length === TOLD) break;
	}
	return told;
}

const pythonTuple = (text: string) =>
	[...text.matchAll(/'([^']{0,100})'|(\d{1,6})/g)].map(
		([, name, number]) => name ?? Number(number),
	);

const numbered = (name: string) => (/^\d{1,6}$/.test(name) ? Number(name) : name);

/**
 * A message that needs saying what it is about: the bare name of a key or an exception, as Python servers
 * send them (transformers serve 5.23: `'arguments'`). A word of a sentence (`Overloaded`) speaks for itself.
 * @param context what happened
 */
export const inContext = (message: string, context: string): string =>
	message !== context && BARE.test(message) ? `${context}: ${message}` : message;

const BARE =
	/^(?:(['"]).{0,80}\1|[a-z\d][\w.-]{0,80}|None|[A-Z]\w{0,60}(?:Error|Exception)(?:\(.{0,80}\))?)$/;
