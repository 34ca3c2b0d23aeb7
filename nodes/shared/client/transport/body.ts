import { type Readable, type Transform, pipeline } from 'node:stream';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

import { GradientApiError } from '../errors';
import { ERROR_BODY_LIMIT, ERROR_BODY_MS } from '../limits';

/** A Map: a server may name `constructor` as its encoding. */
const DECODERS = new Map<string, () => Transform>([
	['gzip', createGunzip],
	['x-gzip', createGunzip],
	['deflate', createInflate],
	['br', createBrotliDecompress],
]);

/** As from a socket, bytes. */
const PIECE = 64 * 1024;

/** A server or proxy may compress although we do not ask for it. */
export function decompressed({ body, headers }: Dispatcher.ResponseData): Readable {
	const encoding = [headers['content-encoding']].flat()[0] ?? '';
	const decoder = DECODERS.get(encoding.trim().toLowerCase())?.();
	if (!decoder) return body;
	// the callback is what keeps an error from being thrown: the reader of the decoder gets it
	return pipeline(body, decoder, () => undefined);
}

/**
 * The chunks, as long as there are no more bytes.
 * @throws GradientApiError `answer`
 */
export async function* withLimit(
	chunks: AsyncIterable<Buffer>,
	limit: number,
): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > limit) throw tooLarge(limit);
		yield chunk;
	}
}

const tooLarge = (limit: number) =>
	new GradientApiError(`The answer is larger than ${limit / 2 ** 20} MB`, { kind: 'answer' });

/**
 * All of it, decoded chunk by chunk: at once, 16 MB of Chinese would take half a second.
 * @throws GradientApiError `answer`, if there are more bytes than `limit`
 */
export async function readText(chunks: AsyncIterable<Buffer>, limit: number): Promise<string> {
	const decoder = new TextDecoder();
	let size = 0;
	let text = '';
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > limit) throw tooLarge(limit);
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}

/**
 * What comes of an error's body within its limits. Never throws: what breaks off, is wrongly compressed or
 * drips takes nothing from what status and headers have said.
 */
export async function readBeginning(chunks: AsyncIterable<Buffer>): Promise<string> {
	const iterator = chunks[Symbol.asyncIterator]();
	const next = async () => await iterator.next().catch(() => undefined);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, ERROR_BODY_MS);
	});
	const read: Buffer[] = [];
	let size = 0;
	while (size < ERROR_BODY_LIMIT) {
		const chunk = await Promise.race([next(), late]);
		if (!chunk || chunk.done) break;
		read.push(chunk.value);
		size += chunk.value.length;
	}
	clearTimeout(timer);
	// not awaited: it comes after a chunk that may never come
	void iterator.return?.().catch(() => undefined);
	return new TextDecoder().decode(Buffer.concat(read).subarray(0, ERROR_BODY_LIMIT));
}

/** A text as a socket would give it: with time for others in between. */
export async function* inPieces(text: string): AsyncGenerator<Buffer> {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += PIECE) {
		yield bytes.subarray(at, at + PIECE);
		await afterOthers();
	}
}
