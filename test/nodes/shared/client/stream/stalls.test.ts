import { setImmediate } from 'node:timers/promises';
import { Agent, request } from 'undici';

import type { GradientApiError } from '../../../../../nodes/shared/client';
import { readStream } from '../../../../../nodes/shared/client/stream/readStream';
import { Deadline } from '../../../../../nodes/shared/client/transport/abort';
import { type Answer, eventStream } from '../../../../support/answers';
import { MODEL, PARIS } from '../../../../support/responses';
import { chatChunks, frame } from '../../../../support/streams';
import { failureOf } from '../support';
import { BEGUN, BEGUN_TEXT, TYPED, useStreams } from './support';

const { bench, call } = useStreams();

describe('A stream that stalls', () => {
	test.each<[string, Answer]>([
		['one byte came', eventStream(['d'], { then: 'hang' })],
		['half an event came', eventStream([TYPED[0].slice(0, 40)], { then: 'hang' })],
		['only comments come', eventStream(Array<string>(1_000).fill(': ping\n\n'), { gapMs: 10 })],
	])('before its first event ends by the timeout: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(call({ timeout: 600 }));
		expect(message).toMatch(/within 0\.6 s/);
		expect(details).toMatchObject({ kind: 'timeout', attempts: 1 });
		expect(details.partial).toBeUndefined();
		expect(bench.server.requests).toHaveLength(1);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('for longer than the timeout after its first event goes on all the same', async () => {
		const rest = TYPED.slice(BEGUN.length);
		bench.server.answer(eventStream([BEGUN.join(''), rest.join('')], { gapMs: 1_000 }));
		expect((await call({ timeout: 600 })).text).toBe(PARIS);
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

describe('A stream that goes on and on', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
	afterEach(() => jest.useRealTimers());

	/** Reads these events, then comments for ever, so many ms apart, as from a socket that an abort closes. */
	function reading(events: string[], gapMs = 20_000) {
		const deadline = new Deadline();
		const { signal } = deadline;
		async function* endless() {
			yield Buffer.from(events.join(''));
			while (!signal.aborted) {
				await new Promise((resolve) => setTimeout(resolve, gapMs));
				yield Buffer.from(': still here\n\n');
			}
			throw signal.reason;
		}
		const state = { isSettled: false };
		const result = readStream(endless(), { deadline, nameFailure: (error) => error }).finally(
			() => {
				state.isSettled = true;
				deadline.release();
			},
		);
		return { state, result };
	}

	test('ends after one hour, with what had come', async () => {
		const { state, result } = reading(BEGUN);
		const failure = failureOf(result);
		await jest.advanceTimersByTimeAsync(3_590_000);
		expect(state.isSettled).toBe(false);
		await jest.advanceTimersByTimeAsync(20_000);
		const { message, details } = await failure;
		expect(message).toBe(
			`The stream did not end within 60 minutes, after 6 events with ${BEGUN_TEXT.length} characters of text`,
		);
		expect(details).toMatchObject({ kind: 'timeout', partial: { text: BEGUN_TEXT } });
	});

	test('ends after one hour also where nothing but comments came', async () => {
		const failure = failureOf(reading([': hello\n\n']).result);
		await jest.advanceTimersByTimeAsync(3_610_000);
		expect((await failure).message).toMatch(/^The stream did not end within 60 minutes/);
	});

	test('ends soon after its answer is whole, and is no failure', async () => {
		const { state, result } = reading(chatChunks('Hello', MODEL).map(frame), 100);
		await jest.advanceTimersByTimeAsync(9_900);
		expect(state.isSettled).toBe(false);
		await jest.advanceTimersByTimeAsync(300);
		expect(state.isSettled).toBe(true);
		expect(await result).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
	});
});

test('A stream whose answer is whole ends 10 s later, though comments go on', async () => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
	try {
		const whole = chatChunks('Hello', MODEL).map(frame);
		const comments = Array<string>(100_000).fill(': still here\n\n');
		bench.server.answer(eventStream([whole.join(''), ...comments], { gapMs: 100 }));
		let isSettled = false;
		const result = call().finally(() => (isSettled = true));
		// a busy machine may hear of the end later than it was sent
		while (!isSettled) {
			await jest.advanceTimersByTimeAsync(1_000);
			await setImmediate();
		}
		expect(await result).toMatchObject({ text: 'Hello', finishReason: 'stop' });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	} finally {
		jest.useRealTimers();
	}
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
		bench.server.answer(
			eventStream([...BEGUN, ...comments, ...TYPED.slice(BEGUN.length)], { gapMs: 60 }),
		);
		expect(await readWithIdleLimit(1_000)).toMatchObject({ status: 'completed' });
	});
});
