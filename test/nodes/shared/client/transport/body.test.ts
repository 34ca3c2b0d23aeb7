import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';

import { ERROR_BODY_LIMIT, ERROR_BODY_MS } from '../../../../../nodes/shared/client/limits';
import {
	decompressed,
	inPieces,
	readBeginning,
	readText,
	withLimit,
} from '../../../../../nodes/shared/client/transport/body';
import { failureOf } from '../support';

const MB = 2 ** 20;

async function* chunksOf(...chunks: Array<string | Buffer>): AsyncGenerator<Buffer> {
	for (const chunk of chunks) yield Buffer.from(chunk);
}

const bodyOf = (...chunks: Array<string | Buffer>) => Readable.from(chunksOf(...chunks));

async function all<T>(chunks: AsyncIterable<T>): Promise<T[]> {
	const read: T[] = [];
	for await (const chunk of chunks) read.push(chunk);
	return read;
}

describe('A compressed body', () => {
	const TEXT = 'Paris is the capital of France.';

	const answer = (body: Buffer, encoding?: string | string[]) =>
		({
			body: Readable.from([body]),
			headers: { 'content-encoding': encoding },
		}) as unknown as Dispatcher.ResponseData;

	const textOf = async (body: Buffer, encoding?: string | string[]) =>
		await readText(decompressed(answer(body, encoding)), MB);

	test.each<[string | string[], Buffer]>([
		['gzip', gzipSync(TEXT)],
		['x-gzip', gzipSync(TEXT)],
		['deflate', deflateSync(TEXT)],
		['br', brotliCompressSync(TEXT)],
		['GZip', gzipSync(TEXT)],
		[' gzip ', gzipSync(TEXT)],
		[['br'], brotliCompressSync(TEXT)],
		[['gzip', 'br'], gzipSync(TEXT)],
	])('is read by its encoding: %j', async (encoding, body) => {
		expect(await textOf(body, encoding)).toBe(TEXT);
	});

	test.each([undefined, '', 'identity', 'zstd', 'constructor', []])(
		'is left as it is where no such encoding is known: %j',
		(encoding) => {
			const given = answer(Buffer.from(TEXT), encoding);
			expect(decompressed(given)).toBe(given.body);
		},
	);

	test('that is not what it says to be fails where it is read', async () => {
		await expect(textOf(Buffer.from(TEXT), 'gzip')).rejects.toMatchObject({
			code: 'Z_DATA_ERROR',
		});
	});
});

describe('A limit of bytes', () => {
	test.each([
		['of a text', async (...chunks: string[]) => await readText(bodyOf(...chunks), 6)],
		[
			'of chunks',
			async (...chunks: string[]) => (await all(withLimit(chunksOf(...chunks), 6))).join(''),
		],
	])('takes as many as it says, and no more: %s', async (_what, read) => {
		expect(await read('abc', 'def')).toBe('abcdef');
		expect(await read()).toBe('');
		// each character has three bytes
		expect(await read('北', '京')).toBe('北京');
		await failureOf(read('abc', 'defg'));
		await failureOf(read('北京!'));
	});

	test.each([
		['of a text', async () => await readText(bodyOf(Buffer.alloc(MB), 'x'), MB)],
		['of chunks', async () => await all(withLimit(chunksOf(Buffer.alloc(MB), 'x'), MB))],
	])('is named once it is passed: %s', async (_what, read) => {
		const { message, details } = await failureOf(read());
		expect(message).toBe('The answer is larger than 1 MB');
		expect(details).toEqual({ kind: 'answer' });
	});

	test('gives what came before it', async () => {
		const chunks = withLimit(chunksOf('abc', 'defg'), 6);
		expect(String((await chunks.next()).value)).toBe('abc');
		await failureOf(chunks.next());
	});
});

describe('A text in chunks', () => {
	test('may be cut within a character', async () => {
		const bytes = Buffer.from('a北京😀');
		const single = [...bytes].map((byte) => Buffer.from([byte]));
		expect(await readText(bodyOf(...single), MB)).toBe('a北京😀');
	});

	test('that ends within a character says so', async () => {
		expect(await readText(bodyOf('a', Buffer.from('北').subarray(0, 2)), MB)).toBe('a\ufffd');
	});

	test('may begin with a mark of its byte order, which is no part of it', async () => {
		const marked = Buffer.from('\ufeffabc');
		expect(await readText(bodyOf(marked), MB)).toBe('abc');
		expect(await readText(bodyOf(marked.subarray(0, 2), marked.subarray(2)), MB)).toBe('abc');
	});

	test.each([
		['with a reason', new Error('reset'), 'reset'],
		['without one', undefined, 'The body was closed before its end'],
	])('that is ended before its end fails, %s', async (_how, reason, message) => {
		const body = new Readable({ read() {} });
		const reading = readText(body, MB);
		body.push('a');
		body.destroy(reason);
		await expect(reading).rejects.toThrow(message);
	});
});

describe('The beginning of a body', () => {
	/** Chunks of a body, and how it was read. */
	class Body implements AsyncIterable<Buffer>, AsyncIterator<Buffer> {
		asked = 0;
		isReleased = false;

		constructor(private readonly chunk: (index: number) => Promise<IteratorResult<Buffer>>) {}

		[Symbol.asyncIterator]() {
			return this;
		}

		async next() {
			return await this.chunk(this.asked++);
		}

		async return() {
			this.isReleased = true;
			return await Promise.reject<IteratorResult<Buffer>>(new Error('Gone'));
		}
	}

	const chunk = (value: string | Buffer): IteratorResult<Buffer> => ({ value: Buffer.from(value) });

	test('is the whole of a short one', async () => {
		expect(await readBeginning(chunksOf('Over', 'loaded'))).toBe('Overloaded');
		expect(await readBeginning(chunksOf())).toBe('');
	});

	test('is what came before it broke off', async () => {
		const body = new Body(async (index) => {
			if (index > 1) throw new Error('reset');
			return chunk('ab');
		});
		expect(await readBeginning(body)).toBe('abab');
		expect(body.isReleased).toBe(true);
	});

	test('is read up to its limit, and then no chunk is asked for', async () => {
		const body = new Body(async () => chunk(Buffer.alloc(ERROR_BODY_LIMIT / 2, 'x')));
		expect(await readBeginning(body)).toBe('x'.repeat(ERROR_BODY_LIMIT));
		expect(body.asked).toBe(2);
		expect(body.isReleased).toBe(true);
	});

	test('is cut where the last chunk goes beyond the limit', async () => {
		const body = new Body(async () => chunk(Buffer.alloc(ERROR_BODY_LIMIT - 1, 'x')));
		expect(await readBeginning(body)).toHaveLength(ERROR_BODY_LIMIT);
		expect(body.asked).toBe(2);
	});

	test('needs nobody who can be told that no more is read', async () => {
		let left = 1;
		const chunks: AsyncIterable<Buffer> = {
			[Symbol.asyncIterator]: () => ({
				next: async () => (left-- > 0 ? chunk('a') : { done: true, value: undefined }),
			}),
		};
		expect(await readBeginning(chunks)).toBe('a');
	});

	test('is what came in time, where the rest does not come', async () => {
		jest.useFakeTimers();
		try {
			const never = new Promise<never>(() => {});
			const body = new Body(async (index) => (index > 0 ? await never : chunk('ab')));
			let isRead = false;
			const read = readBeginning(body).finally(() => (isRead = true));
			await jest.advanceTimersByTimeAsync(ERROR_BODY_MS - 1);
			expect(isRead).toBe(false);
			await jest.advanceTimersByTimeAsync(1);
			expect(await read).toBe('ab');
		} finally {
			jest.useRealTimers();
		}
	});

	test('leaves no timer behind', async () => {
		jest.useFakeTimers();
		try {
			await readBeginning(chunksOf('ab'));
			expect(jest.getTimerCount()).toBe(0);
		} finally {
			jest.useRealTimers();
		}
	});
});

describe('A text in pieces', () => {
	const PIECE = 64 * 1024;

	test.each([
		['', []],
		['abc', [3]],
		['x'.repeat(PIECE), [PIECE]],
		['x'.repeat(PIECE + 1), [PIECE, 1]],
		// three bytes each
		['北'.repeat(PIECE), [PIECE, PIECE, PIECE]],
	])('comes as from a socket (case %#)', async (text, lengths) => {
		const pieces = await all(inPieces(text));
		expect(pieces.map(({ length }) => length)).toEqual(lengths);
		expect(Buffer.concat(pieces).toString()).toBe(text);
	});

	test('leaves time for others in between', async () => {
		const pieces = inPieces('x'.repeat(2 * PIECE));
		await pieces.next();
		let others = 0;
		setImmediate(() => others++);
		await pieces.next();
		expect(others).toBe(1);
	});
});
