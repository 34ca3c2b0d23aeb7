import { type JsonObject, isObject, parseJson } from '../../shared/client/json';
import type { LangChainMessage, LangChainModel, StructuredOutputOptions } from '../langchain';

/**
 * The model calls a function that takes the wanted object: its arguments are the output. Some models write the
 * object as text instead.
 * @param schema JSON Schema, or of any copy of zod
 */
export function withStructuredOutput(
	model: LangChainModel,
	schema: JsonObject,
	{ name, includeRaw }: StructuredOutputOptions = {},
) {
	const { title, description } = schema;
	const functionName = name ?? (typeof title === 'string' && title ? title : 'extract');
	const wanted = { name: functionName, description, parameters: schema };
	const bound = model.bindTools([{ type: 'function', function: wanted }], {
		tool_choice: functionName,
	});
	const parse = ({ tool_calls: calls = [], content }: LangChainMessage) => {
		const call = calls.find((one) => one.name === functionName);
		const output = call ? call.args : findObject(String(content), (value) => fits(value, schema));
		if (output !== undefined) return output;
		throw new Error(
			`The model did not call '${functionName}', which takes the structured output, and its text holds no such JSON`,
		);
	};
	return bound.pipe((raw) => (includeRaw ? { raw, parsed: parse(raw) } : parse(raw)));
}

/** Whether an object may be what was asked for; whoever asked checks the rest, as with the arguments of a call. */
function fits(value: JsonObject, schema: JsonObject): boolean {
	if (typeof schema.safeParse === 'function') {
		const parse = schema.safeParse as (value: unknown) => { success: boolean };
		return parse.call(schema, value).success;
	}
	const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
	return required.every((key) => typeof key === 'string' && Object.hasOwn(value, key));
}

/** Objects that are looked at, from the end of a text: a long one may have thousands of braces. */
const MOST_OBJECTS = 50;

/**
 * The JSON object in a text: the whole text, the inside of a fence, or the last object in a sentence.
 * @param isWanted decides where there are several
 */
export function findObject(
	text: string,
	isWanted: (value: JsonObject) => boolean,
): JsonObject | undefined {
	const fenced = text
		.split('```')
		.filter((_, index) => index % 2 === 1)
		.map((inside) => inside.replace(/^[\w-]+/, ''));
	const candidates = [text, ...fenced.reverse().slice(0, MOST_OBJECTS), ...objectsIn(text)];
	for (const candidate of candidates) {
		const value = parseJson(candidate);
		if (isObject(value) && isWanted(value)) return value;
	}
	return undefined;
}

/** The outermost stretches between matching braces, the last one first. */
function objectsIn(text: string): string[] {
	const found: string[] = [];
	let depth = 0;
	let start = 0;
	let isInString = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (isInString) {
			if (character === '\\') index++;
			else if (character === '"') isInString = false;
		} else if (character === '"' && depth > 0) {
			isInString = true;
		} else if (character === '{') {
			if (depth++ === 0) start = index;
		} else if (character === '}' && depth > 0 && --depth === 0) {
			found.push(text.slice(start, index + 1));
		}
	}
	return found.reverse().slice(0, MOST_OBJECTS);
}
