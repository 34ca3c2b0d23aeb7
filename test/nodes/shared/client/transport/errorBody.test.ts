/** Status and headers of an error decide; what comes of its body is welcome. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import type { GradientApiError } from '../../../../../nodes/shared/client';
import { type Answer, json, raw } from '../../../../support/answers';
import { rateLimited } from '../../../../support/errorBodies';
import { responses } from '../../../../support/responses';
import { REQUEST, failureOf, once, useServer } from '../support';

const bench = useServer();

const MB = 2 ** 20;

/** 60 MB of small objects, which would fill a gigabyte once they are parsed. */
const BOMB = Buffer.from(`{"error":{"message":"Boom"},"filling":[${'{},'.repeat(20 * MB)}{}]}`);

const compressed = (body: Buffer, encoding: string, status = 500): Answer =>
	raw(body, 'application/json', { status, headers: { 'content-encoding': encoding } });

/** A 429 fails at once, which otherwise would be repeated for a minute. */
const AT_ONCE = { 'x-should-retry': 'false' };

describe('A huge error', () => {
	test.each([
		['gzip', gzipSync(BOMB)],
		['deflate', deflateSync(BOMB)],
		['br', brotliCompressSync(BOMB.subarray(0, 20 * MB))],
	])('that is small while it is compressed is read to 256 KB: %s', async (encoding, body) => {
		bench.server.answer(compressed(body, encoding));
		const { message, details } = await failureOf(bench.call());
		expect(message).toMatch(/^\{"error":\{"message":"Boom"\}/);
		expect(message.length).toBeLessThan(700);
		expect(details).toMatchObject({ kind: 'http', status: 500, requestId: 'req_1' });
		const kept = /… \((\d+) more characters\)$/.exec(String(details.body));
		expect(Number(kept?.[1]) + 4_000).toBe(256 * 1024);
	});

	test.each([301, 404, 429, 500])('without an end keeps its status: %d', async (status) => {
		const chunks = Array<Buffer>(400).fill(Buffer.alloc(MB, ' '));
		bench.server.answer({ status, chunks, headers: AT_ONCE });
		const { message, details } = await failureOf(bench.call());
		expect(message).toBe(`The API answered with HTTP ${status}`);
		expect(details).toMatchObject({ kind: 'http', status });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('is tried again as its status and headers say', async () => {
		const chunks = Array<Buffer>(400).fill(Buffer.alloc(MB, ' '));
		bench.server.answer([
			{ status: 429, chunks, headers: { 'retry-after-ms': '1' } },
			{ status: 500, chunks, headers: { 'retry-after-ms': '1' } },
			json(responses.text),
		]);
		expect((await bench.client().createResponse(REQUEST)).status).toBe('completed');
		expect(bench.server.requests).toHaveLength(3);
	});

	test('is one of the list of models too', async () => {
		bench.server.answer(compressed(gzipSync(BOMB), 'gzip', 403));
		const { details } = await failureOf(bench.client().listModels(once));
		expect(details).toMatchObject({ kind: 'http', status: 403 });
	});
});

describe('An error whose body drips', () => {
	beforeEach(() => {
		jest.useFakeTimers({
			doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
		});
	});
	afterEach(() => jest.useRealTimers());

	const begun = (status: number): Answer => ({
		...rateLimited({ 'retry-after': '7', ...AT_ONCE }),
		status,
		send: 'half',
		then: 'hang',
	});

	/** Until the headers are there: from then on the time runs that is waited for the body. */
	async function untilRead() {
		await bench.server.until(() => bench.server.requests.length === 1);
		while (jest.getTimerCount() < 2) await new Promise(setImmediate);
	}

	async function failureWithin(ms: number, timeout: number): Promise<GradientApiError> {
		const failure = failureOf(bench.call({ timeout }));
		await untilRead();
		await jest.advanceTimersByTimeAsync(ms);
		return await failure;
	}

	test.each([429, 503])('is waited for 5 s, then its status counts: %d', async (status) => {
		bench.server.answer(begun(status));
		let isSettled = false;
		const failure = failureOf(bench.call({ timeout: 60_000 })).finally(() => (isSettled = true));
		await untilRead();
		await jest.advanceTimersByTimeAsync(4_900);
		expect(isSettled).toBe(false);
		await jest.advanceTimersByTimeAsync(100);
		const { message, details } = await failure;
		expect(message).toMatch(/^\{"id":"too_many_requests"/);
		expect(details).toMatchObject({ kind: 'http', status, retryAfterMs: 7_000, attempts: 1 });
	});

	test('is not waited for beyond the timeout, and is no time-out all the same', async () => {
		bench.server.answer(begun(429));
		const { details } = await failureWithin(2_000, 2_000);
		expect(details).toMatchObject({ kind: 'http', status: 429, retryAfterMs: 7_000 });
	});
});

test('A cancel while the body of an error comes rejects with its reason', async () => {
	bench.server.answer({ ...rateLimited(), send: 'half', then: 'hang' });
	const controller = new AbortController();
	const reason = new Error('Stop');
	const ended = expect(bench.call({ signal: controller.signal })).rejects.toBe(reason);
	await bench.server.until(() => bench.server.requests.length === 1);
	setTimeout(() => controller.abort(reason), 50);
	await ended;
	await bench.server.until(() => bench.server.requests[0].closedEarly);
});

describe('An error whose body cannot be read', () => {
	test.each<[string, Answer, string]>([
		['wrongly compressed', compressed(Buffer.from('{"message":"No"}'), 'gzip'), 'The API answered'],
		[
			'of an encoding that objects have, but nobody knows',
			compressed(Buffer.from('{"message":"No"}'), 'constructor'),
			'No',
		],
		[
			'cut off',
			{ ...json({ message: 'No' }, { status: 500 }), send: 'half', then: 'close' },
			'{"me',
		],
		['reset', { ...json({ message: 'No' }, { status: 500 }), send: 'half', then: 'reset' }, '{"me'],
		['nested deep', raw('['.repeat(100_000), 'application/json', { status: 500 }), '[[[['],
		[
			'JSON, nested deep',
			raw(`{"m":${'['.repeat(9_999)}${']'.repeat(9_999)}}`, 'application/json', { status: 500 }),
			'{"m":[[[[',
		],
	])('keeps its status: %s', async (_what, answer, words) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(bench.call());
		expect(message.slice(0, words.length)).toBe(words);
		expect(details).toMatchObject({ kind: 'http', status: 500, requestId: 'req_1' });
	});
});

test('An answer of an encoding that objects have, but nobody knows, is read as it is', async () => {
	bench.server.answer(compressed(Buffer.from(JSON.stringify(responses.text)), 'constructor', 200));
	expect((await bench.call()).status).toBe('completed');
});

test('A retry is not said to make sense by a word that objects have', async () => {
	bench.server.answer(json({}, { status: 400, headers: { 'x-should-retry': 'constructor' } }));
	const { details } = await failureOf(bench.client().createResponse(REQUEST));
	expect(details.shouldRetry).toBeUndefined();
	expect(bench.server.requests).toHaveLength(1);
});
