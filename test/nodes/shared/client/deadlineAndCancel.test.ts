/** A request that is ended from here: by its deadline, or by a cancel. */
import { getEventListeners } from 'node:events';

import { pause } from '../../../../nodes/shared/client/pacing/retry';
import { type Answer, hang, json } from '../../../support/answers';
import { responses } from '../../../support/responses';
import { REQUEST, allOf, failureOf, useServer } from './support';

const bench = useServer();

const inMidBody: Answer = { json: responses.text, send: 'half', then: 'hang' };

describe('A deadline', () => {
	test.each<[string, Answer]>([
		['before the headers', hang()],
		['in mid-body', inMidBody],
		['in a body that trickles', { chunks: Array<string>(16).fill(' '), gapMs: 50 }],
	])('ends the request %s, and closes its connection', async (_when, answer) => {
		bench.server.answer(answer);
		const error = await failureOf(bench.call({ timeout: 600 }));
		expect(error.message).toBe('No complete answer came within 0.6 s');
		expect(error.details).toEqual({ kind: 'timeout', attempts: 1 });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('is not the end of a request that is answered in time', async () => {
		bench.server.answer(json(responses.text, { delayMs: 30 }));
		expect((await bench.call({ timeout: 5_000 })).status).toBe('completed');
	});

	test.each([0, 2 ** 31 - 1, 2 ** 31, 2 ** 40, Infinity])(
		'of %d ms does not end a request at once',
		async (timeout) => {
			bench.server.answer(json(responses.text, { delayMs: 60 }));
			expect((await bench.call({ timeout })).status).toBe('completed');
		},
	);

	test('begins anew with each attempt', async () => {
		const slow = { delayMs: 600, headers: { 'retry-after-ms': '600' } };
		bench.server.answer([json({}, { ...slow, status: 503 }), json(responses.text, slow)]);
		const response = await bench.client().createResponse(REQUEST, { timeout: 1_500 });
		expect(response.status).toBe('completed');
	});

	test('never says "canceled", which n8n takes for a press of Stop', async () => {
		bench.server.answer(hang());
		expect(allOf(await failureOf(bench.call({ timeout: 20 })))).not.toMatch(/cancell?ed/i);
	});
});

describe('A cancel', () => {
	test.each<[string, Answer]>([
		['before the headers', hang()],
		['in mid-body', inMidBody],
	])('ends the request %s with its reason, and closes its connection', async (_when, answer) => {
		bench.server.answer(answer);
		const controller = new AbortController();
		const reason = new Error('Stop');
		const ended = expect(bench.call({ signal: controller.signal })).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests.length === 1);
		await pause(30);
		expect(bench.server.requests[0].closedEarly).toBe(false);

		controller.abort(reason);

		await ended;
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
	});

	test('without a reason gives that of the platform', async () => {
		bench.server.answer(hang());
		const controller = new AbortController();
		const ended = expect(bench.call({ signal: controller.signal })).rejects.toBeInstanceOf(
			DOMException,
		);
		await bench.server.until(() => bench.server.requests.length === 1);
		controller.abort();
		await ended;
	});

	test('before the call sends nothing', async () => {
		const reason = new Error('Stop');
		await expect(bench.call({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		expect(bench.server.requests).toEqual([]);
	});

	test('after the call does nothing, and no listener is left behind', async () => {
		const controller = new AbortController();
		await bench.call({ signal: controller.signal });
		bench.server.answer(json({}, { status: 400 }));
		await failureOf(bench.call({ signal: controller.signal }));
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
	});

	test('of one call leaves the others alone', async () => {
		const client = bench.client();
		const controller = new AbortController();
		const reason = new Error('Stop');
		bench.server.answer(({ body }) =>
			(body as typeof REQUEST).input === 'Hello' ? undefined : hang(),
		);
		const ended = expect(
			client.createResponse({ ...REQUEST, input: 'Hang' }, { signal: controller.signal }),
		).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests.length === 1);
		const other = client.createResponse(REQUEST);
		controller.abort(reason);
		await ended;
		expect((await other).text).toBe('Echo: Hello');
	});
});
