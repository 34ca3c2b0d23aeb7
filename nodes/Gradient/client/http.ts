import { type Dispatcher, request } from 'undici';

import { linkedController } from './abort';
import { toConnectionError } from './connectionFailure';
import { GradientApiError } from './errors';
import { describeFailure } from './failure';
import { parseJson } from './json';
import { retryAfter } from './rateLimit';

/** Bytes of a body that are read. More would be no answer of a model, but could fill n8n's memory. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** Node takes a longer timer for none and fires it at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface HttpRequest {
	method: 'GET' | 'POST';
	url: string;
	headers: Record<string, string>;
	body?: string;
	/** For the whole answer, ms; 0: no limit. */
	timeout: number;
	signal?: AbortSignal;
	/** Taken out of whatever the server sends back. */
	secret: string;
}

/**
 * Sends one request and reads its JSON answer.
 * @throws GradientApiError; or the reason of the signal, if it was aborted
 */
export async function sendRequest(dispatcher: Dispatcher, sent: HttpRequest): Promise<unknown> {
	const { host } = new URL(sent.url);
	const deadline = linkedController(sent.signal);
	const timer =
		sent.timeout > 0 &&
		setTimeout(
			() => deadline.abort(timeoutError(sent.timeout)),
			Math.min(sent.timeout, MAX_TIMER_MS),
		);
	try {
		const { method, headers, body } = sent;
		const answer = await request(sent.url, {
			dispatcher,
			method,
			headers,
			body,
			signal: deadline.signal,
		});
		const text = (await readText(answer.body)).replaceAll(sent.secret, '***');
		return readAnswer(answer.statusCode, answer.headers, text);
	} catch (error) {
		throw isOwn(error, deadline.signal) ? error : toConnectionError(error, host);
	} finally {
		clearTimeout(timer || undefined);
		deadline.unlink();
	}
}

/** Ours already, or the reason of the abort: undici rejects with exactly that. */
const isOwn = (error: unknown, signal: AbortSignal) =>
	error instanceof GradientApiError || (signal.aborted && error === signal.reason);

const timeoutError = (ms: number) =>
	new GradientApiError(`No complete answer came within ${ms / 1000} s`, { kind: 'timeout' });

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > BODY_LIMIT) {
			throw new GradientApiError(`The answer is larger than ${BODY_LIMIT / 2 ** 20} MB`, {
				kind: 'answer',
			});
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

type Headers = Dispatcher.ResponseData['headers'];

function readAnswer(status: number, headers: Headers, text: string): unknown {
	const body = parseJson(text);
	const isSuccess = status >= 200 && status < 300;
	if (isSuccess && body !== undefined) return body;

	const { message, ...said } = describeFailure(
		body ?? text,
		`The API answered with HTTP ${status}`,
	);
	throw new GradientApiError(isSuccess ? `The answer is not JSON. ${message}` : message, {
		kind: isSuccess ? 'answer' : 'http',
		status,
		...said,
		requestId: said.requestId ?? header(headers, 'x-request-id') ?? header(headers, 'cf-ray'),
		retryAfterMs: retryAfter(headers, status),
		shouldRetry: { true: true, false: false }[header(headers, 'x-should-retry') ?? ''],
		redirectedTo: status >= 300 && status < 400 ? header(headers, 'location') : undefined,
	});
}

function header(headers: Headers, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}
