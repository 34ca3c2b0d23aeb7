import { setImmediate } from 'node:timers/promises';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { Agent, request } from 'undici';

import { Deadline } from '../../../../../nodes/Gradient/client/abort';
import type { CallOptions, GradientApiError } from '../../../../../nodes/Gradient/client';
import { readStream } from '../../../../../nodes/Gradient/client/stream/readStream';
import { quirks, wellFormed } from '../../../../fixtures/streams';
import { type Answer, eventStream, json, raw, reset } from '../../../../support/answers';
import { MODEL, responses, usage } from '../../../../support/responses';
import { DONE, chatChunks, frame, typedEvents } from '../../../../support/streams';
import { KEY, REQUEST, failureOf, useServer } from '../support';

const bench = useServer();

const PARIS = 'The capital of France is **Paris**.';

/** Each event in a write of its own. */
const TYPED = typedEvents(responses.text).map(frame);

/** Up to `The capital of F`: two deltas. */
const BEGUN = TYPED.slice(0, 6);
const BEGUN_TEXT = 'The capital of F';

const BROKE_OFF = 'The stream broke off before the response was complete';

const call = async (options: CallOptions = {}, isStreamed = true) =>
	await bench.client().createResponse({ ...REQUEST, stream: isStreamed }, options);

/** A call, and all that was said while it ran. */
async function sayings(isStreamed = true) {
	const said: string[] = [];
	const { text } = await call({ onText: (piece) => said.push(piece) }, isStreamed);
	return { said, text };
}

describe('A stream that stalls', () => {
	test.each<[string, Answer]>([
		['one byte came', eventStream(['d'], { then: 'hang' })],
		['half an event came', eventStream([TYPED[0].slice(0, 40)], { then: 'hang' })],
		['only comments come', eventStream(Array<string>(1_000).fill(': ping\n\n'), { gapMs: 10 })],
	])('before its first event ends by the timeout: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(call({ timeout: 150 }));
		expect(message).toMatch(/within 0\.15 s/);
		expect(details).toMatchObject({ kind: 'timeout', attempts: 1 });
		expect(details.partial).toBeUndefined();
		expect(bench.server.requests).toHaveLength(1);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('for longer than the timeout after its first event goes on all the same', async () => {
		bench.server.answer(eventStream(TYPED, { gapMs: 30 }));
		expect((await call({ timeout: 150 })).text).toBe(PARIS);
	});

	test('for 120 s after its first event is given up, with what had come', async () => {
		jest.useFakeTimers({
			doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
		});
		try {
			bench.server.answer(eventStream(BEGUN, { then: 'hang' }));
			let isSettled = false;
			let failure: Promise<GradientApiError> | undefined;
			await new Promise<void>((resolve) => {
				const onText = (text: string) => text === 'tal of F' && resolve();
				failure = failureOf(call({ onText })).finally(() => (isSettled = true));
			});
			// the limit begins once the chunk with that text is done with
			await setImmediate();
			await jest.advanceTimersByTimeAsync(119_000);
			expect(isSettled).toBe(false);
			await jest.advanceTimersByTimeAsync(1_000);
			const { message, details } = await (failure as Promise<GradientApiError>);
			expect(message).toBe(
				`The stream went silent: nothing came for 120 s, after 6 events with ${BEGUN_TEXT.length} characters of text`,
			);
			expect(details).toMatchObject({
				kind: 'timeout',
				attempts: 1,
				partial: { text: BEGUN_TEXT },
			});
		} finally {
			jest.useRealTimers();
		}
	});
});

describe('The idle limit', () => {
	const agent = new Agent();
	afterAll(async () => await agent.close());

	/** As a call does it, but with a limit that a test can wait for. */
	async function readWithIdleLimit(idleLimit: number) {
		const deadline = new Deadline();
		const { signal } = deadline;
		const { body } = await request(bench.server.url, { dispatcher: agent, method: 'POST', signal });
		const options = { deadline, idleLimit, nameFailure: (error: unknown) => error };
		return await readStream(body, options).finally(() => deadline.release());
	}

	test('ends a stream that is silent for longer', async () => {
		bench.server.answer(eventStream(BEGUN, { then: 'hang' }));
		const { message, details } = await failureOf(readWithIdleLimit(100));
		expect(message).toMatch(/^The stream went silent: nothing came for 0\.1 s, after 6 events/);
		expect(details).toMatchObject({ kind: 'timeout', partial: { text: BEGUN_TEXT } });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('begins anew with every byte, those of comments too', async () => {
		const comments = Array<string>(20).fill(':\n');
		bench.server.answer(eventStream([...BEGUN, ...comments, ...TYPED.slice(6)], { gapMs: 20 }));
		expect(await readWithIdleLimit(200)).toMatchObject({ status: 'completed' });
	});
});

describe('A connection that is lost', () => {
	test.each<[string, Answer]>([
		['reset before the headers', reset()],
		['reset after the headers', eventStream([], { send: 'headers', then: 'reset' })],
		['closed after half an event', eventStream([TYPED[0].slice(0, 40)], { then: 'close' })],
	])('before the first event is tried again: %s', async (_what, answer) => {
		bench.server.answer([answer, eventStream(TYPED)]);
		expect((await sayings()).said.join('')).toBe(PARIS);
		expect(bench.server.requests).toHaveLength(2);
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

describe('What was not asked for', () => {
	test('a page instead of a stream is an error with its title', async () => {
		bench.server.answer(raw('<html><title>Maintenance</title></html>', 'text/html'));
		const { message, details } = await failureOf(call());
		expect(message).toBe('The answer is not JSON. The server sent a web page: Maintenance');
		expect(details.kind).toBe('answer');
	});

	test('a page that calls itself a stream is an error too', async () => {
		bench.server.answer(raw('<html><title>Maintenance</title></html>', 'text/event-stream'));
		expect((await failureOf(call())).message).toBe(BROKE_OFF);
	});

	test('JSON instead of a stream is read, and its text is said at the end', async () => {
		bench.server.answer(json(responses.withReasoning));
		expect(await sayings()).toEqual({ said: [PARIS], text: PARIS });
	});

	test('an error instead of a stream is told', async () => {
		bench.server.answer(json({ error: { message: 'No' } }, { status: 400 }));
		const { message, details } = await failureOf(call());
		expect([message, details.kind, details.status]).toEqual(['No', 'http', 400]);
	});

	test('a stream instead of JSON is read', async () => {
		bench.server.answer(eventStream(TYPED));
		const { said, text } = await sayings(false);
		expect([said.join(''), text]).toEqual([PARIS, PARIS]);
	});

	test.each(['text/plain', 'application/json', 'application/octet-stream'])(
		'a stream that calls itself %s is read',
		async (type) => {
			bench.server.answer(eventStream(TYPED, { headers: { 'content-type': type } }));
			expect((await sayings()).said.join('')).toBe(PARIS);
		},
	);

	const all = Buffer.from(TYPED.join(''));

	test.each<[string, Buffer]>([
		['gzip', gzipSync(all)],
		['deflate', deflateSync(all)],
		['br', brotliCompressSync(all)],
	])('a stream that is compressed is read: %s', async (encoding, bytes) => {
		const halves = [bytes.subarray(0, 99), bytes.subarray(99)];
		bench.server.answer(eventStream(halves, { headers: { 'content-encoding': encoding } }));
		expect((await sayings()).said.join('')).toBe(PARIS);
	});

	test('a compressed stream is said while it is written, and its cut end is noticed', async () => {
		const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
		const flushed: Buffer[] = [];
		gzip.on('data', (bytes: Buffer) => flushed.push(bytes));
		await new Promise<unknown>((resolve) => gzip.write(BEGUN.join(''), resolve));
		bench.server.answer(
			eventStream(flushed, { headers: { 'content-encoding': 'gzip' }, then: 'hang' }),
		);
		const controller = new AbortController();
		let said = '';
		const onText = (text: string) => {
			said += text;
			if (said === BEGUN_TEXT) controller.abort('heard');
		};
		await expect(call({ onText, signal: controller.signal })).rejects.toBe('heard');

		bench.server.answer(eventStream(flushed, { headers: { 'content-encoding': 'gzip' } }));
		const { details } = await failureOf(call());
		expect(details).toMatchObject({ kind: 'stream', attempts: 1, partial: { text: BEGUN_TEXT } });
	});
});

describe('A large stream', () => {
	const delta = (text: string) =>
		frame({ type: 'response.output_text.delta', output_index: 0, delta: text });
	const end = frame({ type: 'response.completed', response: { status: 'completed', output: [] } });

	test('of 100,000 tiny deltas is read', async () => {
		const count = 100_000;
		const thousand = delta('ab').repeat(1_000);
		bench.server.answer(eventStream([...Array<string>(count / 1_000).fill(thousand), end]));
		let pieces = 0;
		const { text } = await call({ onText: () => pieces++ });
		expect(text).toBe('ab'.repeat(count));
		expect(pieces).toBe(count);
	});

	test('of 50 MB in events of 1 MB is read', async () => {
		const megabyte = 'x'.repeat(2 ** 20);
		bench.server.answer(eventStream([...Array<string>(50).fill(delta(megabyte)), end]));
		expect((await call()).text).toHaveLength(50 * 2 ** 20);
	});

	test('with a call of 3 MB is read', async () => {
		const city = 'Paris'.repeat(600_000);
		const call_id = 'call_1';
		const item = { type: 'function_call', call_id, name: 'locate', arguments: '' };
		const place = { output_index: 0 };
		const args = JSON.stringify({ city });
		bench.server.answer(
			eventStream([
				frame({ type: 'response.output_item.added', ...place, item }),
				frame({ type: 'response.function_call_arguments.delta', ...place, delta: args }),
				frame({ type: 'response.output_item.done', ...place, item: { ...item, arguments: args } }),
				end,
			]),
		);
		const { toolCalls } = await call();
		expect(toolCalls).toEqual([{ call_id, name: 'locate', arguments: { city } }]);
	});

	test('of more than 64 MB is refused, with what had come', async () => {
		const megabyte = 'x'.repeat(2 ** 20);
		bench.server.answer(eventStream(Array<string>(80).fill(delta(megabyte)), { then: 'hang' }));
		const { message, details } = await failureOf(call());
		expect(message).toBe('The answer is larger than 64 MB');
		expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
		expect(details.partial?.text).toHaveLength(63 * 2 ** 20);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});
});

describe('A connection of a stream', () => {
	test('is closed by a cancel in mid-stream, which rejects with its reason', async () => {
		bench.server.answer(eventStream(BEGUN, { then: 'hang' }));
		const controller = new AbortController();
		const reason = new Error('Stop');
		let said = '';
		const onText = (text: string) => {
			said += text;
			if (said === BEGUN_TEXT) controller.abort(reason);
		};
		await expect(call({ onText, signal: controller.signal })).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect(bench.server.requests).toHaveLength(1);
	});

	test.each<[string, string[]]>([
		['[DONE]', [...chatChunks(PARIS, MODEL).map(frame), DONE]],
		['the terminal event', TYPED],
	])('is closed if its server does not end the body after %s', async (_what, events) => {
		bench.server.answer(eventStream(events, { then: 'hang' }));
		expect((await call()).text).toBe(PARIS);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect(bench.server.inFlight).toBe(0);
	});

	test.each<[string, string[]]>([
		['[DONE]', [...chatChunks(PARIS, MODEL).map(frame), DONE]],
		['the terminal event', TYPED],
		['the terminal event and a late [DONE]', [...TYPED, DONE]],
		['an error', [...BEGUN, frame({ error: { message: 'No' } }), DONE]],
	])('serves the next call after %s', async (_what, events) => {
		const client = bench.client();
		bench.server.answer(eventStream(events, { gapMs: 5 }));
		for (let i = 0; i < 3; i++) {
			await client.createResponse({ ...REQUEST, stream: true }).catch(() => undefined);
			// undici gives a connection back no sooner
			await setImmediate();
		}
		expect(bench.server.requests).toHaveLength(3);
		expect(bench.server.connectionsOpened).toBe(1);
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

describe('What is said adds up to the text', () => {
	const whole = [...wellFormed, ...quirks].filter(({ expected }) => !expected.said);

	test.each(whole)('of $name', async ({ bytes }) => {
		bench.server.answer(
			eventStream(
				bytes
					.toString('latin1')
					.split(/(?<=\n\n)/)
					.map(latin1),
			),
		);
		const { said, text } = await sayings();
		expect(said.join('')).toBe(text);
	});

	const latin1 = (part: string) => Buffer.from(part, 'latin1');

	test('as it comes, piece by piece', async () => {
		bench.server.answer(eventStream(TYPED));
		expect((await sayings()).said).toEqual(['The capi', 'tal of F', 'rance is', ' **Paris', '**.']);
	});
});
