import { GradientApiError, isGradientApiError } from '../errors';
import type { JsonObject } from '../json';
import { IDLE_LIMIT_MS, LAST_WORDS_MS, STREAM_MS } from '../limits';
import type { Secrets } from '../redact';
import type { Deadline } from '../transport/abort';
import type { Listeners } from './delta';
import { ResponseStream } from './responseStream';
import { EventDecoder } from './sse';

/** How long the end of a body is waited for after the last event, to keep the connection, ms. */
const DRAIN_MS = 100;

export interface StreamOptions extends Listeners {
	/** Runs until the first event; from then on, for the silence between two chunks. */
	deadline: Deadline;
	/** ms; default: `IDLE_LIMIT_MS`. */
	idleLimit?: number;
	/** What must not be seen of a failure that the stream tells. */
	secrets?: Secrets;
	/** Puts what the connection broke with into words. */
	nameFailure(error: unknown): unknown;
}

/**
 * Reads a streamed response to its end.
 * @returns the body that the API would have sent in one piece
 * @throws GradientApiError `stream` or `timeout`, with what had come; the signal's reason
 */
export async function readStream(
	chunks: AsyncIterable<Uint8Array>,
	{ deadline, onText, onReasoning, idleLimit = IDLE_LIMIT_MS, nameFailure, secrets }: StreamOptions,
): Promise<JsonObject> {
	const decoder = new EventDecoder();
	const stream = new ResponseStream(secrets);
	let isWhole = false;
	const take = (events: ReturnType<EventDecoder['decode']>, mayBeCut = false) => {
		const isFirst = stream.events === 0 && events.length > 0;
		for (const event of events) {
			// what follows the end counts as little as if it had come in a chunk of its own
			if (stream.isFinished) break;
			const { text, reasoning } = stream.add(event, mayBeCut);
			if (reasoning) onReasoning?.(reasoning);
			if (text) onText?.(text);
		}
		if (isFirst) deadline.set(idleLimit, () => silence(stream, idleLimit));
		if (stream.isWhole && !isWhole) {
			isWhole = true;
			deadline.end(LAST_WORDS_MS, () => silence(stream, LAST_WORDS_MS));
		}
	};
	deadline.end(STREAM_MS, () => tooLong(stream));

	const iterator = chunks[Symbol.asyncIterator]();
	try {
		while (!stream.isFinished) {
			const { done, value } = await iterator.next();
			if (done) {
				take(decoder.end(), true);
				break;
			}
			if (stream.events > 0) deadline.restart();
			take(decoder.decode(value));
		}
		return stream.end();
	} catch (error) {
		const failure = nameFailure(error);
		// named just now: it is what the connection broke with, not what an event said
		const isBroken = failure !== error;
		// after the finish reason only usage and [DONE] can be missing
		if (stream.isWhole && (isBroken || isTimeout(failure))) return stream.end();
		throw withPartial(isBroken ? asStream(failure) : failure, stream);
	} finally {
		await drain(iterator);
	}
}

const silence = (stream: ResponseStream, limit: number) =>
	new GradientApiError(
		`The stream went silent: nothing came for ${limit / 1000} s, after ${progress(stream)}`,
		{ kind: 'timeout' },
	);

const tooLong = (stream: ResponseStream) =>
	new GradientApiError(
		`The stream did not end within ${STREAM_MS / 60_000} minutes, after ${progress(stream)}`,
		{ kind: 'timeout' },
	);

const progress = ({ events, partial }: ResponseStream) =>
	`${events} events with ${partial?.text.length ?? 0} characters of text`;

const isTimeout = (failure: unknown) =>
	isGradientApiError(failure) && failure.details.kind === 'timeout';

function asStream(failure: unknown): unknown {
	if (!isGradientApiError(failure)) return failure;
	failure.details.kind = 'stream';
	failure.message = failure.message.replace(/^The answer broke off/, 'The stream broke off');
	return failure;
}

/** A stream that has begun is paid for: its failure carries what came. */
function withPartial(error: unknown, stream: ResponseStream): unknown {
	if (isGradientApiError(error)) error.details.partial ??= stream.partial;
	return error;
}

/** An answer that is read to its end leaves its connection to the next request. */
async function drain(iterator: AsyncIterator<Uint8Array>) {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<'late'>((resolve) => {
		timer = setTimeout(() => resolve('late'), DRAIN_MS);
	});
	let isLate = false;
	const toEnd = async () => {
		while (!isLate && !(await iterator.next()).done);
	};
	// the response is complete already, or its failure is known: a fault of the rest adds nothing
	isLate = (await Promise.race([toEnd().catch(() => undefined), late])) === 'late';
	clearTimeout(timer);
}
