import { JsonScan } from './jsonScan';

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The parsed value, or undefined where `text` is not JSON (JSON itself has no undefined), or too much of it:
 * then `readJson` says of what.
 */
export const parseJson = (text: string): unknown => readJson(text).value;

interface Json {
	/** undefined where the text is not JSON, or has too much of something. */
	value?: unknown;
	/** What there is too much of, in words that follow "The answer". */
	excess?: string;
	/** Objects and lists in it. */
	objects: number;
}

/** Parses a text, after it has counted what is in it. */
export function readJson(text: string): Json {
	const scan = new JsonScan(text);
	scan.read();
	const { excess, objects } = scan;
	if (excess) return { excess, objects };
	try {
		return { value: JSON.parse(text) as unknown, objects };
	} catch {
		return { objects };
	}
}

/** Without keys that are null, undefined or, for ids, empty: the API refuses those in an input item. */
export const withoutEmpty = <T extends JsonObject>(value: T): T =>
	Object.fromEntries(
		Object.entries(value).filter(
			([key, one]) => one !== null && one !== undefined && !(one === '' && /(^|_)id$/.test(key)),
		),
	) as T;

/** Without these keys. */
export const omit = (value: JsonObject, keys: readonly string[]): JsonObject =>
	Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/**
 * The JSON of a value, at least its first `limit` characters; more of it is not written, so that a large
 * value takes no longer than a small one.
 * @throws RangeError where the value is nested too deep
 */
export function beginningOfJson(value: unknown, limit: number): string {
	const pieces: string[] = [];
	let length = 0;
	const add = (piece: string) => {
		pieces.push(piece);
		length += piece.length;
	};
	const write = (one: unknown) => {
		if (Array.isArray(one)) {
			writeEach(['[', ']'], one, write);
		} else if (isObject(one)) {
			const entries = Object.entries(one).filter(([, inner]) => inner !== undefined);
			writeEach(['{', '}'], entries, ([key, inner]) => {
				add(`${JSON.stringify(key)}:`);
				write(inner);
			});
		} else {
			add(JSON.stringify(typeof one === 'string' ? one.slice(0, limit) : one) ?? 'null');
		}
	};
	const writeEach = <T>([begin, end]: string[], all: T[], writeOne: (one: T) => void) => {
		add(begin);
		for (const [index, one] of all.entries()) {
			if (length > limit) return;
			if (index > 0) add(',');
			writeOne(one);
		}
		add(end);
	};
	write(value);
	return pieces.join('');
}
