import { type JsonObject, isObject, omit } from '../json';
import type { ResponseRequest } from '../schema/request';
import { type Known, strictness } from './memory';
import type { PlainSchema, Wanted, Way } from './wanted';

/** Text of a model that is not shown the schema: most servers only bind it to one. */
const AS_JSON = 'Answer with one JSON object and nothing else.';

const FUNCTION_DESCRIPTION = 'Gives the answer. Call it once, with the whole answer.';

export interface Asking {
	wanted: Wanted;
	plain: PlainSchema;
	known: Known;
}

/** The request, and the wish for the output in it. */
export function withOutput(request: ResponseRequest, way: Way, asking: Asking): ResponseRequest {
	return way === 'textFormat' ? withFormat(request, asking) : withFunction(request, asking);
}

function withFormat(request: ResponseRequest, asking: Asking): ResponseRequest {
	const { wanted, known } = asking;
	const others = isObject(request.text) ? request.text : {};
	if (!wanted.schema) {
		return { ...saidAsJson(request), text: { ...others, format: { type: 'json_object' } } };
	}
	const { plain } = asking;
	const isBare = known.loose.includes(strictness('textFormat', plain));
	const format = {
		type: 'json_schema',
		name: wanted.name,
		schema: sentSchema(asking),
		...(!isBare && { strict: plain.isStrict }),
	};
	return { ...request, text: { ...others, format } };
}

/** The choice names it; among other functions, some function must be called. */
function withFunction(request: ResponseRequest, asking: Asking): ResponseRequest {
	const { name } = asking.wanted;
	const tools = [...(request.tools ?? []).filter((tool) => tool.name !== name)];
	const { tool_choice: chosen } = request;
	const isFree = chosen === undefined || chosen === 'auto';
	const isAlone = chosen === 'none' || !tools.some(isFunction);
	return {
		...request,
		tools: [...tools, outputFunction(asking)],
		...(isAlone
			? { tool_choice: { type: 'function', function: { name } } }
			: isFree && { tool_choice: 'required' }),
	};
}

/** Without `strict`, vLLM (0.32) forces the name of the function only: its arguments may be anything, even no JSON. */
function outputFunction(asking: Asking) {
	const { wanted, plain, known } = asking;
	const anything = { type: 'object', properties: {}, additionalProperties: true };
	const isBare = known.loose.includes(strictness('functionCall', plain));
	return {
		type: 'function' as const,
		name: wanted.name,
		description: FUNCTION_DESCRIPTION,
		parameters: wanted.schema ? sentSchema(asking) : anything,
		...(!isBare && { strict: true }),
	};
}

export const isFunction = ({ type }: { type?: unknown }) => type === 'function';

/** OpenAI's models refuse JSON of which nobody has spoken, and others write blanks for ever. */
function saidAsJson(request: ResponseRequest): ResponseRequest {
	const { instructions, input } = request;
	if (/json/i.test(JSON.stringify([instructions, input]))) return request;
	return { ...request, instructions: [instructions, AS_JSON].filter(Boolean).join('\n\n') };
}

/** Without the keywords that the server does not take. */
export function sentSchema({ plain, known }: Omit<Asking, 'wanted'>): JsonObject {
	const without = known.without.includes('$ref') ? [...known.without, '$defs'] : known.without;
	return withoutKeywords(plain.schema, without);
}

/** Of a plain schema, in which only these have schemas inside, or maps of schemas: `properties` and `$defs`. */
function withoutKeywords(schema: JsonObject, keywords: string[]): JsonObject {
	const inner = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(inner);
		return isObject(value) ? withoutKeywords(value, keywords) : value;
	};
	const entries = Object.entries(omit(schema, keywords)).map(([key, value]): [string, unknown] => {
		if (['items', 'anyOf', 'additionalProperties'].includes(key)) return [key, inner(value)];
		if (!isObject(value)) return [key, value];
		return [
			key,
			Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)])),
		];
	});
	return Object.fromEntries(entries);
}
