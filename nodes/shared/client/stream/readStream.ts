import { GradientApiError, isGradientApiError } from '../errors';
import type { JsonObject } from '../json';
import type { Deadline } from '../transport/abort';
import type { Listeners } from './delta';
import { ResponseStream } from './responseStream';
import { EventDecoder } from './sse';

/** How long a stream may be silent once it has begun, ms. Comments, which keep it alive, count. */
export const IDLE_LIMIT_MS = 120_000;

/** How long usage and `[DONE]` are waited for after the finish reason, ms. */
const LAST_WORDS_MS = 10_000;

/** How long the end of a body is waited for after the last event, to keep the connection, ms. */
const DRAIN_MS = 100;

export interface StreamOptions extends Listeners {
	/** Runs until the first event; from then on, for the silence between two chunks. */
	deadline: Deadline;
	/** ms; default: `IDLE_LIMIT_MS`. */
	idleLimit?: number;
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
	{ deadline, onText, onReasoning, idleLimit = IDLE_LIMIT_MS, nameFailure }: StreamOptions,
): Promise<JsonObject> {
	const decoder = new EventDecoder();
	const stream = new ResponseStream();
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
		if (stream.isWhole) deadline.set(LAST_WORDS_MS, () => silence(stream, LAST_WORDS_MS));
	};

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

function silence({ events, partial }: ResponseStream, limit: number) {
	const seconds = limit / 1000;
	const characters = partial?.text.length ?? 0;
	return new GradientApiError(
		`The stream went silent: nothing came for ${seconds} s, after ${events} events with ${characters} characters of text`,
		{ kind: 'timeout' },
	);
}

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
	if (!isGradientApiError(error) || stream.events === 0) return error;
	error.details.partial ??= stream.partial;
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
