/** When a stream is given up, and how it ends then. The clock is the test's. */
import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import {
	type StreamOptions,
	readStream,
} from '../../../../../nodes/shared/client/stream/readStream';
import { Deadline } from '../../../../../nodes/shared/client/transport/abort';
import { MODEL } from '../../../../support/responses';
import { DONE, chatChunks, frame } from '../../../../support/streams';
import { BEGUN, BEGUN_TEXT, TYPED } from './support';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
afterEach(() => jest.useRealTimers());

/** What comes, a pause in ms, or what the connection breaks with. */
type Step = string | number | Error;

/** Nothing more comes, and nothing ends. */
const SILENCE = Infinity;

const PING = ': still here\n\n';

/** So many of them, so far apart. */
const pings = (count: number, gapMs: number) =>
	Array.from({ length: count }, () => [gapMs, PING]).flat();

/** As a socket that an abort closes. */
async function* bodyOf(steps: Step[], deadline: Deadline, sent: { pieces: number; end?: true }) {
	const passed = deadline.passed();
	passed.catch(() => undefined);
	for (const step of steps) {
		if (step instanceof Error) throw step;
		if (typeof step === 'number') {
			const pause = new Promise<void>((resolve) => {
				if (step < SILENCE) setTimeout(resolve, step);
			});
			await Promise.race([pause, passed]);
		} else {
			sent.pieces++;
			yield Buffer.from(step);
		}
	}
	sent.end = true;
}

/** Reads these steps to whatever end they come. */
async function outcomeOf(
	steps: Step[],
	{ timeout = 0, ...options }: Partial<StreamOptions> & { timeout?: number } = {},
) {
	const deadline = new Deadline();
	deadline.set(
		timeout,
		() => new GradientApiError('No event within the timeout', { kind: 'timeout' }),
	);
	const begun = Date.now();
	const sent: { pieces: number; end?: true } = { pieces: 0 };
	const outcome: { ms?: number; body?: JsonObject; error?: unknown } = {};
	const settled = readStream(bodyOf(steps, deadline, sent), {
		deadline,
		nameFailure: (error) => error,
		...options,
	})
		.then(
			(body) => (outcome.body = body),
			(error: unknown) => (outcome.error = error),
		)
		.finally(() => (outcome.ms = Date.now() - begun));
	await jest.runAllTimersAsync();
	await settled;
	deadline.release();
	return { ...outcome, sent };
}

/** As the client names it; an abort's reason stays as it is. */
const nameFailure = (error: unknown) =>
	error instanceof GradientApiError
		? error
		: new GradientApiError('The answer broke off: ECONNRESET', { kind: 'connection' });

const RESET = new Error('ECONNRESET');
const REST = TYPED.slice(BEGUN.length);
const WHOLE = chatChunks('Hello', MODEL).map(frame);
const HELLO = { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] };
const PARTIAL = { text: BEGUN_TEXT };

describe('The time', () => {
	test('until the first event is the timeout, whatever else comes before it', async () => {
		const { ms, error } = await outcomeOf([...pings(10, 200), ...TYPED], { timeout: 700 });
		expect(ms).toBe(700);
		expect(error).toMatchObject({ message: 'No event within the timeout' });
		expect((error as GradientApiError).details.partial).toBeUndefined();
	});

	test('after the first event is that of a silence', async () => {
		const steps = [BEGUN.join(''), 100_000, ...REST];
		expect((await outcomeOf(steps, { timeout: 700 })).body).toMatchObject({ status: 'completed' });
	});

	test('of a silence begins anew with all that comes', async () => {
		const events = TYPED.flatMap((event) => [event, 100_000, PING, 100_000]);
		const { body } = await outcomeOf(events);
		expect(body).toMatchObject({ status: 'completed' });
	});

	test.each([
		['120 s', undefined, 120_000],
		['0.5 s', 500, 500],
	])('of a silence ends after %s, with what had come', async (told, idleLimit, limit) => {
		const { ms, error } = await outcomeOf([...BEGUN, SILENCE], { idleLimit, nameFailure });
		// the abort has closed the body: nothing more is waited for
		expect(ms).toBe(limit);
		expect(error).toMatchObject({
			message: `The stream went silent: nothing came for ${told}, after 6 events with 16 characters of text`,
			details: { kind: 'timeout', partial: PARTIAL },
		});
	});

	test('of a silence is told where there is no text yet', async () => {
		const { error } = await outcomeOf([TYPED[0], SILENCE]);
		expect(error).toMatchObject({
			message: expect.stringMatching(/120 s, after 1 events with 0 characters of text$/),
			details: { kind: 'timeout' },
		});
	});

	test('of a stream is one hour, whatever comes', async () => {
		const { ms, error } = await outcomeOf([...BEGUN, ...pings(100, 60_000), ...REST]);
		expect(ms).toBe(3_600_000);
		expect(error).toMatchObject({
			message:
				'The stream did not end within 60 minutes, after 6 events with 16 characters of text',
			details: { kind: 'timeout', partial: PARTIAL },
		});
	});

	test('after an answer is whole is 10 s, whatever comes', async () => {
		const { ms, body } = await outcomeOf([...WHOLE, ...pings(10, 3_000)]);
		expect(ms).toBe(10_000);
		expect(body).toMatchObject(HELLO);
	});

	test('after an answer is whole is enough for usage that comes late', async () => {
		const usage = frame({ choices: [], usage: { total_tokens: 7 } });
		const { ms, body } = await outcomeOf([...WHOLE, 9_000, usage, DONE]);
		expect(ms).toBe(9_000);
		expect(body).toMatchObject({ ...HELLO, usage: { total_tokens: 7 } });
	});
});

describe('A connection that is lost', () => {
	test('after the answer is whole is no failure', async () => {
		const { body } = await outcomeOf([...WHOLE, RESET], { nameFailure });
		expect(body).toMatchObject(HELLO);
	});

	test('before that is a failure of the stream, with what had come', async () => {
		const { error } = await outcomeOf([...BEGUN, RESET], { nameFailure });
		expect(error).toMatchObject({
			message: 'The stream broke off: ECONNRESET',
			details: { kind: 'stream', partial: PARTIAL },
		});
	});

	test('before anything came has nothing to give', async () => {
		const { error } = await outcomeOf([RESET], { nameFailure });
		expect(error).toMatchObject({ details: { kind: 'stream' } });
		expect((error as GradientApiError).details.partial).toBeUndefined();
	});

	test('by somebody who cancels it fails with the reason of that', async () => {
		const reason = new Error('Stop');
		const { error } = await outcomeOf([...BEGUN, RESET], { nameFailure: () => reason });
		expect(error).toBe(reason);
	});
});

describe('A failure', () => {
	test('that the stream tells counts, though the answer was whole', async () => {
		const { error } = await outcomeOf([...WHOLE, frame({ error: { message: 'Overloaded' } })]);
		expect(error).toMatchObject({
			message: 'Overloaded',
			details: { kind: 'stream', partial: { text: 'Hello' } },
		});
	});

	test('of what reads the body keeps its kind, and has what had come', async () => {
		const tooLarge = new GradientApiError('The answer is larger than 64 MB', { kind: 'answer' });
		const { error } = await outcomeOf([...BEGUN, tooLarge], { nameFailure });
		expect(error).toBe(tooLarge);
		expect(tooLarge.details).toMatchObject({ kind: 'answer', partial: PARTIAL });
	});

	test('of a listener is thrown as it is, though the answer is whole', async () => {
		const broken = new Error('Broken listener');
		const onText = () => {
			throw broken;
		};
		const choice = { index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' };
		const { error } = await outcomeOf([frame({ choices: [choice] }), DONE], { onText });
		expect(error).toBe(broken);
	});

	test('is half an event in the middle, but not at the end', async () => {
		const half = 'data: {"choices": [\n\n';
		expect((await outcomeOf([half, ...WHOLE, DONE])).error).toMatchObject({
			message: expect.stringMatching(/^The stream holds an event that is not JSON/),
		});
		expect((await outcomeOf([...WHOLE, half.trim()])).body).toMatchObject(HELLO);
	});
});

describe('The listeners', () => {
	test('hear what an event adds, and nothing of events that add nothing', async () => {
		const heard: unknown[] = [];
		const delta = { content: 'Hi' };
		const choices = [{ delta: { reasoning_content: 'Hm' } }, { delta }, { delta: {} }];
		await outcomeOf([...choices.map((choice) => frame({ choices: [choice] })), DONE], {
			onText: (text) => heard.push(['text', text]),
			onReasoning: (text) => heard.push(['thought', text]),
		});
		expect(heard).toEqual([
			['thought', 'Hm'],
			['text', 'Hi'],
		]);
	});

	test('hear nothing that follows the end', async () => {
		const heard: string[] = [];
		const more = frame({ choices: [{ delta: { content: 'More' } }] });
		await outcomeOf([DONE + more, more], { onText: (text) => heard.push(text) });
		expect(heard).toEqual([]);
	});
});

describe('The end of the body', () => {
	test.each<[string, Step[]]>([
		['an answer', [...TYPED, 20, PING, 20, DONE, 20]],
		['an error', [frame({ error: { message: 'No' } }), 20, PING, 20, DONE, 20]],
		['an answer, of which a later part is broken', [...TYPED, 20, 'data: {\n\n', 40]],
	])(
		'is waited for after %s, so that the connection serves the next call',
		async (_what, steps) => {
			const { ms, sent } = await outcomeOf(steps);
			expect(sent.end).toBe(true);
			expect(ms).toBe(60);
		},
	);

	test('that does not come is waited for no longer than 100 ms', async () => {
		const { ms, body } = await outcomeOf([...TYPED, SILENCE]);
		expect(ms).toBe(100);
		expect(body).toMatchObject({ status: 'completed' });
	});

	test('that comes later is not read any more', async () => {
		const { ms, sent } = await outcomeOf([...TYPED, ...pings(10, 60)]);
		expect(ms).toBe(100);
		expect(sent.pieces).toBe(TYPED.length + 2);
		expect(sent.end).toBeUndefined();
	});

	test('that is a reset does no harm', async () => {
		expect((await outcomeOf([...TYPED, RESET])).body).toMatchObject({ status: 'completed' });
	});
});
