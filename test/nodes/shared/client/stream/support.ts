import type { CallOptions } from '../../../../../nodes/shared/client';
import { isGradientApiError } from '../../../../../nodes/shared/client/errors';
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import {
	type AnsweredRequest,
	readResponse,
} from '../../../../../nodes/shared/client/response/response';
import type { Listeners } from '../../../../../nodes/shared/client/stream/delta';
import { LiveAnswer } from '../../../../../nodes/shared/client/stream/liveAnswer';
import { readStream } from '../../../../../nodes/shared/client/stream/readStream';
import { Deadline } from '../../../../../nodes/shared/client/transport/abort';
import { responses } from '../../../../support/responses';
import { frame, typedEvents } from '../../../../support/streams';
import { REQUEST, useServer } from '../support';

/** Of `responses.text`, each event in a write of its own. */
export const TYPED = typedEvents(responses.text).map(frame);

/** Up to `The capital of F`: two deltas. */
export const BEGUN = TYPED.slice(0, 6);
export const BEGUN_TEXT = 'The capital of F';

/** A server for the tests of one file, and calls to it: for a stream, unless said otherwise. */
export function useStreams() {
	const bench = useServer();
	const call = async (options: CallOptions = {}, isStreamed = true) =>
		await bench.client().createResponse({ ...REQUEST, stream: isStreamed }, options);
	/** A call, and all that was said while it ran. */
	const sayings = async (isStreamed = true) => {
		const said: string[] = [];
		const { text } = await call({ onText: (piece) => said.push(piece) }, isStreamed);
		return { said, text };
	};
	return { bench, call, sayings };
}

async function* each(chunks: Iterable<Uint8Array>) {
	yield* chunks;
}

/** Reads a stream that needs no server. */
export async function read(
	chunks: Iterable<Uint8Array>,
	listeners: Listeners = {},
): Promise<JsonObject> {
	const deadline = new Deadline();
	try {
		return await readStream(each(chunks), {
			deadline,
			...listeners,
			nameFailure: (error) => error,
		});
	} finally {
		deadline.release();
	}
}

/** The response of such a stream, and what was heard of it while it was read. */
export async function listen(chunks: Iterable<Uint8Array>, request: AnsweredRequest = {}) {
	const heard = { said: '', thought: '' };
	const listeners = {
		onText: (text: string) => void (heard.said += text),
		onReasoning: (text: string) => void (heard.thought += text),
	};
	const live = new LiveAnswer(listeners, request);
	const response = readResponse(await read(chunks, live.listeners), request);
	const { said } = heard;
	live.end(response);
	return { response, said, saidInAll: heard.said, thought: heard.thought };
}

/** Everything that a stream leads to, to be compared: the body or the failure, and what was said. */
export async function outcomeOf(chunks: Iterable<Uint8Array>): Promise<string> {
	let said = '';
	const onText = (text: string) => void (said += text);
	const result = await read(chunks, { onText }).catch((error: unknown) => {
		if (!isGradientApiError(error)) throw error;
		const { message, details } = error;
		return { message, details };
	});
	// a call that came without an id gets a random one
	return JSON.stringify({ said, result }).replace(/call_[0-9a-f]{8}-[0-9a-f-]{27}/g, '(ours)');
}
