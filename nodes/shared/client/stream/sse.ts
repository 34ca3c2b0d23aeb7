import { type EventSourceMessage, createParser } from 'eventsource-parser';

import { GradientApiError } from '../errors';

/** Characters of one event; more is no answer of a model, but could fill n8n's memory. */
const EVENT_LIMIT = 64 * 1024 * 1024;

/**
 * Decodes server-sent events. Knows all line endings, cut anywhere, also inside of a character; an
 * event that lacks its blank line at the end of the stream counts.
 */
export class EventDecoder {
	private readonly decoder = new TextDecoder();
	private events: EventSourceMessage[] = [];
	private readonly parser = createParser({
		onEvent: (event) => this.events.push(event),
		maxBufferSize: EVENT_LIMIT,
		onError: ({ type, line }) => {
			// vLLM may break off with its error as a line of JSON, without the name of a field
			if (line?.startsWith('{')) this.events.push({ id: undefined, event: undefined, data: line });
			if (type === 'max-buffer-size-exceeded') {
				const limit = `${EVENT_LIMIT / 2 ** 20} MB`;
				throw new GradientApiError(`The stream holds an event of more than ${limit}`, {
					kind: 'answer',
				});
			}
		},
	});

	/**
	 * The events that are complete with these bytes.
	 * @throws GradientApiError `answer`, if an event is larger than 64 MB
	 */
	decode(bytes: Uint8Array): EventSourceMessage[] {
		return this.feed(this.decoder.decode(bytes, { stream: true }));
	}

	/** What is left at the end of the stream; it may be half an event. */
	end(): EventSourceMessage[] {
		return this.feed(`${this.decoder.decode()}\n\n`);
	}

	private feed(text: string): EventSourceMessage[] {
		this.events = [];
		this.parser.feed(text);
		return this.events;
	}
}
