import type { IBinaryKeyData } from 'n8n-workflow';

import type { ResponseRequest } from '../../shared/client';
import { isObject } from '../../shared/client/json';

/** What a model could be shown of an item. */
const SHOWABLE = /^(image\/|application\/pdf$)/;

/** Items behind a mail or a download have files, and a builder may take them for sent. */
export function describeUnsent(
	binary: IBinaryKeyData | undefined,
	{ input }: Pick<ResponseRequest, 'input'>,
): string[] {
	const fields = Object.entries(binary ?? {}).flatMap(([field, { mimeType }]) =>
		SHOWABLE.test(mimeType) ? field : [],
	);
	if (fields.length === 0 || partsOf(input).some(isFile)) return [];
	const names = fields.map((field) => `'${field}'`).join(', ');
	return [
		`The item has files that the model does not see: ${names}. To send them, name their fields in 'Attachments'`,
	];
}

/** `data:image/png;base64,` and nothing behind it, as an expression leaves it that finds no file. */
const EMPTY_DATA_URL = /^data:[^,]*(,\s*)?$/;

/** The places of data URLs with nothing in them: the API would refuse them in words about a picture. */
export function emptyDataUrls(input: unknown): Array<{ entry: number; part: number; key: string }> {
	return (Array.isArray(input) ? input : []).flatMap((item: unknown, entry) =>
		contentOf(item).flatMap((one, part) =>
			isObject(one)
				? ['image_url', 'file_data', 'file_url'].flatMap((key) =>
						isEmptyDataUrl(one[key]) ? { entry, part, key } : [],
					)
				: [],
		),
	);
}

const isEmptyDataUrl = (value: unknown) => {
	const url = isObject(value) ? value.url : value;
	return typeof url === 'string' && url.length < LONGEST_HEAD && EMPTY_DATA_URL.test(url.trim());
};

/** Characters before the comma, at most; what is longer has something in it. */
const LONGEST_HEAD = 200;

const contentOf = (item: unknown): unknown[] =>
	isObject(item) && Array.isArray(item.content) ? item.content : [];

const partsOf = (input: unknown): unknown[] =>
	(Array.isArray(input) ? input : []).flatMap(contentOf);

const isFile = (part: unknown) =>
	isObject(part) && typeof part.type === 'string' && /image|file/.test(part.type);
