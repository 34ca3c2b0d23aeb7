/** A streamed answer that stops in its middle until the test lets it go on, and how n8n's caller reads it. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { eventStream, type Answer } from '../../support/answers';
import { textResponse } from '../../support/responses';
import { DONE, frame, typedEvents } from '../../support/streams';

export interface HeldStream {
	answer: Answer;
	/** Sends the rest. */
	release(): void;
}

/** Holds the answer after the pieces of its text that `first` needs. */
export function holdStream(text: string, first: string): HeldStream {
	const events = typedEvents(textResponse(text));
	let sent = '';
	const last = events.findIndex(({ type, delta }) => {
		if (type === 'response.output_text.delta') sent += String(delta);
		return sent.startsWith(first);
	});
	const frames = [...events.map(frame), DONE];
	const parts = [frames.slice(0, last + 1).join(''), frames.slice(last + 1).join('')];
	let release = () => {};
	const holdLast = new Promise<void>((resolve) => (release = resolve));
	return { answer: eventStream(parts, { holdLast }), release };
}

/** A line of n8n's streamed response to a webhook or a chat. */
export interface Chunk {
	type: 'begin' | 'item' | 'end' | 'error' | 'keepalive';
	content?: string;
}

/** What n8n streams to its caller, as it comes. */
export async function* chunksOf({ body }: Response): AsyncGenerator<Chunk> {
	const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream) });
	for await (const line of lines) yield JSON.parse(line) as Chunk;
}
