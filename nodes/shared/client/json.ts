export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parsed value, or undefined where `text` is not JSON (JSON itself has no undefined). */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** Without keys that are null, undefined or, for ids, empty: the API refuses those in an input item. */
export const withoutEmpty = <T extends JsonObject>(value: T): T =>
	Object.fromEntries(
		Object.entries(value).filter(
			([key, one]) => one !== null && one !== undefined && !(one === '' && /(^|_)id$/.test(key)),
		),
	) as T;
