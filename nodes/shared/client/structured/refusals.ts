import { type GradientApiError, isGradientApiError } from '../errors';
import { type JsonObject, isObject } from '../json';
import type { Known } from './memory';
import type { PlainSchema, Way } from './wanted';

/** Of a plain schema; without the rest it says nothing any more. */
const LEAVABLE = ['enum', 'anyOf', '$ref', 'minItems', 'description', 'additionalProperties'];

/** Servers on FastAPI use 422 for what others answer with 400. */
const REFUSALS = [400, 422];

/** The refusals name no field (vLLM 0.32), or `text`, `tools`, `tool_choice`; others are about something else. */
const ABOUT_OUTPUT =
	/\b(text|format|schema|grammar|json|strict|structured|guided|tools?|functions?)\b|json_schema|tool_choice|response_format|unexpected field|extra input|unknown (field|parameter)|unrecogni[sz]ed/i;

const OTHER_PARAMETER = /^(?!(body\W+)?(text|tool|response_format|strict))/i;

/** Whether the API may have refused a request for how its output is asked for. */
export function isRefusal(error: unknown): error is GradientApiError {
	if (!isGradientApiError(error)) return false;
	const { kind, status = 0, parameter } = error.details;
	if (kind !== 'http' || !REFUSALS.includes(status)) return false;
	return !(parameter && OTHER_PARAMETER.test(parameter)) && ABOUT_OUTPUT.test(wordsOf(error));
}

const wordsOf = ({ message, details: { body } }: GradientApiError) =>
	`${message}\n${typeof body === 'string' ? body : JSON.stringify(body ?? '')}`;

/**
 * What is known after a refusal: without the keywords that it names (vLLM: "Grammar error: Unimplemented keys:
 * [\"uniqueItems\"]"), or else without `strict`.
 * @param isLast there is no other way, so that is tried even if nothing speaks for it
 * @returns undefined where there is nothing to leave out
 */
export function conceded(
	error: GradientApiError,
	way: Way,
	{ plain, known, isLast }: { plain: PlainSchema; known: Known; isLast: boolean },
): Known | undefined {
	const words = wordsOf(error);
	const used = keywordsOf(plain.schema);
	const named = LEAVABLE.filter(
		(keyword) => used.has(keyword) && !known.without.includes(keyword) && isNamed(keyword, words),
	);
	if (named.length > 0) return { ...known, without: [...known.without, ...named] };
	const isTried = known.loose.includes(way) || !(isLast || /strict|required/i.test(words));
	return isTried ? undefined : { ...known, loose: [...known.loose, way] };
}

const isNamed = (keyword: string, words: string) => {
	const escaped = keyword.replace('$', '\\$');
	const isOdd = /[A-Z$]/.test(keyword);
	return new RegExp(isOdd ? `(?<!\\w)${escaped}(?!\\w)` : `['"\`]${escaped}\\\\*['"\`]`).test(
		words,
	);
};

function keywordsOf(schema: unknown, found = new Set<string>()): Set<string> {
	if (Array.isArray(schema)) schema.forEach((one) => keywordsOf(one, found));
	if (!isObject(schema)) return found;
	for (const [key, value] of Object.entries(schema)) {
		found.add(key);
		const isMap = key === 'properties' || key === '$defs';
		const inner: unknown = isMap ? Object.values(value as JsonObject) : value;
		keywordsOf(inner, found);
	}
	return found;
}
