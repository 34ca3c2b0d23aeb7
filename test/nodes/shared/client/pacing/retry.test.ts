import { getEventListeners } from 'node:events';

import { type FailureKind, GradientApiError } from '../../../../../nodes/shared/client/errors';
import {
	MAX_WAIT_MS,
	pause,
	retryDelay,
	withRetries,
} from '../../../../../nodes/shared/client/pacing/retry';
import { type Answer, json, raw, reset } from '../../../../support/answers';
import { errorBodies, rateLimited, requestQuota } from '../../../../support/errorBodies';
import { responses } from '../../../../support/responses';
import { REQUEST, failureOf, useServer } from '../support';

const bench = useServer();

/** Makes a refused request be sent again at once, or at least soon. */
const soon = { 'retry-after-ms': '1' };

const failure = (details: Partial<GradientApiError['details']>) =>
	new GradientApiError('x', { kind: 'http', ...details });

describe('A request is sent again', () => {
	const transient = [408, 409, 429, 500, 501, 502, 503, 520, 529];

	test.each(transient)('after HTTP %d', async (status) => {
		bench.server.answer([json({ message: 'Later' }, { status, headers: soon })]);
		const response = await bench.client().createResponse(REQUEST, { maxRetries: 1 });
		expect(response.text).toBe('Echo: Hello');
		expect(bench.server.requests).toHaveLength(2);
	});

	test.each<[string, Answer]>([
		['a reset before the headers', reset()],
		['a connection closed before the headers', { send: 'nothing', then: 'close' }],
	])('after %s', async (_what, answer) => {
		bench.server.answer([answer]);
		const response = await bench.client().createResponse(REQUEST, { maxRetries: 1 });
		expect(response.text).toBe('Echo: Hello');
		expect(bench.server.requests).toHaveLength(2);
	});

	test.each([504, 524])('after HTTP %d to a stream, of which nothing had come', async (status) => {
		bench.server.answer([json({ message: 'Later' }, { status, headers: soon })]);
		await bench.client().createResponse({ ...REQUEST, stream: true }, { maxRetries: 1 });
		expect(bench.server.requests).toHaveLength(2);
	});

	test.each([504, 524])('after HTTP %d to the list of models', async (status) => {
		bench.server.answer([json({ message: 'Later' }, { status, headers: soon })]);
		expect(await bench.client().listModels({ maxRetries: 1 })).toHaveLength(8);
	});

	test.each([504, 524])('after HTTP %d where the API says so', async (status) => {
		const headers = { ...soon, 'x-should-retry': 'true' };
		bench.server.answer([json({ message: 'Once more' }, { status, headers })]);
		await bench.client().createResponse(REQUEST, { maxRetries: 1 });
		expect(bench.server.requests).toHaveLength(2);
	});

	test('as it was the first time', async () => {
		bench.server.answer([json({}, { status: 503, headers: soon })]);
		await bench.client().createResponse({ ...REQUEST, temperature: 0.5 });
		const [first, second] = bench.server.requests;
		expect(second.rawBody).toBe(first.rawBody);
		expect(second.headers).toEqual(first.headers);
	});

	test('also for the list of models', async () => {
		bench.server.answer([json({}, { status: 503, headers: soon })]);
		expect(await bench.client().listModels()).toHaveLength(8);
	});

	test('twice by default, and then the last failure is thrown with the number of attempts', async () => {
		bench.server.answer((_request, index) =>
			json({ message: `Failure ${index + 1}` }, { status: 503, headers: soon }),
		);
		const error = await failureOf(bench.client().createResponse(REQUEST));
		expect(error.message).toBe('Failure 3');
		expect(error.details.attempts).toBe(3);
		expect(bench.server.requests).toHaveLength(3);
	});

	test.each([0, 1, 4])('at most as often as asked for: %d', async (maxRetries) => {
		bench.server.answer(json({ message: 'Later' }, { status: 503, headers: soon }));
		const error = await failureOf(bench.client().createResponse(REQUEST, { maxRetries }));
		expect(error.details.attempts).toBe(maxRetries + 1);
		expect(bench.server.requests).toHaveLength(maxRetries + 1);
	});

	test('where the API says so, whatever the status', async () => {
		const headers = { ...soon, 'x-should-retry': 'true' };
		bench.server.answer([json({ message: 'Once more' }, { status: 400, headers })]);
		await bench.client().createResponse(REQUEST, { maxRetries: 1 });
		expect(bench.server.requests).toHaveLength(2);
	});
});

describe('A request is not sent again', () => {
	const expectOne = async (answer: Answer) => {
		bench.server.answer(answer);
		const error = await failureOf(bench.client().createResponse(REQUEST, { maxRetries: 3 }));
		expect(error.details.attempts).toBe(1);
		expect(bench.server.requests).toHaveLength(1);
		return error;
	};

	test.each([300, 301, 304, 307, 308, 400, 401, 402, 403, 404, 405, 410, 413, 422])(
		'after HTTP %d',
		async (status) => {
			await expectOne({ status, headers: soon });
		},
	);

	test('where the server cannot read the arguments of a tool call', async () => {
		await expectOne(errorBodies.unreadableCall);
	});

	test.each(Object.entries({ failed: responses.failed, noOutput: responses.noOutput }))(
		'after a 200 that is a failure: %s',
		async (_name, body) => {
			expect((await expectOne(json(body))).details.kind).toBe('answer');
		},
	);

	test('after a page in place of an answer', async () => {
		await expectOne(errorBodies.maintenance200);
	});

	test('after a 200 that is no answer, even where its headers ask for it', async () => {
		const headers = { ...soon, 'x-should-retry': 'true' };
		await expectOne(raw('<html>Busy</html>', 'text/html', { headers }));
	});

	test.each([504, 524])(
		"after a gateway's time-out, HTTP %d, behind which the model goes on",
		async (status) => {
			const { details } = await expectOne({ status, headers: { ...soon, 'retry-after': '1' } });
			expect(details).toMatchObject({ kind: 'http', status, mayRunOn: true });
		},
	);

	test.each([408, 409, 429, 503])('after HTTP %d where the API forbids it', async (status) => {
		const headers = { ...soon, 'x-should-retry': 'false' };
		expect((await expectOne({ status, headers })).details.shouldRetry).toBe(false);
	});

	test.each<[string, Answer['headers']]>([
		['Retry-After in seconds', { 'retry-after': '61' }],
		['Retry-After as a date', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }],
		['retry-after-ms', { 'retry-after-ms': '60001' }],
		[
			'the reset of the daily tokens',
			{ 'x-ratelimit-reset-tokens-per-day': String(Math.round(Date.now() / 1000) + 40_000) },
		],
	])('where the wait would be too long, by %s', async (_header, headers) => {
		const { details } = await expectOne(rateLimited(headers));
		expect(details.retryAfterMs).toBeGreaterThan(MAX_WAIT_MS);
	});

	test('after our own deadline, as the lost call may be billed', async () => {
		bench.server.answer({ json: responses.text, send: 'half', then: 'hang' });
		const error = await failureOf(
			bench.client().createResponse(REQUEST, { maxRetries: 3, timeout: 600 }),
		);
		expect(error.details).toEqual({ kind: 'timeout', attempts: 1 });
		expect(bench.server.requests).toHaveLength(1);
	});
});

describe('The wait before a retry', () => {
	const distance = () => {
		const [first, second] = bench.server.requests;
		return second.receivedAt - first.receivedAt;
	};

	// timers may fire up to a millisecond early
	test.each<[string, Answer['headers'], number]>([
		['retry-after-ms', { 'retry-after-ms': '120' }, 119],
		['Retry-After in seconds', { 'retry-after': '0.12' }, 119],
		['Retry-After 0, which counts as none', { 'retry-after': '0' }, 374],
		['a negative Retry-After, which counts as none', { 'retry-after': '-10' }, 374],
		['an unreadable Retry-After, which counts as none', { 'retry-after': 'soon' }, 374],
		['a reset of 0, which counts as none', { 'x-ratelimit-reset-requests': '0' }, 374],
		['no header', {}, 374],
		['a reset that has just passed', requestQuota(0), 1_249],
	])('is at least that of %s', async (_what, headers, least) => {
		bench.server.answer([rateLimited(headers)]);
		await bench.client().createResponse(REQUEST);
		expect(distance()).toBeGreaterThanOrEqual(least);
	});

	test.each([
		[0, 500],
		[1, 1_000],
		[2, 2_000],
		[3, 4_000],
		[4, 8_000],
		[5, 8_000],
		[50, 8_000],
		[5_000, 8_000],
	])(
		'without a word of the API, after %d retries, is %d ms less up to a quarter',
		(retries, ms) => {
			const waits = Array.from({ length: 50 }, () => retryDelay(failure({ status: 503 }), retries));
			for (const wait of waits) {
				expect(wait).toBeGreaterThanOrEqual(ms * 0.75);
				expect(wait).toBeLessThanOrEqual(ms);
			}
			expect(new Set(waits).size).toBeGreaterThan(1);
		},
	);

	test.each([
		[1, 1],
		[MAX_WAIT_MS, MAX_WAIT_MS],
		[MAX_WAIT_MS + 1, undefined],
	])('asked for by the API as %p ms is %p', (retryAfterMs, wait) => {
		expect(retryDelay(failure({ status: 429, retryAfterMs }), 4)).toBe(wait);
	});

	test.each<[FailureKind, boolean]>([
		['connection', true],
		['http', false],
		['answer', false],
		['stream', false],
		['timeout', false],
		['settings', false],
	])('after a failure without status, of kind %s: %p', (kind, isRetried) => {
		expect(retryDelay(failure({ kind }), 0) !== undefined).toBe(isRetried);
	});

	test.each<FailureKind>(['answer', 'stream', 'timeout', 'settings'])(
		'does not exist for the kind %s, whatever status and headers say',
		(kind) => {
			expect(retryDelay(failure({ kind, status: 503, shouldRetry: true }), 0)).toBeUndefined();
		},
	);
});

describe('A cancel during the wait', () => {
	test('ends the call at once, with its reason', async () => {
		const controller = new AbortController();
		const reason = new Error('Stop');
		bench.server.answer(rateLimited({ 'retry-after': '50' }));
		const call = bench.client().createResponse(REQUEST, { signal: controller.signal });
		const ended = expect(call).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests.length === 1 && !bench.server.inFlight);
		// the answer has to reach the client first, or this would be a cancel in flight
		await pause(50);

		controller.abort(reason);

		await ended;
		expect(bench.server.requests).toHaveLength(1);
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
	});
});

describe('withRetries', () => {
	test('gives back what the last attempt gave', async () => {
		let attempts = 0;
		const send = async () => {
			if (++attempts < 3) throw failure({ status: 503, retryAfterMs: 1 });
			return attempts;
		};
		expect(await withRetries(send, { maxRetries: 5 })).toBe(3);
	});

	test('says which attempt is another one', async () => {
		const said: boolean[] = [];
		const send = async (isRetry: boolean) => {
			said.push(isRetry);
			if (said.length < 3) throw failure({ status: 503, retryAfterMs: 1 });
		};
		await withRetries(send, { maxRetries: 5 });
		expect(said).toEqual([false, true, true]);
	});

	test('counts the waits and attempts of others to its own', async () => {
		const send = async () => {
			throw failure({ status: 503, retryAfterMs: 2, waitedMs: 100, attempts: 3 });
		};
		const error = await failureOf(withRetries(send, { maxRetries: 2 }));
		expect(error.details).toMatchObject({ attempts: 9, waitedMs: 304 });
	});

	test('names no wait where there was none', async () => {
		const send = async () => {
			throw failure({ status: 400 });
		};
		const error = await failureOf(withRetries(send, { maxRetries: 2 }));
		expect(error.details).toMatchObject({ attempts: 1, waitedMs: undefined });
	});

	test('may give back undefined', async () => {
		expect(await withRetries(async () => undefined, { maxRetries: 5 })).toBeUndefined();
	});

	test('lets other errors through at once', async () => {
		const error = new TypeError('A bug');
		let attempts = 0;
		const send = async () => {
			attempts++;
			throw error;
		};
		await expect(withRetries(send, { maxRetries: 5 })).rejects.toBe(error);
		expect(attempts).toBe(1);
	});

	test('does not go on once the signal is aborted, though the failure may pass', async () => {
		const controller = new AbortController();
		let attempts = 0;
		const send = async () => {
			attempts++;
			controller.abort();
			throw failure({ status: 503, retryAfterMs: 1 });
		};
		await expect(withRetries(send, { maxRetries: 5, signal: controller.signal })).rejects.toThrow(
			'x',
		);
		expect(attempts).toBe(1);
	});
});

describe('A pause', () => {
	test('of nothing still looks at the signal', async () => {
		const reason = new Error('Stop');
		await expect(pause(0, AbortSignal.abort(reason))).rejects.toBe(reason);
		await expect(pause(0)).resolves.toBeUndefined();
	});

	test('that would be long does not begin where the signal is aborted', async () => {
		const reason = new Error('Stop');
		await expect(pause(3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason);
	});
});
