import { type JsonObject, isObject, parseJson } from '../json';

/** A picture in the result of a tool, as the API takes it. */
export interface Picture {
	type: 'input_image';
	/** A data URL. */
	image_url: string;
}

export interface ToolOutput {
	output: string;
	pictures: Picture[];
	/** What a reader should know: the model does not get all of it. */
	notes: string[];
}

/** What is found on the way. */
interface Found {
	pictures: Picture[];
	/** Each with its type and size. */
	files: string[];
	areShown: boolean;
	/** Objects that were looked at, with what they became: they may hold each other. */
	seen: Map<object, unknown>;
}

/** Characters of a tool's output that are sent to the model; more would only fill its context. */
const OUTPUT_LIMIT = 400_000;

/** How deep is looked into a result, texts that hold JSON included. */
const DEPTH = 40;

/** Characters; what is shorter is no file, and a text may well look like it. */
const SHORTEST_FILE = 200;

/**
 * What a tool gave as the text that the API takes, without the files in it: as text, a picture of 300 kB is 400,000
 * characters that no model can read. Where a file was, its type and size are said. Texts without files stay as they are.
 * @param value anything: MCP servers, n8n's agent (as JSON within JSON) and LangChain put files at any depth
 * @param areShown whether the pictures are sent beside the text
 */
export function toToolOutput(value: unknown, areShown = false): ToolOutput {
	const found: Found = { pictures: [], files: [], seen: new Map(), areShown };
	const content = isObject(value) && 'tool_call_id' in value ? value.content : value;
	const text = asText(withoutFiles(content, found, 0));
	const { pictures, files } = found;
	const notes =
		files.length > 0 ? [`Left out of a tool's result: ${files.slice(0, 5).join(', ')}`] : [];
	if (text.length <= OUTPUT_LIMIT) return { output: text, pictures, notes };
	notes.push(`A tool's result of ${text.length} characters was cut to ${OUTPUT_LIMIT}`);
	const cut = `… (${text.length - OUTPUT_LIMIT} more characters were cut off)`;
	const output = text.slice(0, OUTPUT_LIMIT).replace(/[\uD800-\uDBFF]$/, '') + cut;
	return { output, pictures, notes };
}

function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === undefined) return 'The tool ran and returned nothing';
	try {
		return JSON.stringify(value) ?? String(value);
	} catch (error) {
		return `The tool ran, but what it returned is not JSON: ${(error as Error).message}`;
	}
}

/** The same value, as far as no file is in it. */
function withoutFiles(value: unknown, found: Found, depth: number): unknown {
	if (typeof value === 'string') return textWithoutFiles(value, found, depth);
	if (value instanceof Uint8Array) return leftOut({ type: '', size: value.length }, found);
	if (depth > DEPTH || typeof value !== 'object' || value === null) return value;
	if (found.seen.has(value)) return found.seen.get(value);
	found.seen.set(value, value);
	const changed = Array.isArray(value)
		? listWithoutFiles(value, found, depth)
		: objectWithoutFiles(value as JsonObject, found, depth);
	found.seen.set(value, changed);
	return changed;
}

function listWithoutFiles(list: unknown[], found: Found, depth: number): unknown[] {
	const changed = list.map((one) => withoutFiles(one, found, depth + 1));
	return changed.some((one, index) => one !== list[index]) ? changed : list;
}

function objectWithoutFiles(value: JsonObject, found: Found, depth: number): unknown {
	const file = fileOf(value);
	if (file) return withName(value, taken(file, found));
	const entries = Object.entries(value);
	const changed = entries.map(([key, one]) => [key, withoutFiles(one, found, depth + 1)] as const);
	const isSame = changed.every(([, one], index) => one === entries[index][1]);
	return isSame ? value : Object.fromEntries(changed);
}

function textWithoutFiles(text: string, found: Found, depth: number): string {
	if (text.length < SHORTEST_FILE) return text;
	if (depth <= DEPTH && /^\s*[[{]/.test(text)) {
		const parsed = parseJson(text);
		if (parsed !== undefined) {
			const changed = withoutFiles(parsed, found, depth + 1);
			return changed === parsed ? text : JSON.stringify(changed);
		}
	}
	const type = typeOfBase64(text);
	if (type) return taken({ type, data: text }, found);
	return text.replace(DATA_URL, (whole, mime: string, data: string) =>
		data.length < SHORTEST_FILE ? whole : taken({ type: mime, data }, found),
	);
}

const DATA_URL = /data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.+-]+)*;base64,([A-Za-z0-9+/_=-]+)/g;

interface File {
	/** '' where nobody says. */
	type: string;
	/** base64 */
	data: string;
}

/** The base64 of an object that stands for a file, under whichever of the names that are in use. */
function fileOf(value: JsonObject): File | undefined {
	const source = isObject(value.source) ? value.source : {};
	const data = [value.blob, value.data, source.data, value.base64].find(isBase64);
	if (data === undefined) return undefined;
	const said = [value, source].flatMap((one) => [
		one.mimeType,
		one.mime_type,
		one.mediaType,
		one.media_type,
	]);
	const type = said.find((one) => typeof one === 'string' && one !== '');
	const isFile = type !== undefined || value.blob === data || FILE_TYPES.has(String(value.type));
	const known = typeOfBase64(data);
	if (!isFile && !known) return undefined;
	return { type: String(type ?? known ?? ''), data };
}

const FILE_TYPES = new Set(['image', 'audio', 'video', 'file', 'media', 'document', 'resource']);

const isBase64 = (value: unknown): value is string =>
	typeof value === 'string' &&
	value.length >= SHORTEST_FILE &&
	/^[A-Za-z0-9+/_-]+(\r?\n[A-Za-z0-9+/_-]+)*={0,2}\s*$/.test(value);

/** How files begin, in base64. */
const BEGINNINGS: Array<[string, string]> = [
	['iVBORw0KGgo', 'image/png'],
	['/9j/', 'image/jpeg'],
	['R0lGOD', 'image/gif'],
	['UklGR', 'image/webp'],
	['Qk0', 'image/bmp'],
	['JVBERi0', 'application/pdf'],
	['UEsDB', 'application/zip'],
	['SUQz', 'audio/mpeg'],
	['T2dnUw', 'audio/ogg'],
];

function typeOfBase64(text: string): string | undefined {
	const found = BEGINNINGS.find(([beginning]) => text.startsWith(beginning));
	return found && isBase64(text) ? found[1] : undefined;
}

/** Keeps a picture, and says what stands in its place. */
function taken({ type, data }: File, found: Found): string {
	const size = Math.floor((data.replace(/[\s=]/g, '').length * 3) / 4);
	if (!type.startsWith('image/')) return leftOut({ type, size }, found);
	found.pictures.push({ type: 'input_image', image_url: `data:${type};base64,${data}` });
	return found.areShown
		? `[${inWords(type, size)}, picture ${found.pictures.length} below]`
		: leftOut({ type, size }, found);
}

function leftOut({ type, size }: { type: string; size: number }, { files }: Found): string {
	const words = inWords(type, size);
	files.push(words);
	return `[${words}, left out]`;
}

/** @param size bytes */
const inWords = (type: string, size: number) =>
	`${type || 'a file'}, ${size < 1000 ? `${size} bytes` : `${Math.round(size / 1000)} kB`}`;

/** With what else is known of the file, such as its name or address. */
function withName(value: JsonObject, words: string): unknown {
	const known = Object.entries(value).filter(
		([key, one]) => ['uri', 'name', 'fileName', 'filename', 'title'].includes(key) && isShort(one),
	);
	return known.length === 0 ? words : { ...Object.fromEntries(known), content: words };
}

const isShort = (value: unknown) => typeof value === 'string' && value.length < SHORTEST_FILE;
