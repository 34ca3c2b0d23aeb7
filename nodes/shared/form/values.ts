import { type JsonObject, isObject } from '../client/json';

/** What a form field gives may be of any type, as expressions do: here it becomes what the API takes. */

/** Text as it is, numbers and booleans as text, objects and arrays as JSON; nothing as ''. */
export function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === null || value === undefined) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A number or boolean that an expression gave as text. Anything else stays, for the check to refuse. */
export function asScalar(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const text = value.trim();
	if (text === 'true' || text === 'false') return text === 'true';
	return text !== '' && Number.isFinite(Number(text)) ? Number(text) : value;
}

/** Whether a field counts as not set. An expression that finds nothing gives null or undefined. */
export const isUnset = (value: unknown) => value === undefined || value === null || value === '';

/** Comma-separated, or the list that an expression gave. */
export const listOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value.map(asText) : asText(value).split(','))
		.map((one) => one.trim())
		.filter(Boolean);

/** Is told what is wrong with the form, in words that follow the name of a field or row. */
export type Report = (problem: string) => void;

/** The value of a JSON field: parsed, or what an expression gave; undefined if it is reported. */
export function asJson(value: unknown, field: string, report: Report): unknown {
	try {
		return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
	} catch (error) {
		report(`${field} is not valid JSON: ${(error as Error).message}`);
		return undefined;
	}
}

export function asJsonObject(
	value: unknown,
	field: string,
	report: Report,
): JsonObject | undefined {
	const parsed = asJson(value, field, report);
	if (isObject(parsed)) return parsed;
	if (parsed !== undefined) report(`${field} must be a JSON object`);
	return undefined;
}
