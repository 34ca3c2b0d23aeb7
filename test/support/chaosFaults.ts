/** What a chaotic server may do to a request, and what has to become of it. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json, raw, type Answer } from './answers';
import { MODEL, textResponse, usage } from './responses';
import { chatChunks, DONE, frame, typedEvents } from './streams';

/**
 * - `answered`: the item gets its text
 * - `repeated`: the request is sent again, as long as there are retries
 * - `lost`: repeated, and once without counting where the connection had served before
 * - `final`: the item gets an error, because the answer may be billed already
 * - `either`: a reset that may overtake the data that was sent before: lost or final
 */
export type Outcome = 'answered' | 'repeated' | 'lost' | 'final' | 'either';

export interface Deed {
	outcome: Outcome;
	answer: Answer;
	/** Which of its kinds. */
	kind: string;
}

export interface Asked {
	/** What the answer says. */
	text: string;
	isStreamed: boolean;
	random: () => number;
	/** How many refusals of 100 ask for a long wait (0.4 to 1.5 s): closing the gate that often takes its time. */
	slowShare: number;
}

type Fault = (asked: Asked) => Deed;

const PAGE = '<!DOCTYPE html><html><head><title>DigitalOcean - Maintenance</title></head></html>';

export const oneOf = <T>(random: () => number, choices: T[]): T =>
	choices[Math.floor(random() * choices.length)];

export const healthy: Fault = ({ text, isStreamed, random }) => ({
	outcome: 'answered',
	kind: 'healthy',
	answer: isStreamed ? eventStream(chunksOf(text, random)) : json(textResponse(text)),
});

/** A stream in one of the two dialects. */
const chunksOf = (text: string, random: () => number) => [
	...(random() < 0.5 ? typedEvents(textResponse(text)) : chatChunks(text, MODEL, usage)).map(frame),
	DONE,
];

const soon = (random: () => number) => String(Math.ceil(random() * 40));

const QUICK_REFUSALS: Record<string, (random: () => number) => OutgoingHttpHeaders> = {
	'retry-after-ms': (random) => ({ 'retry-after-ms': soon(random) }),
	'Retry-After in seconds': (random) => ({ 'retry-after': String(Number(soon(random)) / 1000) }),
};

const SLOW_REFUSALS: Record<string, () => OutgoingHttpHeaders> = {
	'Retry-After as a date': () => ({ 'retry-after': new Date(Date.now() + 1_000).toUTCString() }),
	'Retry-After 0': () => ({ 'retry-after': '0' }),
	'unreadable Retry-After': () => ({ 'retry-after': 'soon' }),
	'reset now': () => ({
		'x-ratelimit-remaining-requests': '0',
		'x-ratelimit-reset-requests': String(Date.now() / 1000),
	}),
	'no header': () => ({}),
};

const rateLimit: Fault = ({ random, slowShare }) => {
	const refusals = random() * 100 < slowShare ? SLOW_REFUSALS : QUICK_REFUSALS;
	const kind = oneOf(random, Object.keys(refusals));
	const body = { id: 'too_many_requests', message: 'API rate limit exceeded.' };
	return {
		outcome: 'repeated',
		kind,
		answer: json(body, { status: 429, headers: refusals[kind](random) }),
	};
};

const serverError: Fault = ({ random }) => {
	const status = oneOf(random, [500, 502, 503]);
	// most say when, so that a run does not take minutes
	const headers = random() < 0.8 ? { 'retry-after-ms': soon(random) } : {};
	const [kind, answer] = oneOf<[string, Answer]>(random, [
		['JSON', json({ error: { message: 'Internal server error' } }, { status, headers })],
		['HTML', raw(PAGE, 'text/html', { status, headers })],
		['empty', raw('', 'text/plain', { status, headers })],
	]);
	return { outcome: 'repeated', kind: `${status} ${kind}`, answer };
};

const resetBeforeHeaders: Fault = () => ({
	outcome: 'lost',
	kind: 'reset',
	answer: { send: 'nothing', then: 'reset' },
});

const resetAfterHeaders: Fault = (asked) => ({
	outcome: 'either',
	kind: asked.isStreamed ? 'streamed' : 'plain',
	answer: { ...healthy(asked).answer, send: 'headers', then: 'reset' },
});

const halfBody: Fault = (asked) => {
	const then = oneOf(asked.random, ['reset', 'close'] as const);
	const answer: Answer = { ...healthy(asked).answer, send: 'half', then };
	const outcome = then === 'reset' ? 'either' : 'final';
	return { outcome, kind: `${asked.isStreamed ? 'streamed' : 'plain'}, ${then}`, answer };
};

const slowDrip: Fault = (asked) => {
	const { answer } = healthy(asked);
	if (asked.isStreamed)
		return { outcome: 'answered', kind: 'streamed', answer: { ...answer, gapMs: 3 } };
	const chunks = JSON.stringify(answer.json).match(/[^]{1,40}/g) ?? [];
	const headers = { 'content-type': 'application/json' };
	return { outcome: 'answered', kind: 'plain', answer: { chunks, gapMs: 3, headers } };
};

const hang: Fault = (asked) => {
	// a stream that has begun may be silent for two minutes
	const send = oneOf(asked.random, [
		'nothing',
		'headers',
		asked.isStreamed ? 'headers' : 'half',
	] as const);
	return { outcome: 'final', kind: send, answer: { ...healthy(asked).answer, send, then: 'hang' } };
};

const malformedJson: Fault = ({ text, isStreamed, random }) => {
	const broken = `{"id":"resp_1","output":[{"type":"message","content":"${text}`;
	if (!isStreamed)
		return { outcome: 'final', kind: 'plain', answer: raw(broken, 'application/json') };
	const chunks = chunksOf(text, random);
	chunks.splice(2, 0, `data: ${broken}\n\n`);
	return { outcome: 'final', kind: 'streamed', answer: eventStream(chunks) };
};

const wrongContentType: Fault = (asked) => {
	const { text, isStreamed, random } = asked;
	const other = healthy({ ...asked, isStreamed: !isStreamed }).answer;
	const { json: body, chunks = [] } = healthy(asked).answer;
	const own = isStreamed
		? raw(chunks.join(''), 'text/plain')
		: raw(JSON.stringify(body), oneOf(random, ['text/html', 'application/octet-stream']));
	return oneOf<Deed>(random, [
		{ outcome: 'answered', kind: 'another header', answer: own },
		{ outcome: 'answered', kind: 'a stream for a body, or the reverse', answer: other },
		{ outcome: 'final', kind: 'a page', answer: raw(`${PAGE}${text}`, 'application/json') },
	]);
};

/** Without an end, though the connection ends in order. */
const truncatedStream: Fault = (asked) => {
	if (!asked.isStreamed) return healthy(asked);
	const { answer } = healthy(asked);
	return { outcome: 'final', kind: 'streamed', answer: { ...answer, send: 'half' } };
};

const duplicatedEvents: Fault = (asked) => {
	if (!asked.isStreamed) return healthy(asked);
	const events: IDataObject[] = typedEvents(textResponse(asked.text));
	const chunks = events.flatMap((event) => [frame(event), frame(event)]);
	return { outcome: 'answered', kind: 'streamed', answer: eventStream([...chunks, DONE, DONE]) };
};

export const faults: Record<string, Fault> = {
	'rate limit': rateLimit,
	'server error': serverError,
	'reset before the headers': resetBeforeHeaders,
	'reset after the headers': resetAfterHeaders,
	'half a body': halfBody,
	'slow drip': slowDrip,
	hang,
	'malformed JSON': malformedJson,
	'wrong content type': wrongContentType,
	'truncated stream': truncatedStream,
	'duplicated events': duplicatedEvents,
};

/** Every kind of refusal, to see that a run had them all. */
export const REFUSALS = [...Object.keys(QUICK_REFUSALS), ...Object.keys(SLOW_REFUSALS)];
