/** One bare request to the API, and all that came back, before anything reads it. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { EventSourceMessage } from 'eventsource-parser';
import { type Dispatcher, request } from 'undici';

import {
	Deadline,
	EventDecoder,
	GradientApiError,
	type GradientResponse,
	type JsonObject,
	ResponseStream,
	describeFailure,
	isGradientApiError,
	parseJson,
	readResponse,
	toConnectionError,
} from './client';
import { withoutSecrets } from './secrets';

export interface RawAnswer {
	/** null: no answer came. */
	status: number | null;
	headers: Record<string, string>;
	text: string;
	/** Parsed; undefined where the text is not JSON. */
	body?: unknown;
	/** Of an event stream, as they came. */
	events: EventSourceMessage[];
	/** Whether the last event lacks the blank line that ends it: half an event was never said. */
	endsWithin?: boolean;
	/** Why no answer came, or why it broke off. */
	broken?: string;
	ms: number;
}

/** What the node would make of the answer: a response, or the words of its failure. */
export type Reading =
	| { response: GradientResponse; pieces: string[]; failure?: undefined; failureKind?: undefined }
	| {
			response?: undefined;
			/** The text that came with the events of a stream, piece by piece. */
			pieces: string[];
			failure: string;
			/** The API's own code and type, as far as it gave them. */
			failureKind: string;
	  };

export interface Target {
	dispatcher: Dispatcher;
	url: string;
	apiKey: string;
	/** Beside those of every request. */
	headers?: Record<string, string>;
	/** For the whole answer, ms. */
	timeout: number;
	/** Never shown, wherever a server repeats them. */
	secrets: string[];
}

/** Bytes of an answer that are read: the calls ask for 512 tokens. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** `POST`s a body. Does not throw: an answer that did not come is a finding too. */
export async function post(target: Target, body: JsonObject): Promise<RawAnswer> {
	const started = performance.now();
	const deadline = new Deadline();
	const { host } = new URL(target.url);
	deadline.set(target.timeout, () => new Error(`No answer came within ${target.timeout / 1000} s`));
	const hide = <T>(value: T) => withoutSecrets(value, target.secrets);
	const answer: RawAnswer = { status: null, headers: {}, text: '', events: [], ms: 0 };
	const chunks: Buffer[] = [];
	try {
		const {
			statusCode,
			headers,
			body: bytes,
		} = await Promise.race([
			request(target.url, {
				dispatcher: target.dispatcher,
				method: 'POST',
				headers: {
					authorization: `Bearer ${target.apiKey}`,
					accept: body.stream ? 'text/event-stream' : 'application/json',
					'content-type': 'application/json',
					...target.headers,
				},
				body: JSON.stringify(body),
				signal: deadline.signal,
			}),
			deadline.passed(),
		]);
		answer.status = statusCode;
		answer.headers = hide(flat(headers));
		let size = 0;
		for await (const chunk of bytes) {
			chunks.push(chunk as Buffer);
			size += (chunk as Buffer).length;
			if (size > BODY_LIMIT) {
				answer.broken = `The answer is larger than ${BODY_LIMIT / 2 ** 20} MB`;
				break;
			}
		}
	} catch (error) {
		const isLate = deadline.signal.aborted;
		answer.broken = hide((isLate ? (error as Error) : toConnectionError(error, host)).message);
	} finally {
		deadline.release();
	}
	take(answer, Buffer.concat(chunks), hide);
	answer.ms = Math.round(performance.now() - started);
	return answer;
}

/** What the body is, it says itself rather than its header or the request: servers mix that up. */
function take(answer: RawAnswer, bytes: Buffer, hide: <T>(value: T) => T) {
	// a body that broke off cannot be decompressed
	const isWhole = answer.broken === undefined;
	const plain = isWhole ? decompressed(bytes, answer.headers['content-encoding']) : bytes;
	answer.text = hide(plain.toString('utf8').replace(/^\uFEFF/, ''));
	const isStream = answer.headers['content-type']?.includes('text/event-stream');
	const body = parseJson(answer.text);
	if (body === undefined && (isStream || /^(:|(data|event|id|retry):)/.test(answer.text))) {
		const decoder = new EventDecoder();
		const whole = decoder.decode(Buffer.from(answer.text));
		const rest = decoder.end();
		answer.events = [...whole, ...rest];
		answer.endsWithin = rest.length > 0;
	} else {
		answer.body = hide(body);
	}
}

/** A server or proxy may compress although it was not asked to. */
function decompressed(bytes: Buffer, encoding = ''): Buffer {
	const decode = DECODERS[encoding.toLowerCase()];
	try {
		return decode?.(bytes) ?? bytes;
	} catch {
		// what is no gzip after all is shown as it came, and then cannot be read
		return bytes;
	}
}

const DECODERS: Record<string, ((bytes: Buffer) => Buffer) | undefined> = {
	gzip: gunzipSync,
	'x-gzip': gunzipSync,
	deflate: inflateSync,
	br: brotliDecompressSync,
};

/** Reads an answer with the node's own reader. */
export function read(answer: RawAnswer): Reading {
	const { status, broken, body, text, events } = answer;
	const pieces: string[] = [];
	const failed = (failure: string, ...kinds: unknown[]): Reading => ({
		failure,
		failureKind: kinds.filter(Boolean).join(' '),
		pieces,
	});
	if (broken !== undefined) return failed(broken);
	if (status === null || status < 200 || status > 299) {
		const { message, code, type } = describeFailure(body ?? text, 'no words');
		return failed(message, code, type);
	}
	try {
		if (events.length === 0 && body === undefined) {
			return failed(`not JSON: ${describeFailure(text, 'an empty body').message}`);
		}
		if (events.length === 0) return { response: readResponse(body), pieces };
		const stream = new ResponseStream();
		for (const [i, event] of events.entries()) {
			if (stream.isFinished) break;
			const { text: piece } = stream.add(event, answer.endsWithin && i === events.length - 1);
			if (piece) pieces.push(piece);
		}
		return { response: readResponse(stream.end()), pieces };
	} catch (error) {
		// anything else would be a fault of this script
		if (!isGradientApiError(error)) throw toUnexpected(error);
		return failed(error.message, error.details.code, error.details.type);
	}
}

const toUnexpected = (error: unknown) =>
	new GradientApiError(`The answer cannot be read: ${String(error)}`, { kind: 'answer' });

const flat = (headers: Record<string, string | string[] | undefined>) =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
	);
