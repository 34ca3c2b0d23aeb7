import { type JsonObject, isObject } from '../json';
import type { OutputMessage } from './outputItems';

/** Where a piece of the text comes from. */
export interface Citation {
	/** null: a file. */
	url: string | null;
	/** Of the page, or the name of the file. */
	title: string | null;
	/** The place in the text, in characters; null where the API does not say. */
	start: number | null;
	end: number | null;
	file_id?: string;
}

/** What a message cites; the places are those in the text of its item, as it came. */
export function citationsOf({ item: { content, annotations } }: OutputMessage): Citation[] {
	const citations: Citation[] = [];
	let before = 0;
	for (const part of list(content)) {
		citations.push(...read(part.annotations, before));
		before += typeof part.text === 'string' ? part.text.length : 0;
	}
	// of chat completions, and those that transformers serve puts on the item
	if (citations.length === 0) citations.push(...read(annotations, 0));
	return citations;
}

/** The same where so many characters stand before the text; negative: where so many of it are gone. */
export const moved = (citation: Citation, by: number): Citation => ({
	...citation,
	start: citation.start === null ? null : Math.max(citation.start + by, 0),
	end: citation.end === null ? null : Math.max(citation.end + by, 0),
});

const read = (annotations: unknown, before: number): Citation[] =>
	list(annotations)
		.flatMap((annotation) => toCitation(annotation) ?? [])
		.map((one) => moved(one, before));

/** Of web pages and files. Chat completions have one more level, named like the type. */
function toCitation(annotation: JsonObject): Citation | undefined {
	const { type } = annotation;
	const nested = annotation[String(type)];
	const said = isObject(nested) ? nested : annotation;
	const url = asText(said.url);
	const fileId = asText(said.file_id);
	if (!url && !fileId) return undefined;
	return {
		url,
		title: asText(said.title) ?? asText(said.filename),
		start: asNumber(said.start_index) ?? asNumber(said.index),
		end: asNumber(said.end_index),
		...(fileId && { file_id: fileId }),
	};
}

const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const asText = (value: unknown) => (typeof value === 'string' && value ? value : null);

const asNumber = (value: unknown) => (typeof value === 'number' ? value : null);
