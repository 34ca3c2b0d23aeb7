import { getEventListeners } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { pause } from '../../../../nodes/Gradient/client/retry';
import { type Answer, hang, halfThenReset, json, raw, reset } from '../../../support/answers';
import { type GradientServer, startGradientServer } from '../../../support/gradientServer';
import { responses } from '../../../support/responses';
import { KEY, REQUEST, allOf, failureOf, useClients, useServer } from './support';

const bench = useServer();
const makeClient = useClients();

const inMidBody: Answer = { json: responses.text, send: 'half', then: 'hang' };

/** One call, without a retry. */
const call = async (options: { timeout?: number; signal?: AbortSignal } = {}) =>
	await bench.client().createResponse(REQUEST, { maxRetries: 0, ...options });

describe('A deadline', () => {
	test.each<[string, Answer]>([
		['before the headers', hang()],
		['in mid-body', inMidBody],
		['in a body that trickles', { chunks: Array<string>(8).fill(' '), gapMs: 50 }],
	])('ends the request %s, and closes its connection', async (_when, answer) => {
		bench.server.answer(answer);
		const error = await failureOf(call({ timeout: 100 }));
		expect(error.message).toBe('No complete answer came within 0.1 s');
		expect(error.details).toEqual({ kind: 'timeout', attempts: 1 });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('is not the end of a request that is answered in time', async () => {
		bench.server.answer(json(responses.text, { delayMs: 30 }));
		expect((await call({ timeout: 5_000 })).status).toBe('completed');
	});

	test.each([0, 2 ** 31 - 1, 2 ** 31, 2 ** 40, Infinity])(
		'of %d ms does not end a request at once',
		async (timeout) => {
			bench.server.answer(json(responses.text, { delayMs: 60 }));
			expect((await call({ timeout })).status).toBe('completed');
		},
	);

	test('begins anew with each attempt', async () => {
		const slow = { delayMs: 150, headers: { 'retry-after-ms': '150' } };
		bench.server.answer([json({}, { ...slow, status: 503 }), json(responses.text, slow)]);
		const response = await bench.client().createResponse(REQUEST, { timeout: 400 });
		expect(response.status).toBe('completed');
	});

	test('never says "canceled", which n8n takes for a press of Stop', async () => {
		bench.server.answer(hang());
		expect(allOf(await failureOf(call({ timeout: 20 })))).not.toMatch(/cancell?ed/i);
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
		const ended = expect(call({ signal: controller.signal })).rejects.toBe(reason);
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
		const ended = expect(call({ signal: controller.signal })).rejects.toBeInstanceOf(DOMException);
		await bench.server.until(() => bench.server.requests.length === 1);
		controller.abort();
		await ended;
	});

	test('before the call sends nothing', async () => {
		const reason = new Error('Stop');
		await expect(call({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		expect(bench.server.requests).toEqual([]);
	});

	test('after the call does nothing, and no listener is left behind', async () => {
		const controller = new AbortController();
		await call({ signal: controller.signal });
		bench.server.answer(json({}, { status: 400 }));
		await failureOf(call({ signal: controller.signal }));
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

describe('A lost connection', () => {
	const CLOSED = 'closed the connection before the whole answer had come';

	test.each<[string, Answer]>([
		['reset before the headers', reset()],
		['closed before the headers', { send: 'nothing', then: 'close' }],
		['reset within the body', halfThenReset(responses.text)],
		['closed within the body', { json: responses.text, send: 'half', then: 'close' }],
	])('is put into words: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(call());
		expect(message).toBe(`No answer came: ${new URL(bench.server.url).host} ${CLOSED}`);
		expect(details).toMatchObject({ kind: 'connection', attempts: 1 });
	});

	test('is put into words: nobody listens', async () => {
		const gone = await startGradientServer();
		const baseUrl = gone.url;
		await gone.close();
		const client = makeClient({ baseUrl });
		const { message, details } = await failureOf(client.listModels({ maxRetries: 0 }));
		expect(message).toBe(`No answer came: ${new URL(baseUrl).host} refused the connection`);
		expect(details).toEqual({ kind: 'connection', code: 'ECONNREFUSED', attempts: 1 });
	});

	test('is put into words: an unknown host name', async () => {
		const client = makeClient({ baseUrl: 'https://gradient.invalid' });
		const { message, details } = await failureOf(client.listModels({ maxRetries: 0 }));
		expect(message).toMatch(/^No answer came: the host name gradient\.invalid /);
		expect(details.kind).toBe('connection');
	});
});

describe('A 200 that is not JSON', () => {
	test.each<[string, Answer, string]>([
		['is empty', raw('', 'application/json'), 'The API answered with HTTP 200'],
		['is text', raw('Hello', 'text/plain'), 'Hello'],
		['is cut', raw('{"output": [', 'application/json'), '{"output": ['],
		[
			'is a page',
			raw('<!doctype html><title>Sign in</title>', 'text/html'),
			'The server sent a web page: Sign in',
		],
	])('says that it %s', async (_what, answer, words) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(call());
		expect(message).toBe(`The answer is not JSON. ${words}`);
		expect(details).toMatchObject({ kind: 'answer', status: 200, requestId: 'req_1', attempts: 1 });
	});

	test('without content is one too', async () => {
		bench.server.answer({ status: 204 });
		const { details } = await failureOf(call());
		expect(details).toMatchObject({ kind: 'answer', status: 204 });
	});
});

describe('A compressed answer, which we do not ask for', () => {
	const text = JSON.stringify(responses.text);
	const compressed = (body: Buffer, encoding: string, extra: Partial<Answer> = {}): Answer => ({
		body,
		headers: { 'content-type': 'application/json', 'content-encoding': encoding },
		...extra,
	});

	test.each<[string, Buffer]>([
		['gzip', gzipSync(text)],
		['GZIP', gzipSync(text)],
		['x-gzip', gzipSync(text)],
		['deflate', deflateSync(text)],
		['br', brotliCompressSync(text)],
		['identity', Buffer.from(text)],
	])('is read: %s', async (encoding, body) => {
		bench.server.answer(compressed(body, encoding));
		expect((await call()).text).toBe('The capital of France is **Paris**.');
	});

	test('may be an error too', async () => {
		const body = gzipSync(JSON.stringify({ error: { message: 'No' } }));
		bench.server.answer(compressed(body, 'gzip', { status: 400 }));
		expect((await failureOf(call())).message).toBe('No');
	});

	test('is given up at 64 MB of what it holds', async () => {
		bench.server.answer(compressed(gzipSync(Buffer.alloc(100 * 2 ** 20, ' ')), 'gzip'));
		expect((await failureOf(call())).message).toBe('The answer is larger than 64 MB');
	});

	test('that is broken is a failure with words', async () => {
		bench.server.answer(compressed(Buffer.from(text), 'gzip'));
		expect((await failureOf(call())).message).toMatch(
			/^No answer came: the connection to .+ failed/,
		);
	});

	test('ends with a cancel, with its reason', async () => {
		const body = gzipSync(text);
		bench.server.answer(compressed(body, 'gzip', { send: 'half', then: 'hang' }));
		const controller = new AbortController();
		const reason = new Error('Stop');
		const ended = expect(call({ signal: controller.signal })).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests.length === 1);
		await pause(30);
		controller.abort(reason);
		await ended;
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});
});

describe('The request id', () => {
	let server: http.Server;
	let headers: http.OutgoingHttpHeaders;
	let body: string;

	beforeAll(async () => {
		server = http.createServer((_request, response) => response.writeHead(400, headers).end(body));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => server.close());

	const both = { 'x-request-id': 'from-header', 'cf-ray': 'from-cloudflare' };
	test.each<[string | undefined, string, http.OutgoingHttpHeaders]>([
		['from-body', '{"message":"m","request_id":"from-body"}', both],
		['from-body', '{"error":{"message":"m","request_id":"from-body"}}', both],
		['from-header', '{"message":"m"}', both],
		['from-header', '<html></html>', both],
		['from-cloudflare', '{"message":"m"}', { 'cf-ray': 'from-cloudflare' }],
		['from-cloudflare', 'text', { 'CF-Ray': ['from-cloudflare', 'other'] }],
		[undefined, '{"message":"m"}', {}],
	])('is %p for the body %s and the headers %j', async (requestId, sentBody, sentHeaders) => {
		[body, headers] = [sentBody, sentHeaders];
		const { port } = server.address() as AddressInfo;
		const client = makeClient({ baseUrl: `http://127.0.0.1:${port}` });
		const { details } = await failureOf(client.createResponse(REQUEST));
		expect(details.requestId).toBe(requestId);
	});
});

describe('A redirect', () => {
	let other: GradientServer;
	beforeAll(async () => {
		other = await startGradientServer();
	});
	afterAll(async () => await other.close());

	test.each([301, 302, 303, 307, 308])('with %d is never followed', async (status) => {
		const location = `${other.url}/v1/responses`;
		bench.server.answer(raw('', 'text/plain', { status, headers: { location } }));
		const { message, details } = await failureOf(call());
		expect(message).toBe(`The API answered with HTTP ${status}`);
		expect(details).toMatchObject({ kind: 'http', status, redirectedTo: location });
		expect(other.requests).toEqual([]);
		expect(bench.server.requests).toHaveLength(1);
	});

	test('is not followed within the same host either', async () => {
		bench.server.answer([{ status: 308, headers: { location: '/v1/responses/' } }]);
		const { details } = await failureOf(call());
		expect(details.redirectedTo).toBe('/v1/responses/');
		expect(bench.server.requests).toHaveLength(1);
	});

	test('is not seen in the location of another status', async () => {
		bench.server.answer(json({}, { status: 400, headers: { location: '/elsewhere' } }));
		expect((await failureOf(call())).details.redirectedTo).toBeUndefined();
	});
});

describe('A body without end', () => {
	const megabyte = Buffer.alloc(2 ** 20, ' ');

	test.each([200, 500])('is given up at 64 MB, with HTTP %d', async (status) => {
		bench.server.answer({ status, chunks: Array<Buffer>(400).fill(megabyte) });
		const { message, details } = await failureOf(call());
		expect(message).toBe('The answer is larger than 64 MB');
		expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('is read where it ends before', async () => {
		const blanks = Array<Buffer>(8).fill(megabyte);
		bench.server.answer({ chunks: [...blanks, JSON.stringify(responses.text)] });
		expect((await call()).status).toBe('completed');
	});
});

describe('The key', () => {
	test.each<[string, Answer]>([
		['JSON', json({ error: { message: `Incorrect key ${KEY}`, code: KEY } }, { status: 401 })],
		['deep JSON', json({ message: 'No', headers: [{ auth: `Bearer ${KEY}` }] }, { status: 400 })],
		['text', raw(`Bearer ${KEY} is unknown`, 'text/plain', { status: 403 })],
		['a page', raw(`<html><title>${KEY}</title>${KEY}`, 'text/html', { status: 404 })],
		['a page with 200', raw(`<html><title>${KEY}</title>${KEY}`, 'text/html')],
		['text with 200', raw(KEY, 'text/plain')],
		['a failed response', json({ ...responses.failed, error: { message: KEY }, echo: KEY })],
		['a response without output', json({ id: KEY, note: KEY })],
		['a long body', json({ message: KEY.repeat(2_000) }, { status: 400 })],
		['a redirect', { status: 302, headers: { location: `https://x.invalid/?key=${KEY}` } }],
		['a request id', json({ message: 'm', request_id: KEY }, { status: 400 })],
		['a header', json({ message: 'm' }, { status: 400, headers: { 'x-request-id': KEY } })],
	])('is in no error, though the server repeats it in %s', async (_what, answer) => {
		bench.server.answer(answer);
		const error = await failureOf(call());
		expect(allOf(error)).not.toContain(KEY);
		expect(allOf(error)).not.toContain('Bearer sk-');
		expect(allOf(error)).toContain('***');
	});

	test.each([
		['the message', json({ message: `${'x'.repeat(592)}${KEY} and so on` }, { status: 400 })],
		['the body', raw(`${'x'.repeat(3_992)}${KEY} and so on`, 'text/plain', { status: 400 })],
	])(
		'is in no error, not even the beginning of it, where %s is cut within it',
		async (_what, answer) => {
			bench.server.answer(answer);
			const error = await failureOf(call());
			expect(allOf(error)).not.toContain(KEY.slice(0, 5));
			expect(allOf(error)).toContain('x***…');
		},
	);

	test('is in no error, though the server repeats it in the list of models', async () => {
		bench.server.answer(json({ note: KEY }));
		expect(allOf(await failureOf(bench.client().listModels()))).not.toContain(KEY);
	});

	test.each<[string, Answer]>([
		['a lost connection', reset()],
		['a deadline', hang()],
		['an answer that is no HTTP', { send: 'nothing', then: 'close' }],
	])('is in no error after %s', async (_what, answer) => {
		bench.server.answer(answer);
		expect(allOf(await failureOf(call({ timeout: 50 })))).not.toContain(KEY);
	});
});
