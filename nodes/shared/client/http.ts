import { setImmediate as afterOthers } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';

import { GradientApiError } from './errors';
import { parseJson, readJson } from './json';
import { JSON_LIMIT, STREAM_LIMIT, WORD_LIMIT } from './limits';
import { requestLimit, waitOf } from './pacing/rateLimit';
import type { Secrets } from './redact';
import type { Listeners } from './stream/delta';
import { readStream, type StreamOptions } from './stream/readStream';
import { Deadline } from './transport/abort';
import { decompressed, inPieces, readBeginning, readText, withLimit } from './transport/body';
import { toBrokenAnswer, toConnectionError } from './transport/connectionFailure';
import { describeFailure } from './transport/failure';
import { inContext } from './transport/failureWords';

export interface HttpRequest extends Listeners {
	method: 'GET' | 'POST';
	url: URL;
	headers: Record<string, string>;
	body?: string;
	/** For the whole answer, or for the first event of a stream, ms; 0: no limit. */
	timeout: number;
	signal?: AbortSignal;
	/** What must not be seen of a failure. */
	secrets: Secrets;
	/** Learns which way DigitalOcean's router took, where the answer says so. */
	onRoute?(route: string): void;
	/** Hears of the headers of an answer that is none of a failure. */
	onHeaders?(headers: Record<string, string | string[] | undefined>): void;
	/** Of those that use the same connections, the requests that end together. */
	inFlight: Set<Deadline>;
}

/**
 * Sends one request and reads its JSON answer, also one that comes as a stream of events.
 * @throws GradientApiError; or the reason of the signal, if it was aborted
 */
export async function sendRequest(dispatcher: Dispatcher, sent: HttpRequest): Promise<unknown> {
	const { method, url, headers, body, onText, onReasoning, secrets } = sent;
	const deadline = new Deadline(sent.signal);
	const { signal } = deadline;
	sent.inFlight.add(deadline);
	let answer: Answer | undefined;
	const nameFailure = (error: unknown) => {
		if (isOwn(error, signal)) return error;
		if (!answer || !isSuccess(answer)) return toConnectionError(error, url.host);
		return toBrokenAnswer(error, url.host, {
			status: answer.statusCode,
			requestId: requestIdOf(answer, secrets),
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
		if (!isSuccess(answer)) {
			const said = await readBeginning(decompressed(answer));
			sent.signal?.throwIfAborted();
			throw toFailure(answer, parseJson(said) ?? said, secrets);
		}
		const route = asWord(header(answer.headers, 'x-model-router-selected-route'), secrets);
		if (route) sent.onRoute?.(route);
		sent.onHeaders?.(answer.headers);
		return await readAnswer(answer, { deadline, onText, onReasoning, nameFailure, secrets });
	} catch (error) {
		throw nameFailure(error);
	} finally {
		sent.inFlight.delete(deadline);
		deadline.release(answer?.body.readableEnded);
		// undici (7.30) takes a connection back only now, and the next request would open one of its own;
		// also, reading may have taken its time, and so may what is done with the answer
		await afterOthers();
	}
}

/** Ours already, or the reason of the abort: undici rejects with exactly that. */
const isOwn = (error: unknown, signal: Deadline['signal']) =>
	error instanceof GradientApiError || (signal.aborted && error === signal.reason);

const timeoutError = (ms: number) =>
	new GradientApiError(`No complete answer came within ${ms / 1000} s`, { kind: 'timeout' });

type Answer = Dispatcher.ResponseData;

const isSuccess = ({ statusCode }: Answer) => statusCode >= 200 && statusCode < 300;

const requestIdOf = ({ headers }: Answer, secrets: Secrets) =>
	asWord(header(headers, 'x-request-id') ?? header(headers, 'cf-ray'), secrets);

/** As much of a header as is shown. */
const asWord = (value: string | undefined, secrets: Secrets) =>
	value && secrets.beginning(value, WORD_LIMIT);

/** What the answer is, its own headers say, not what was asked for: servers mix that up. */
async function readAnswer(
	answer: Answer,
	options: StreamOptions & { secrets: Secrets },
): Promise<unknown> {
	const chunks = decompressed(answer);
	if (header(answer.headers, 'content-type')?.includes('text/event-stream')) {
		return await readStream(withLimit(chunks, STREAM_LIMIT), options);
	}
	const text = await readText(chunks, JSON_LIMIT);
	const { value, excess } = readJson(text);
	if (excess) throw new GradientApiError(`The answer ${excess}`, { kind: 'answer' });
	if (value !== undefined) return value;
	if (/^(:|(data|event|id|retry):)/.test(text)) return await readStream(inPieces(text), options);
	throw toFailure(answer, text, options.secrets);
}

/** @param body parsed JSON, or text where it is none */
function toFailure(answer: Answer, body: unknown, secrets: Secrets): GradientApiError {
	const { statusCode: status, headers } = answer;
	const isGood = isSuccess(answer);
	const otherwise = `The API answered with HTTP ${status}`;
	const { message, ...said } = describeFailure(body, otherwise, secrets);
	const words = isGood ? `The answer is not JSON. ${message}` : inContext(message, otherwise);
	const location = header(headers, 'location');
	return new GradientApiError(words, {
		kind: isGood ? 'answer' : 'http',
		status,
		...said,
		requestId: said.requestId ?? requestIdOf(answer, secrets),
		...waitOf(headers, status),
		limitPerMinute: requestLimit(headers),
		shouldRetry: SHOULD_RETRY.get(header(headers, 'x-should-retry') ?? ''),
		redirectedTo: status >= 300 && status < 400 ? asWord(location, secrets) : undefined,
	});
}

const SHOULD_RETRY = new Map([
	['true', true],
	['false', false],
]);

function header(headers: Answer['headers'], name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}
