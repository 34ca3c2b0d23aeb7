import { fileTypeFromBuffer } from 'file-type';

/** Bytes of a file that are looked at: formats that are archives, as those of office programs, need more than their beginning. */
const LOOKED_AT = 1024 * 1024;

/**
 * The type of a file by what is in it, such as `image/png`; undefined where that says nothing, as with plain text.
 * Import it on first use: the library knows some two hundred formats.
 */
export const typeOfFile = async (bytes: Uint8Array): Promise<string | undefined> =>
	(await fileTypeFromBuffer(bytes.subarray(0, LOOKED_AT)))?.mime;
