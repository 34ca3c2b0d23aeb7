import { type JsonObject, isObject, parseJson } from '../json';
import {
	type Media,
	isBufferJson,
	MIN_LENGTH,
	hasStretch,
	mediaIn,
	mediaOf,
	replaceMedia,
	sizeInWords,
	typeOfBytes,
} from './media';

/** What a tool gave, as the API takes it. */
export interface ToolOutput {
	/** The text that the model is told. */
	output: string;
	/** Pictures that were taken out of it, each once, in a form that models take. */
	pictures: Picture[];
}

export interface Picture {
	/** `image/png` */
	type: string;
	/** `data:image/png;base64,…` */
	url: string;
}

/** Characters of a tool's output that are sent to the model; more would only fill its context. */
export const OUTPUT_LIMIT = 400_000;

/** Characters of a result that are read as JSON, and that are searched at all: more would hold n8n up for too long. */
const PARSE_LIMIT = 5_000_000;
const SEARCH_LIMIT = 10_000_000;

/** Of a longer result, only what may hold a file is read as JSON. */
const SHORT = 100_000;

/** Pictures of one result, and characters of one picture: each is sent again in every later round. */
const MAX_PICTURES = 10;
const MAX_PICTURE_LENGTH = 7_000_000;

/** What models take (OpenAI's and vLLM's lists agree in these). */
const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Levels of a result that are read. */
const MAX_DEPTH = 100;

/** @returns what stands in the place of the data */
type TakeMedia = (media: Media) => string;

/**
 * Any value that a tool may give, as text. Pictures, sound and other files, at any depth and in any of the forms
 * that tools have for them (MCP, data URLs, parts of models' messages, plain base64), are never told as base64:
 * "image/png, 300 kB, left out" stands in their place.
 */
export function toToolOutput(value: unknown): ToolOutput {
	const pictures = new Map<string, Picture>();
	const take: TakeMedia = ({ type: said, data, bytes }) => {
		const type = said === 'image/jpg' ? 'image/jpeg' : said;
		const isTaken =
			PICTURE_TYPES.includes(type) &&
			data.length <= MAX_PICTURE_LENGTH &&
			pictures.size < MAX_PICTURES;
		if (isTaken) pictures.set(data, { type, url: `data:${type};base64,${data}` });
		return `${type}, ${sizeInWords(bytes)}, left out`;
	};
	// a tool may give LangChain's message in place of its content
	const content = isObject(value) && 'tool_call_id' in value ? value.content : value;
	const isBytes = content instanceof Uint8Array;
	const told = isBytes ? content : clean(content, { take, path: new Set(), depth: 0 });
	return { output: cut(asText(told)), pictures: [...pictures.values()] };
}

const cut = (text: string) =>
	text.length <= OUTPUT_LIMIT
		? text
		: `${text.slice(0, OUTPUT_LIMIT)}… (${text.length - OUTPUT_LIMIT} more characters were cut off)`;

function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === undefined) return 'The tool ran and returned nothing';
	if (value instanceof Uint8Array) return `The tool returned ${value.length} bytes of binary data`;
	try {
		return JSON.stringify(value) ?? String(value);
	} catch (error) {
		return `The tool ran, but what it returned is not JSON: ${(error as Error).message}`;
	}
}

interface Cleaning {
	take: TakeMedia;
	/** The objects around a value, of which it may be one. */
	path: Set<unknown>;
	depth: number;
}

/** The value without files; the same value where there are none. */
function clean(value: unknown, cleaning: Cleaning): unknown {
	const { take, path, depth } = cleaning;
	if (typeof value === 'string') return cleanText(value, cleaning);
	if (value instanceof Uint8Array) return take(mediaOfBytes(value));
	if (isBufferJson(value)) return take(mediaOfBytes(Uint8Array.from(value.data)));
	const isList = Array.isArray(value);
	if (!isList && !isObject(value)) return value;
	// what refers to itself is for JSON to refuse; dates and their like say themselves how they are written
	if (depth > MAX_DEPTH || path.has(value) || typeof (value as JsonObject).toJSON === 'function') {
		return value;
	}
	path.add(value);
	let isChanged = false;
	const cleanEntry = (one: unknown, key = '') => {
		const media = typeof one === 'string' ? mediaIn(value as JsonObject, key, one) : undefined;
		const cleaned = media ? take(media) : clean(one, { ...cleaning, depth: depth + 1 });
		isChanged ||= cleaned !== one;
		return cleaned;
	};
	const cleaned = isList
		? value.map((one: unknown) => cleanEntry(one))
		: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanEntry(one, key)]));
	path.delete(value);
	return isChanged ? cleaned : value;
}

/** JSON within text, as n8n's tools give it, stays text. */
function cleanText(text: string, cleaning: Cleaning): string {
	const { take, depth } = cleaning;
	const media = mediaOf(text);
	if (media) return take(media);
	const isRead = text.length <= SHORT || hasStretch(text.slice(0, SEARCH_LIMIT), MIN_LENGTH);
	if (!isRead) return text;
	const isJson = text.length <= PARSE_LIMIT && /^\s*[[{"]/.test(text);
	const parsed = isJson ? parseJson(text) : undefined;
	if (parsed === undefined) return replaceMedia(text.slice(0, SEARCH_LIMIT), take);
	const cleaned = clean(parsed, { ...cleaning, depth: depth + 1 });
	return cleaned === parsed ? text : JSON.stringify(cleaned);
}

const mediaOfBytes = (bytes: Uint8Array): Media => ({
	type: typeOfBytes(bytes),
	data: Buffer.from(bytes).toString('base64'),
	bytes: bytes.length,
});
