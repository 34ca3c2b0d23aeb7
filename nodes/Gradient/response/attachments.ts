import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { JsonObject } from '../../shared/client/json';
import { sizeInWords } from '../../shared/client/response/media';
import { asScalar, asText, isUnset, listOf } from '../../shared/form/values';
import { invalidFields } from '../../shared/host/errors';
import { DEFAULT_ATTACHMENT_MB } from './attachments.fields';
import type { CreateParameters } from './parameters';

/** A part of a message: a picture (`input_image`), or another file (`input_file`). */
export type Attachment = JsonObject;

/** What all known models with eyes take (DigitalOcean names PNG, JPEG and WebP; OpenAI also GIF). */
const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

const MB = 1_000_000;

const UNKNOWN = 'application/octet-stream';

/** A binary field of an item. */
interface File {
	item: number;
	name: string;
	binary: IBinaryData;
}

/** Whether 'Attachments' names any. */
export const hasAttachments = ({ attachments }: CreateParameters) => listOf(attachments).length > 0;

/**
 * The files of the items that 'Attachments' names, by item. They are read from wherever n8n keeps them: memory, file
 * system or S3. What they are, their content decides: what the item says of it may be wrong.
 * @throws NodeOperationError, if a field is not there, is not what it says, or all together are too large
 */
export async function readAttachments(
	context: IExecuteFunctions,
	items: number[],
	{ attachments, inputType, options }: CreateParameters,
): Promise<Map<number, Attachment[]>> {
	const found = new Map<number, Attachment[]>();
	const names = listOf(attachments);
	const fail = (problem: string) => invalidFields(context.getNode(), [problem]);
	const files = items.flatMap((item): File[] => {
		const binaries = context.getInputData()[item].binary ?? {};
		// of many items, some may have no files
		const missing = names.find((name) => name !== ALL && !Object.hasOwn(binaries, name));
		if (missing !== undefined && inputType !== 'items') throw fail(notThere(missing, binaries));
		const wanted = names.includes(ALL) ? Object.keys(binaries) : names;
		return [...new Set(wanted)].flatMap((name) =>
			Object.hasOwn(binaries, name) ? { item, name, binary: binaries[name] } : [],
		);
	});
	const limit = limitOf(options.maxAttachmentSize);
	if (limit === undefined) throw fail("'Max Attachment Size' must be a number of at least 0");
	if (files.length === 0) return found;
	const { typeOfFile } = await import('../../shared/client/response/fileType');
	let size = 0;
	for (const file of files) {
		// before it is read: what is too large may be larger than the memory
		const told = await sizeOf(context, file);
		if (size + told > limit) throw fail(tooLarge(limit, size + told));
		const bytes = await context.helpers.getBinaryDataBuffer(file.item, file.name);
		size += bytes.length;
		if (size > limit) throw fail(tooLarge(limit, size));
		const type = asSent(await typeOfFile(bytes));
		if (isNoPicture(file, type)) throw fail(notAPicture(file, type));
		const parts = found.get(file.item) ?? [];
		parts.push(toPart(file, bytes, type ?? textType(file, bytes), options.pictureDetail));
		found.set(file.item, parts);
	}
	return found;
}

/** A PNG that moves is one whose first picture all can read. */
const asSent = (type: string | undefined) => (type === 'image/apng' ? 'image/png' : type);

const ALL = 'all';

function notThere(name: string, binaries: Record<string, IBinaryData>): string {
	const has = Object.keys(binaries);
	const rest = has.length > 0 ? `It has: ${has.join(', ')}` : 'It has none';
	return `'Attachments' names the binary field '${name}', which the item does not have. ${rest}. Where items may have files or not, write all`;
}

/** Bytes; undefined where the field cannot be read. */
function limitOf(value: unknown): number | undefined {
	const mb = isUnset(value) ? DEFAULT_ATTACHMENT_MB : asScalar(value);
	return typeof mb === 'number' && mb >= 0 ? mb * MB : undefined;
}

const tooLarge = (limit: number, size: number) =>
	`the files of 'Attachments' have ${sizeInWords(size)} together, more than the ${sizeInWords(limit)} of 'Max Attachment Size' in 'Options'. Make them smaller, send fewer at once, or raise the limit`;

/** As n8n knows it without reading the file: 0 where it does not. */
async function sizeOf(context: IExecuteFunctions, { binary }: File): Promise<number> {
	if (!binary.id) return Math.floor((binary.data.length * 3) / 4) - 2;
	const { fileSize } = await context.helpers.getBinaryMetadata(binary.id);
	return fileSize;
}

/** A picture that is none would be billed, or refused in words that nobody understands. */
const isNoPicture = ({ binary }: File, type: string | undefined) =>
	PICTURES.includes(binary.mimeType) && !(type ?? '').startsWith('image/');

const notAPicture = ({ name, binary }: File, type: string | undefined) =>
	`the binary field '${name}' says that it is ${binary.mimeType}, but ${type ? `holds ${type}` : 'holds no picture'}`;

function toPart({ name, binary }: File, bytes: Buffer, type: string, detail: unknown): Attachment {
	const url = `data:${type};base64,${bytes.toString('base64')}`;
	if (PICTURES.includes(type)) {
		return {
			type: 'input_image',
			image_url: url,
			...(!isUnset(detail) && { detail: asText(detail) }),
		};
	}
	return { type: 'input_file', filename: binary.fileName ?? name, file_data: url };
}

/** What has no type of its own is text, if it is; and then the item knows best which. */
function textType({ binary: { mimeType } }: File, bytes: Buffer): string {
	if (!isText(bytes)) return UNKNOWN;
	return /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|[\w.-]+\+(json|xml))$|image\/svg\+xml$)/.test(
		mimeType,
	)
		? mimeType
		: 'text/plain';
}

function isText(bytes: Buffer): boolean {
	try {
		return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
	} catch {
		return false;
	}
}
