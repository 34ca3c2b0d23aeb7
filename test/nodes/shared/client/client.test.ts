import { pause } from '../../../../nodes/shared/client/pacing/retry';
import { DEFAULT_BASE_URL } from '../../../../nodes/shared/client/transport/baseUrl';
import { type Answer, json, raw } from '../../../support/answers';
import { PARIS, functionCall, responses, textResponse } from '../../../support/responses';
import { KEY, REQUEST, allOf, failureOf, thrownBy, useClients, useServer } from './support';

const bench = useServer();

describe('createResponse', () => {
	test('posts the request as it is, with key and user agent', async () => {
		const request = {
			...REQUEST,
			instructions: null,
			temperature: 0.5,
			unknown_field: { deep: [1] },
		};
		await bench.client({ userAgent: 'n8n-tests/7' }).createResponse(request);

		expect(bench.server.requests).toHaveLength(1);
		const [{ method, path, headers, rawBody }] = bench.server.requests;
		expect([method, path]).toEqual(['POST', '/v1/responses']);
		expect(rawBody).toBe(JSON.stringify(request));
		expect(headers).toEqual({
			host: new URL(bench.server.url).host,
			connection: 'keep-alive',
			authorization: `Bearer ${KEY}`,
			accept: 'application/json',
			'content-type': 'application/json',
			'content-length': String(rawBody.length),
			'user-agent': 'n8n-tests/7',
		});
	});

	test('sends and reads text in any language', async () => {
		const input = 'Grüße, 世界 🌍 \u2028 "\\';
		const { text } = await bench.client().createResponse({ ...REQUEST, input });
		expect(bench.server.bodies[0].input).toBe(input);
		expect(text).toBe(`Echo: ${input}`);
	});

	test('reads a character that arrives in two pieces', async () => {
		const body = Buffer.from(JSON.stringify(textResponse('Paris 🌍')));
		const cut = body.indexOf(Buffer.from('🌍')) + 2;
		const chunks = [body.subarray(0, cut), body.subarray(cut)];
		bench.server.answer({ chunks, gapMs: 20, headers: { 'content-type': 'application/json' } });
		expect((await bench.client().createResponse(REQUEST)).text).toBe('Paris 🌍');
	});

	test.each<[string, Answer]>([
		['with a byte order mark', raw(`\uFEFF${JSON.stringify(responses.text)}`, 'application/json')],
		['with another content type', raw(JSON.stringify(responses.text), 'text/html')],
		['with the status 201', json(responses.text, { status: 201 })],
	])('reads JSON %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { text } = await bench.client().createResponse(REQUEST);
		expect(text).toBe(PARIS);
	});

	test('gives the answer as the server sent it, also words that happen to be the key', async () => {
		const items = [functionCall('f', '{"mode":"none"}')];
		bench.server.answer(json(textResponse('none', { output: [...items, ...textOf('none')] })));
		const { text, toolCalls } = await bench.client({ apiKey: 'none' }).createResponse(REQUEST);
		expect(text).toBe('none');
		expect(toolCalls[0].arguments).toEqual({ mode: 'none' });
	});

	test('counts the attempts of a 200 that is a failure', async () => {
		bench.server.answer([json({}, { status: 503, headers: { 'retry-after-ms': '1' } }), json({})]);
		const { details } = await failureOf(bench.client().createResponse(REQUEST));
		expect(details).toMatchObject({ kind: 'answer', status: 200, attempts: 2 });
	});
});

const textOf = (text: string) => textResponse(text).output ?? [];

describe('listModels', () => {
	test('gets the catalogue, without a body', async () => {
		const models = await bench.client().listModels();

		expect(models).toHaveLength(8);
		const [{ method, path, headers, rawBody }] = bench.server.requests;
		expect([method, path, rawBody]).toEqual(['GET', '/v1/models', '']);
		expect(headers).toMatchObject({ authorization: `Bearer ${KEY}`, accept: 'application/json' });
		expect(headers).not.toHaveProperty('content-type');
	});

	test('fails where the answer holds no list', async () => {
		bench.server.answer(json({ object: 'list' }));
		const { message, details } = await failureOf(bench.client().listModels());
		expect(message).toBe('The API answered without a list of models');
		expect(details).toMatchObject({ kind: 'answer', status: 200, attempts: 1 });
	});

	test('fails where the key is refused', async () => {
		bench.server.requireKey('sk-do-other');
		const { message, details } = await failureOf(bench.client().listModels());
		expect(message).toBe('Unable to authenticate you.');
		expect(details).toMatchObject({ kind: 'http', status: 401, type: 'unauthorized' });
	});
});

describe('The base URL of a client', () => {
	const makeClient = useClients();

	test("is DigitalOcean's by default", () => {
		expect(makeClient().baseUrl).toBe(DEFAULT_BASE_URL);
		expect(makeClient({ baseUrl: '' }).baseUrl).toBe(DEFAULT_BASE_URL);
	});

	test.each([
		['', '/v1/models'],
		['/', '/v1/models'],
		['/v1', '/v1/models'],
		['/v1/', '/v1/models'],
		['/gateway', '/gateway/v1/models'],
		['/gateway/v1/', '/gateway/v1/models'],
	])('ending in %j leads to %s', async (ending, path) => {
		bench.server.answer(json({ data: [] }));
		await bench.client({ baseUrl: bench.server.url + ending }).listModels();
		expect(bench.server.requests.map((request) => request.path)).toEqual([path]);
	});

	test.each([
		'http://inference.do-ai.run',
		'ftp://127.0.0.1',
		'https://user:secret@127.0.0.1',
		'http://127.0.0.1/\r\nx: y',
	])('is refused before anything is sent: %j', async (baseUrl) => {
		const { message, details } = await thrownBy(() => makeClient({ baseUrl }));
		expect(message).toMatch(/^'Base URL' in the credential /);
		expect(message).not.toContain('secret');
		expect(details).toEqual({ kind: 'settings' });
	});
});

describe('The key of a client', () => {
	test.each([
		['', 'is empty'],
		['  \n', 'is empty'],
		['sk-do 123', 'holds a blank'],
		['sk-do\n123', 'holds a blank'],
		['sk-do\r\nx-evil: 1', 'holds a blank'],
		['sk-do\t123', 'holds a blank'],
		['sk-do\u0000123', 'holds a blank'],
		['sk-do\u007f123', 'holds a blank'],
		['sk-do\u00a0123', 'holds a blank'],
		['sk-do\u200b123', 'holds a blank'],
		['sk-dö-123', 'holds a blank'],
		['sk-do-…', 'holds a blank'],
	])('is refused before anything is sent: %j', async (apiKey, words) => {
		const error = await thrownBy(() => bench.client({ apiKey }));
		expect(error.message).toMatch(/^'Model Access Key' in the credential /);
		expect(error.message).toContain(words);
		expect(error.details).toEqual({ kind: 'settings' });
		if (apiKey.trim()) expect(allOf(error)).not.toContain(apiKey);
		expect(bench.server.requests).toEqual([]);
	});

	test('may have blanks and line breaks around it, as pasted keys have', async () => {
		await bench.client({ apiKey: ` ${KEY}\r\n` }).listModels();
		expect(bench.server.requests[0].headers.authorization).toBe(`Bearer ${KEY}`);
	});
});

describe('The delay between requests', () => {
	// no request arrives before it starts, so these hold on a busy machine too
	const arrivalsSince = (began: number) =>
		bench.server.requests.map(({ receivedAt }) => receivedAt - began);

	test('spaces the starts of calls that are made at once', async () => {
		const client = bench.client({ delayBetweenRequests: 80 });
		const began = performance.now();
		await Promise.all(Array.from({ length: 4 }, async () => await client.createResponse(REQUEST)));
		const arrivals = arrivalsSince(began);
		expect(arrivals).toHaveLength(4);
		arrivals.forEach((arrival, i) => expect(arrival).toBeGreaterThanOrEqual(i * 80));
	});

	test('counts for retries too', async () => {
		bench.server.answer([json({}, { status: 503, headers: { 'retry-after-ms': '1' } })]);
		const began = performance.now();
		await bench.client({ delayBetweenRequests: 150 }).createResponse(REQUEST);
		expect(arrivalsSince(began)[1]).toBeGreaterThanOrEqual(150);
	});

	test('ends with a cancel, and the request is not sent', async () => {
		const client = bench.client({ delayBetweenRequests: 3_600_000 });
		await client.createResponse(REQUEST);
		const controller = new AbortController();
		const reason = new Error('Stop');
		const call = client.createResponse(REQUEST, { signal: controller.signal });
		const ended = expect(call).rejects.toBe(reason);
		await pause(20);

		controller.abort(reason);

		await ended;
		expect(bench.server.requests).toHaveLength(1);
	});
});
