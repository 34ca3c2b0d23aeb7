import type { EventSourceMessage } from 'eventsource-parser';

import { GradientApiError, type PartialResponse } from '../errors';
import { type JsonObject, isObject, readJson } from '../json';
import { MAX_ENTRIES, MAX_OBJECTS } from '../limits';
import { NO_SECRETS, type Secrets } from '../redact';
import { hasTooMany } from '../response/entries';
import { readPartial } from '../response/response';
import { describeFailure } from '../transport/failure';
import { inContext } from '../transport/failureWords';
import { ChatChunks } from './chatChunks';
import type { Delta } from './delta';
import { TypedEvents } from './typedEvents';

const BROKEN_OFF = 'The API broke off the stream';

/**
 * Folds the events of one stream, in either dialect, into the body that the API would have sent in one
 * piece. Nothing of a stream that broke off is believed: its end says so, with what had come.
 */
export class ResponseStream {
	private readonly typed = new TypedEvents();
	private readonly chat = new ChatChunks();
	private isDone = false;
	private last = '';
	/** Objects and lists in what is kept of the events, and what of the chunks was kept before. */
	private readonly kept = { objects: 0, ofChunks: 0 };
	/** Events so far, also those without meaning for us. */
	events = 0;

	/** @param secrets what must not be seen of a failure that the stream tells */
	constructor(private readonly secrets: Secrets = NO_SECRETS) {}

	/** Whether nothing of the response is missing any more. */
	get isFinished() {
		return this.isDone || this.typed.isFinished;
	}

	/**
	 * @param mayBeCut for what was left at the end of the stream: half an event was never said
	 * @returns what the event adds to the answer
	 * @throws GradientApiError `stream`, if the event reports a failure or cannot be read
	 */
	add({ event: name, data }: EventSourceMessage, mayBeCut = false): Delta {
		this.events++;
		if (data.startsWith('[DONE]')) {
			this.isDone = true;
			return {};
		}
		const isEmpty = data.trim() === '';
		if (isEmpty && mayBeCut) return {};
		const { value, excess, objects } = readJson(data);
		if (excess) throw this.failure(`The stream holds an event that ${excess}`);
		const event = isEmpty ? {} : value;
		if (event === undefined && !mayBeCut) {
			const { message, ...said } = describeFailure(data, '', this.secrets);
			throw this.failure(`The stream holds an event that is not JSON. ${message}`, said);
		}
		if (!isObject(event) || this.isRepeated(event, data)) return {};

		const type = typeof event.type === 'string' ? event.type : name;
		if (type === 'error' || (event.error && !type?.startsWith('response.'))) {
			const { message, ...said } = describeFailure(event, BROKEN_OFF, this.secrets);
			throw this.failure(inContext(message, BROKEN_OFF), { ...said, wasReported: true });
		}
		// fewer characters cannot have too many entries
		if (data.length > MAX_ENTRIES && hasTooMany(event)) throw this.tooMuch();
		const delta = this.fold(type, event);
		this.count(event, objects);
		return delta;
	}

	private fold(type: string | undefined, event: JsonObject): Delta {
		if (Array.isArray(event.choices)) return this.chat.add(event);
		return type ? this.typed.add(type, event) : {};
	}

	/** What is kept of all events together, of which each may be small. Typed events say all of it twice. */
	private count({ item, response, annotation }: JsonObject, objects: number) {
		const { kept } = this.chat;
		if (item || response || annotation || kept > this.kept.ofChunks) this.kept.objects += objects;
		this.kept.ofChunks = kept;
		const entries = this.chat.entries + this.typed.entries;
		if (this.kept.objects > 2 * MAX_OBJECTS || entries > MAX_ENTRIES) throw this.tooMuch();
	}

	private tooMuch = () =>
		this.failure(
			`The stream holds more than ${MAX_ENTRIES.toLocaleString('en-US')} output items, parts and calls`,
		);

	/** An event that was sent twice in a row, as a faulty proxy does. */
	private isRepeated(event: JsonObject, data: string) {
		const isRepeated = typeof event.sequence_number === 'number' && data === this.last;
		this.last = data;
		return isRepeated;
	}

	/**
	 * The body, once the stream has ended.
	 * @throws GradientApiError `stream`, if the end came too early
	 */
	end(): JsonObject {
		if (!this.isWhole) throw this.failure('The stream broke off before the response was complete');
		return this.body();
	}

	private body = () => this.typed.toBody() ?? this.chat.toBody() ?? {};

	/** Whether the answer is whole, whatever may still happen to the connection. */
	get isWhole() {
		return this.isFinished ? !this.typed.isCutOff : this.chat.isFinished;
	}

	/** What had come before a failure: it is paid for. undefined if nothing had. */
	get partial(): PartialResponse | undefined {
		return readPartial(this.body());
	}

	private failure(message: string, said: object = {}) {
		return new GradientApiError(message, { kind: 'stream', ...said });
	}
}
