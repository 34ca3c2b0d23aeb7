import { type JsonObject, isObject } from '../json';

/** A picture, sound or other file, in base64. */
export interface Media {
	/** `image/png` */
	type: string;
	data: string;
	bytes: number;
}

const isBase64 = (text: string) => /^[A-Za-z0-9+/_\s-]+={0,2}$/.test(text.trimEnd());

/** Shorter texts are words that happen to look like base64. */
export const MIN_LENGTH = 64;

/** From here on a text that is nothing but base64 is taken for data, whatever it is. */
const MIN_UNKNOWN_LENGTH = 1_000;

/** Characters of which that is judged, and how many different ones data has there: hexadecimal has 16, a repeated word a few. */
const JUDGED_LENGTH = 4_000;
const MIN_DIFFERENT = 40;

const UNKNOWN = 'application/octet-stream';

const TYPE_KEYS = [
	'mimeType',
	'mime_type',
	'media_type',
	'mediaType',
	'contentType',
	'content_type',
];
const DATA_KEYS = ['data', 'blob', 'base64', 'bytes', 'body', 'content'];

/** What parts of MCP and of models' messages are called. */
const MEDIA_PARTS: unknown[] = [
	'image',
	'audio',
	'video',
	'file',
	'media',
	'base64',
	'input_audio',
	'blob',
];

/** How files begin, in base64. */
const BEGINNINGS: Array<[string, string]> = [
	['iVBORw0KGg', 'image/png'],
	['/9j/', 'image/jpeg'],
	['R0lGOD', 'image/gif'],
	['PHN2Zy', 'image/svg+xml'],
	['JVBERi0', 'application/pdf'],
	['UEsDB', 'application/zip'],
	['H4sI', 'application/gzip'],
	['SUQz', 'audio/mpeg'],
	['T2dnUw', 'audio/ogg'],
];

/** The data under a key of an object that says what it is: `{ type: 'image', data, mimeType }`, `{ blob, mimeType }`. */
export function mediaIn(object: JsonObject, key: string, text: string): Media | undefined {
	if (!DATA_KEYS.includes(key) || !isBase64(text)) return undefined;
	const said = TYPE_KEYS.map((name) => object[name]).find(isMimeType);
	const isPart = MEDIA_PARTS.includes(object.type);
	const isData = isPart || key === 'blob' || key === 'base64';
	if (said && (isText(said) ? !isData : text.length < MIN_LENGTH && !isData)) return undefined;
	if (!said && !(isPart || (isData && text.length >= MIN_LENGTH))) return undefined;
	return media(said ?? typeByBeginning(text) ?? UNKNOWN, text);
}

/** A text that is nothing but the base64 of a file. */
export function mediaOf(text: string): Media | undefined {
	if (text.length < MIN_LENGTH) return undefined;
	const type = typeByBeginning(text);
	if (!type && (text.length < MIN_UNKNOWN_LENGTH || !isVaried(text))) return undefined;
	return isBase64(text) ? media(type ?? UNKNOWN, text) : undefined;
}

/** Text without the data URLs in it, and without long stretches of base64. */
export function replaceMedia(text: string, replace: (found: Media) => string): string {
	if (!hasStretch(text, MIN_LENGTH)) return text;
	const withoutUrls = text.replace(DATA_URL, (_, type: string, data: string) =>
		replace(media(type, data)),
	);
	let replaced = '';
	let end = 0;
	for (const [from, to] of stretches(withoutUrls, MIN_UNKNOWN_LENGTH)) {
		const stretch = withoutUrls.slice(from, to);
		const type = typeByBeginning(stretch);
		if (!type && !isVaried(stretch)) continue;
		replaced += withoutUrls.slice(end, from) + replace(media(type ?? UNKNOWN, stretch));
		end = to;
	}
	return replaced + withoutUrls.slice(end);
}

const DATA_URL =
	/data:([\w.+-]{1,80}\/[\w.+-]{1,80})(?:;[\w=.+-]{1,80}){0,5};base64,([A-Za-z0-9+/_-]{48,}={0,2})/g;

/** Whether so many characters of base64 stand together somewhere: a text without them need not be read. */
export const hasStretch = (text: string, length: number): boolean =>
	!stretches(text, length).next().done;

/** Where so many characters of base64 stand together. Not by a pattern, which would begin anew at each character. */
function* stretches(text: string, length: number): Generator<[from: number, to: number]> {
	let from = 0;
	for (let index = 0; index <= text.length; index++) {
		if (IN_BASE64[text.charCodeAt(index)]) continue;
		if (index - from >= length)
			yield [from, text[index] === '=' ? endOfPadding(text, index) : index];
		from = index + 1;
	}
}

const endOfPadding = (text: string, index: number) => index + (text[index + 1] === '=' ? 2 : 1);

/** By character code. */
const IN_BASE64 = Array.from({ length: 128 }, (_, code) =>
	/[A-Za-z0-9+/]/.test(String.fromCharCode(code)),
);

/** `300 kB`, as one says it: in thousands. */
export function sizeInWords(bytes: number): string {
	if (bytes < 1_000) return `${bytes} bytes`;
	if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
	return `${Math.round(bytes / 100_000) / 10} MB`;
}

/** @param bytes a file, or its beginning */
export const typeOfBytes = (bytes: Uint8Array): string =>
	typeByBeginning(Buffer.from(bytes.subarray(0, 24)).toString('base64')) ?? UNKNOWN;

function media(type: string, text: string): Media {
	const data = text.replace(/\s+/g, '');
	const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
	return { type, data, bytes: Math.floor((data.length * 3) / 4) - padding };
}

function typeByBeginning(text: string): string | undefined {
	const known = BEGINNINGS.find(([beginning]) => text.startsWith(beginning))?.[1];
	if (known) return known;
	const head = Buffer.from(text.slice(0, 24), 'base64').toString('latin1');
	if (head.startsWith('RIFF')) return { WEBP: 'image/webp', WAVE: 'audio/wav' }[head.slice(8, 12)];
	return head.slice(4, 8) === 'ftyp' ? 'video/mp4' : undefined;
}

const isVaried = (text: string) => new Set(text.slice(0, JUDGED_LENGTH)).size >= MIN_DIFFERENT;

const isMimeType = (value: unknown): value is string =>
	typeof value === 'string' && /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(value);

const isText = (type: string) => /^text\/|[/+](json|xml|yaml|javascript)$/.test(type);

/** How JSON writes a Buffer of Node. */
export const isBufferJson = (value: unknown): value is { data: number[] } =>
	isObject(value) && value.type === 'Buffer' && Array.isArray(value.data);
