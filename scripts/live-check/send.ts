/** One bare request to the API, and all that came back, before anything reads it. */
import type { EventSourceMessage } from 'eventsource-parser';
import { type Dispatcher, request } from 'undici';

import { Deadline } from '../../nodes/shared/client/transport/abort';
import { toConnectionError } from '../../nodes/shared/client/transport/connectionFailure';
import { GradientApiError, isGradientApiError } from '../../nodes/shared/client/errors';
import { describeFailure } from '../../nodes/shared/client/transport/failure';
import { type JsonObject, parseJson } from '../../nodes/shared/client/json';
import { type GradientResponse, readResponse } from '../../nodes/shared/client/response/response';
import { ResponseStream } from '../../nodes/shared/client/stream/responseStream';
import { EventDecoder } from '../../nodes/shared/client/stream/sse';

export interface RawAnswer {
	/** null: no answer came. */
	status: number | null;
	headers: Record<string, string>;
	text: string;
	/** Parsed; undefined where the text is not JSON. */
	body?: unknown;
	/** Of an event stream, as they came. */
	events: EventSourceMessage[];
	/** Why no answer came, or why it broke off. */
	broken?: string;
	ms: number;
}

/** What the node would make of the answer: a response, or the words of its failure. */
export type Reading =
	| { response: GradientResponse; failure?: undefined }
	| { response?: undefined; failure: string };

export interface Target {
	dispatcher: Dispatcher;
	url: string;
	apiKey: string;
	/** For the whole answer, ms. */
	timeout: number;
	/** Never shown, wherever a server repeats them. */
	secrets: string[];
}

/** `POST`s a body. Does not throw: an answer that did not come is a finding too. */
export async function post(target: Target, body: JsonObject): Promise<RawAnswer> {
	const started = performance.now();
	const deadline = new Deadline();
	const { host } = new URL(target.url);
	deadline.set(target.timeout, () => new Error(`No answer came within ${target.timeout / 1000} s`));
	const hide = <T>(value: T) => withoutSecrets(value, target.secrets);
	const answer: RawAnswer = { status: null, headers: {}, text: '', events: [], ms: 0 };
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
				},
				body: JSON.stringify(body),
				signal: deadline.signal,
			}),
			deadline.passed(),
		]);
		answer.status = statusCode;
		answer.headers = hide(flat(headers));
		for await (const chunk of bytes) answer.text += (chunk as Buffer).toString('latin1');
	} catch (error) {
		const isLate = deadline.signal.aborted;
		answer.broken = hide((isLate ? (error as Error) : toConnectionError(error, host)).message);
	} finally {
		deadline.release();
	}
	// characters may be cut between two chunks: decoded once all of them are there
	answer.text = hide(Buffer.from(answer.text, 'latin1').toString('utf8'));
	if (answer.headers['content-type']?.includes('text/event-stream')) {
		const decoder = new EventDecoder();
		answer.events = [...decoder.decode(Buffer.from(answer.text)), ...decoder.end()];
	} else {
		answer.body = hide(parseJson(answer.text));
	}
	answer.ms = Math.round(performance.now() - started);
	return answer;
}

/** Reads an answer with the node's own reader. */
export function read(answer: RawAnswer): Reading {
	const { status, broken, body, text, events } = answer;
	if (broken !== undefined) return { failure: broken };
	if (status === null || status < 200 || status > 299) {
		return { failure: describeFailure(body ?? text, 'no words').message };
	}
	try {
		if (events.length === 0 && body === undefined) {
			return { failure: `not JSON: ${describeFailure(text, 'an empty body').message}` };
		}
		if (events.length === 0) return { response: readResponse(body) };
		const stream = new ResponseStream();
		for (const event of events) stream.add(event);
		return { response: readResponse(stream.end()) };
	} catch (error) {
		// anything else would be a fault of this script
		if (!isGradientApiError(error)) throw toUnexpected(error);
		return { failure: error.message };
	}
}

const toUnexpected = (error: unknown) =>
	new GradientApiError(`The answer cannot be read: ${String(error)}`, { kind: 'answer' });

const flat = (headers: Record<string, string | string[] | undefined>) =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
	);

/** The same without the secrets, in every text of it. */
export function withoutSecrets<T>(value: T, secrets: string[]): T {
	if (typeof value === 'string') {
		return secrets.reduce<string>((text, secret) => text.replaceAll(secret, '***'), value) as T;
	}
	if (Array.isArray(value)) return value.map((one: unknown) => withoutSecrets(one, secrets)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [
			withoutSecrets(key, secrets),
			withoutSecrets(one as unknown, secrets),
		]),
	) as T;
}
