import { type Readable, type Transform, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Dispatcher, request } from 'undici';

import { GradientApiError } from './errors';
import { parseJson } from './json';
import { retryAfter } from './pacing/rateLimit';
import type { Listeners } from './stream/delta';
import { readStream, type StreamOptions } from './stream/readStream';
import { Deadline } from './transport/abort';
import { toBrokenAnswer, toConnectionError } from './transport/connectionFailure';
import { describeFailure } from './transport/failure';
import { inContext } from './transport/failureWords';

/** Bytes of a body that are read. More would be no answer of a model, but could fill n8n's memory. */
const BODY_LIMIT = 64 * 1024 * 1024;

export interface HttpRequest extends Listeners {
	method: 'GET' | 'POST';
	url: URL;
	headers: Record<string, string>;
	body?: string;
	/** For the whole answer, or for the first event of a stream, ms; 0: no limit. */
	timeout: number;
	signal?: AbortSignal;
}

/**
 * Sends one request and reads its JSON answer, also one that comes as a stream of events.
 * @throws GradientApiError; or the reason of the signal, if it was aborted
 */
export async function sendRequest(dispatcher: Dispatcher, sent: HttpRequest): Promise<unknown> {
	const { method, url, headers, body, onText, onReasoning } = sent;
	const deadline = new Deadline(sent.signal);
	const { signal } = deadline;
	let answer: Answer | undefined;
	const nameFailure = (error: unknown) => {
		if (isOwn(error, signal)) return error;
		if (!answer || !isSuccess(answer)) return toConnectionError(error, url.host);
		return toBrokenAnswer(error, url.host, {
			status: answer.statusCode,
			requestId: requestIdOf(answer),
		});
	};
	deadline.set(sent.timeout, () => timeoutError(sent.timeout));
	try {
		// undici looks at the signal only once it is connected, and waits 10 s for that, for a proxy that
		// does not answer 300 s; it does not send the request after that (7.30)
		answer = await Promise.race([
			request(url, { dispatcher, method, headers, body, signal }),
			deadline.passed(),
		]);
		return await readAnswer(answer, { deadline, onText, onReasoning, nameFailure });
	} catch (error) {
		throw nameFailure(error);
	} finally {
		deadline.release(answer?.body.readableEnded);
	}
}

/** Ours already, or the reason of the abort: undici rejects with exactly that. */
const isOwn = (error: unknown, signal: AbortSignal) =>
	error instanceof GradientApiError || (signal.aborted && error === signal.reason);

const timeoutError = (ms: number) =>
	new GradientApiError(`No complete answer came within ${ms / 1000} s`, { kind: 'timeout' });

type Answer = Dispatcher.ResponseData;

const isSuccess = ({ statusCode }: Answer) => statusCode >= 200 && statusCode < 300;

const requestIdOf = ({ headers }: Answer) =>
	header(headers, 'x-request-id') ?? header(headers, 'cf-ray');

/** What the answer is, its own headers say, not what was asked for: servers mix that up. */
async function readAnswer(answer: Answer, options: StreamOptions): Promise<unknown> {
	const { headers } = answer;
	const chunks = decompressed(answer);
	const isGood = isSuccess(answer);
	if (isGood && header(headers, 'content-type')?.includes('text/event-stream')) {
		return await readStream(withLimit(chunks), options);
	}
	const text = await readText(chunks);
	const body = parseJson(text);
	if (isGood && body !== undefined) return body;
	if (isGood && /^(:|(data|event|id|retry):)/.test(text)) {
		return await readStream(oneChunk(text), options);
	}
	throw toFailure(answer, body ?? text);
}

/** A server or proxy may compress although we do not ask for it. */
function decompressed({ body, headers }: Answer): Readable {
	const decoder = DECODERS[header(headers, 'content-encoding')?.toLowerCase() ?? '']?.();
	if (!decoder) return body;
	// the callback is what keeps an error from being thrown: the reader of the decoder gets it
	return pipeline(body, decoder, () => undefined);
}

const DECODERS: Record<string, (() => Transform) | undefined> = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
};

async function* withLimit(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > BODY_LIMIT) throw tooLarge();
		yield chunk;
	}
}

const tooLarge = () =>
	new GradientApiError(`The answer is larger than ${BODY_LIMIT / 2 ** 20} MB`, { kind: 'answer' });

async function* oneChunk(text: string) {
	yield Buffer.from(text);
}

async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
	const all: Buffer[] = [];
	for await (const chunk of withLimit(chunks)) all.push(chunk);
	return Buffer.concat(all)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

/** @param body parsed JSON, or text where it is none */
function toFailure(answer: Answer, body: unknown): GradientApiError {
	const { statusCode: status, headers } = answer;
	const isGood = isSuccess(answer);
	const otherwise = `The API answered with HTTP ${status}`;
	const { message, ...said } = describeFailure(body, otherwise);
	const words = isGood ? `The answer is not JSON. ${message}` : inContext(message, otherwise);
	return new GradientApiError(words, {
		kind: isGood ? 'answer' : 'http',
		status,
		...said,
		requestId: said.requestId ?? requestIdOf(answer),
		retryAfterMs: retryAfter(headers, status),
		shouldRetry: { true: true, false: false }[header(headers, 'x-should-retry') ?? ''],
		redirectedTo: status >= 300 && status < 400 ? header(headers, 'location') : undefined,
	});
}

function header(headers: Answer['headers'], name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}
