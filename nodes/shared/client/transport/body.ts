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

/** For a text that comes in one piece: one for all, as it keeps nothing. */
const WHOLE = new TextDecoder();

/**
 * All of it, decoded chunk by chunk: at once, 16 MB of Chinese would take half a second. Most answers are one chunk,
 * and Node decodes a whole text much faster than a piece of one.
 * @throws GradientApiError `answer`, if there are more bytes than `limit`
 */
export async function readText(body: Readable, limit: number): Promise<string> {
	let decoder = WHOLE;
	let size = 0;
	let text = '';
	let last: Buffer | undefined;
	const add = (chunk: Buffer) => {
		size += chunk.length;
		if (size > limit) {
			body.destroy(tooLarge(limit));
			return;
		}
		if (last) {
			if (decoder === WHOLE) decoder = new TextDecoder();
			text += decoder.decode(last, { stream: true });
		}
		last = chunk;
	};
	// not `for await`, which makes an iterator and a promise for each chunk
	await new Promise<void>((resolve, reject) => {
		body.on('data', add).on('end', resolve).on('error', reject);
		// of one that somebody has ended without a reason
		body.on('close', () => reject(new Error('The body was closed before its end')));
	});
	return text + decoder.decode(last);
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
