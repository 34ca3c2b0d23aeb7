import { type EventSourceMessage, createParser } from 'eventsource-parser';

import { GradientApiError } from '../errors';
import { JSON_LIMIT, MAX_STRANGE_LINES } from '../limits';

const tooMuch = (what: string) =>
	new GradientApiError(`The stream holds ${what}`, { kind: 'answer' });

/**
 * Decodes server-sent events. Knows all line endings, cut anywhere, also inside of a character; an
 * event that lacks its blank line at the end of the stream counts.
 */
export class EventDecoder {
	private readonly decoder = new TextDecoder();
	/** At the end of the last bytes, it may be half of a line's end. */
	private hasReturn = false;
	private events: EventSourceMessage[] = [];
	private strangeLines = 0;
	private readonly parser = createParser({
		onEvent: (event) => this.events.push(event),
		maxBufferSize: JSON_LIMIT,
		onError: ({ type, line }) => {
			// vLLM may break off with its error as a line of JSON, without the name of a field
			if (line?.startsWith('{')) this.events.push({ id: undefined, event: undefined, data: line });
			if (type === 'max-buffer-size-exceeded') {
				throw tooMuch(`an event of more than ${JSON_LIMIT / 2 ** 20} MB`);
			}
			if (++this.strangeLines > MAX_STRANGE_LINES) {
				throw tooMuch(
					`more than ${MAX_STRANGE_LINES.toLocaleString('en-US')} lines that are no events`,
				);
			}
		},
	});

	/**
	 * The events that are complete with these bytes.
	 * @throws GradientApiError `answer`, if an event is larger than 16 MB, or too much is none
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
		this.parser.feed(this.withLineFeeds(text));
		return this.events;
	}

	/** The parser (3.1) looks for the next carriage return at each line anew, up to the last of the bytes. */
	private withLineFeeds(text: string): string {
		const whole = this.hasReturn ? `\r${text}` : text;
		this.hasReturn = whole.endsWith('\r');
		const complete = this.hasReturn ? whole.slice(0, -1) : whole;
		return complete.includes('\r') ? complete.replace(/\r\n?/g, '\n') : complete;
	}
}
