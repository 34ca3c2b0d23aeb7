/** A connection that is lost, and a failure that the stream tells. */
import { type Answer, eventStream, reset } from '../../../../support/answers';
import { MODEL, PARIS, usage } from '../../../../support/responses';
import { chatChunks, frame } from '../../../../support/streams';
import { KEY, failureOf } from '../support';
import { BEGUN, BEGUN_TEXT, TYPED, useStreams } from './support';

const { bench, call, sayings } = useStreams();

describe('A connection that is lost', () => {
	test('before the headers is tried again', async () => {
		bench.server.answer([reset(), eventStream(TYPED)]);
		expect((await sayings()).said.join('')).toBe(PARIS);
		expect(bench.server.requests).toHaveLength(2);
	});

	test.each<[string, Answer]>([
		['reset', eventStream([], { send: 'headers', then: 'reset' })],
		['closed', eventStream([], { send: 'headers', then: 'close' })],
		['closed after a comment', eventStream([': ping\n\n'], { then: 'close' })],
		['closed after half an event', eventStream([TYPED[0].slice(0, 40)], { then: 'close' })],
	])('after the headers is not, though nothing had come: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { details, message } = await failureOf(call());
		expect(message).toMatch(/^The stream broke off/);
		expect(details).toMatchObject({ kind: 'stream', attempts: 1 });
		expect(details.partial).toBeUndefined();
		expect(bench.server.requests).toHaveLength(1);
	});

	const chunks = chatChunks(PARIS, MODEL).map((chunk) => frame({ ...chunk, usage }));

	test.each<[string, Answer]>([
		['reset', eventStream(chunks.slice(0, 3), { then: 'reset' })],
		['closed', eventStream(chunks.slice(0, 3), { then: 'close' })],
		['closed in an event', eventStream([...chunks.slice(0, 3), 'data: {"cho'], { then: 'close' })],
		['ended', eventStream(chunks.slice(0, 3))],
		['ended in an event', eventStream([...chunks.slice(0, 3), 'data: {"cho'])],
	])('after it is not, but says what had come: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { details, message } = await failureOf(call());
		expect(message).toMatch(/^The stream broke off/);
		expect(details).toMatchObject({
			kind: 'stream',
			attempts: 1,
			partial: {
				text: BEGUN_TEXT,
				usage: { input_tokens: 72, output_tokens: 35, total_tokens: 107 },
			},
		});
		expect(bench.server.requests).toHaveLength(1);
	});
});

test('An answer whose connection is lost after its finish reason is whole', async () => {
	const [...events] = chatChunks(PARIS, MODEL).map(frame);
	bench.server.answer(eventStream(events, { then: 'reset' }));
	expect(await call()).toMatchObject({ text: PARIS, finishReason: 'stop' });
	expect(bench.server.requests).toHaveLength(1);
});

test('An answer whose connection is lost before its finish reason is not', async () => {
	const events = chatChunks(PARIS, MODEL).map(frame).slice(0, -1);
	bench.server.answer(eventStream(events, { then: 'reset' }));
	await expect(call()).rejects.toMatchObject({
		details: { kind: 'stream', partial: { text: PARIS } },
	});
});

describe('A failure that the stream tells', () => {
	test('is not tried again, even if it is the first event', async () => {
		const error = { message: 'Overloaded', code: 'server_error' };
		bench.server.answer(eventStream([frame({ type: 'error', error })]));
		const { message, details } = await failureOf(call());
		expect(message).toBe('Overloaded');
		expect(details).toMatchObject({ kind: 'stream', code: 'server_error', attempts: 1 });
		expect(bench.server.requests).toHaveLength(1);
	});

	test('never shows the key', async () => {
		const error = { message: `No such key: ${KEY}` };
		bench.server.answer(eventStream([...BEGUN, frame({ error })]));
		const { message, details } = await failureOf(call());
		expect(message).toBe('No such key: ***');
		expect(details.partial?.text).toBe(BEGUN_TEXT);
		expect(JSON.stringify(details)).not.toContain(KEY);
	});
});
