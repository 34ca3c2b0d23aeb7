/** What goes with a call, what comes back beside the answer, and what is said of its failure. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json, raw, reset } from '../../../support/answers';
import { textResponse } from '../../../support/responses';
import { DONE, frame, typedEvents } from '../../../support/streams';
import { KEY, REQUEST, allOf, failureOf, once, useServer } from './support';

const bench = useServer();

const STREAMED = { ...REQUEST, stream: true };

/** The headers of the only request. */
function sentHeaders() {
	expect(bench.server.requests).toHaveLength(1);
	return bench.server.requests[0].headers;
}

describe('A request', () => {
	test.each([
		[undefined, 'application/json'],
		[false, 'application/json'],
		[true, 'text/event-stream'],
	])('with stream %p accepts %s', async (stream, accept) => {
		await bench.client().createResponse({ ...REQUEST, stream });
		expect(sentHeaders().accept).toBe(accept);
	});

	test('says what it belongs to, where it is told', async () => {
		await bench.client().createResponse(REQUEST, { affinity: 'execution-7' });
		expect(sentHeaders()['x-model-affinity']).toBe('execution-7');
	});

	test.each([undefined, ''])('says nothing of what it belongs to for %p', async (affinity) => {
		await bench.client().createResponse(REQUEST, { affinity });
		expect(sentHeaders()).not.toHaveProperty('x-model-affinity');
	});
});

describe("A router's way", () => {
	const headers = { 'x-model-router-selected-route': 'coding' };

	test('is told with the answer', async () => {
		bench.server.answer(json(textResponse('Hi'), { headers }));
		expect(await bench.client().createResponse(REQUEST)).toMatchObject({
			text: 'Hi',
			route: 'coding',
		});
	});

	test('is told with a stream', async () => {
		const events = [...typedEvents(textResponse('Hi')).map(frame), DONE];
		bench.server.answer(eventStream(events, { headers }));
		expect((await bench.client().createResponse(STREAMED)).route).toBe('coding');
	});

	test('is no part of an answer that names none', async () => {
		expect(await bench.client().createResponse(REQUEST)).not.toHaveProperty('route');
	});
});

describe('A secret within the request', () => {
	const HIDDEN = 'tool-secret-987654';
	const hidden = [HIDDEN];
	const repeating = () => json(textResponse(`I saw ${HIDDEN} and ${KEY}`, { tools: [{ HIDDEN }] }));

	test('is not seen of the answer, nor is the key', async () => {
		bench.server.answer(repeating());
		const response = await bench.client().createResponse(REQUEST, { hidden });
		expect(response.text).toBe('I saw *** and ***');
		expect(JSON.stringify(response)).not.toContain(HIDDEN);
	});

	test.each([undefined, []])('is only what was named as one: %p', async (none) => {
		bench.server.answer(repeating());
		const response = await bench.client().createResponse(REQUEST, { hidden: none });
		expect(response.text).toBe(`I saw ${HIDDEN} and ${KEY}`);
	});

	test.each<[string, Answer]>([
		['a refusal', json({ message: `${HIDDEN} is unknown`, echo: HIDDEN }, { status: 400 })],
		['a failed response', json({ status: 'failed', error: { message: HIDDEN } })],
		['what is no JSON', raw(`<p>${HIDDEN}`, 'text/plain')],
	])('is not seen of %s', async (_what, answer) => {
		bench.server.answer(answer);
		const error = await failureOf(bench.client().createResponse(REQUEST, { hidden }));
		expect(allOf(error)).not.toContain(HIDDEN);
		expect(error.message).toContain('***');
	});
});

describe('The wait before a request is sent again', () => {
	const unavailable = (wait: number): Answer =>
		json({}, { status: 503, headers: { 'retry-after-ms': String(wait) } });

	async function waitsOf(answers: Answer[], options = {}) {
		const onWait = jest.fn();
		bench.server.answer(answers);
		await bench
			.client({ onWait })
			.createResponse(REQUEST, options)
			.catch(() => undefined);
		return onWait.mock.calls;
	}

	test('is told', async () => {
		expect(await waitsOf([unavailable(2), unavailable(3)])).toEqual([[2], [3]]);
	});

	test('is not told where the request is not sent again', async () => {
		expect(await waitsOf([unavailable(2)], once)).toEqual([]);
		expect(await waitsOf([unavailable(2), unavailable(3)], { maxRetries: 1 })).toEqual([[2]]);
	});

	test('is none after a failure that stays', async () => {
		expect(await waitsOf([json({ message: 'No' }, { status: 400 })])).toEqual([]);
	});
});

describe('A time-out of a gateway', () => {
	const answered = (status: number, said?: string) =>
		json(
			{ message: 'Too late' },
			{
				status,
				headers: { 'retry-after-ms': '1', ...(said !== undefined && { 'x-should-retry': said }) },
			},
		);

	const failed = async (answer: Answer, request: IDataObject = {}, options = {}) => {
		bench.server.answer(answer);
		const call = bench.client().createResponse({ ...REQUEST, ...request }, options);
		return (await failureOf(call)).details;
	};

	test.each([504, 524])(
		'with %d says that the model may go on, so that nothing is sent again',
		async (status) => {
			const details = await failed(answered(status));
			expect(details).toMatchObject({ kind: 'http', status, mayRunOn: true, attempts: 1 });
		},
	);

	test.each([504, 524])('with %d says nothing of it to a stream', async (status) => {
		const details = await failed(answered(status), { stream: true });
		expect(details).toMatchObject({ kind: 'http', status, attempts: 3 });
		expect(details.mayRunOn).toBeUndefined();
	});

	test('is another thing where the API itself says that a retry makes sense', async () => {
		const details = await failed(answered(504, 'true'));
		expect(details).toMatchObject({ status: 504, shouldRetry: true, attempts: 3 });
		expect(details.mayRunOn).toBeUndefined();
	});

	test('is one where the API says that a retry makes no sense', async () => {
		expect((await failed(answered(504, 'false'))).mayRunOn).toBe(true);
	});

	test.each<[string, Answer]>([
		['another failure', answered(502)],
		['a refusal', answered(400)],
		['a lost connection', reset()],
	])('is not %s', async (_what, answer) => {
		expect((await failed(answer, {}, once)).mayRunOn).toBeUndefined();
	});
});

describe('The model that was asked', () => {
	const refusedWith = async (status: number, model: string) => {
		bench.server.answer(json({ message: 'No' }, { status }));
		return (await failureOf(bench.client().createResponse({ ...REQUEST, model }, once))).details;
	};

	test.each([403, 404])('is told with a %d', async (status) => {
		expect(await refusedWith(status, 'kimi-k2.6')).toMatchObject({ status, model: 'kimi-k2.6' });
	});

	test.each([400, 401, 402, 405, 500])('is not told with a %d', async (status) => {
		expect(await refusedWith(status, 'kimi-k2.6')).not.toHaveProperty('model');
	});

	test('is cut at 100 characters', async () => {
		expect((await refusedWith(404, 'm'.repeat(100))).model).toBe('m'.repeat(100));
		expect((await refusedWith(404, 'm'.repeat(101))).model).toBe('m'.repeat(100));
	});

	test('is not told where none was asked', async () => {
		expect(await refusedWith(404, '')).not.toHaveProperty('model');
		const { details } = await failureOf(bench.client().listModels(once));
		expect(details).toMatchObject({ status: 404 });
		expect(details).not.toHaveProperty('model');
	});
});

test.each([
	['in one piece', REQUEST],
	['as a stream', STREAMED],
])('A cancel ends a call for an answer %s with its own reason', async (_what, request) => {
	const controller = new AbortController();
	const reason = { why: 'Stop' };
	bench.server.answer(() => {
		controller.abort(reason);
		return { send: 'nothing', then: 'hang' };
	});
	const call = bench.client().createResponse(request, { signal: controller.signal });
	await expect(call).rejects.toBe(reason);
});

test('The list of models is not sent again after a refusal of the limits: somebody waits for it', async () => {
	bench.server.answer([json({}, { status: 429, headers: { 'retry-after-ms': '1' } })]);
	const { details } = await failureOf(bench.client().listModels(once));
	expect(details).toMatchObject({ status: 429, attempts: 1 });
	expect(bench.server.requests).toHaveLength(1);
});
