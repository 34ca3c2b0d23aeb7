import { getEventListeners } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Agent } from 'undici';

import { type HttpRequest, sendRequest } from '../../../../nodes/shared/client/http';
import { MAX_DEPTH } from '../../../../nodes/shared/client/limits';
import { pause } from '../../../../nodes/shared/client/pacing/retry';
import { NO_SECRETS } from '../../../../nodes/shared/client/redact';
import type { Deadline } from '../../../../nodes/shared/client/transport/abort';
import { type Answer, hang, halfThenReset, json, raw, reset } from '../../../support/answers';
import { type GradientServer, startGradientServer } from '../../../support/gradientServer';
import { PARIS, responses } from '../../../support/responses';
import { REQUEST, failureOf, once, useClients, useServer } from './support';

const bench = useServer();
const makeClient = useClients();

describe('A lost connection', () => {
	const CLOSED = 'closed the connection before the whole answer had come';

	test.each<[string, Answer]>([
		['reset before the headers', reset()],
		['closed before the headers', { send: 'nothing', then: 'close' }],
	])('is put into words: %s', async (_what, answer) => {
		bench.server.answer(answer);
		const { message, details } = await failureOf(bench.call());
		expect(message).toBe(`No answer came: ${new URL(bench.server.url).host} ${CLOSED}`);
		expect(details).toMatchObject({ kind: 'connection', attempts: 1 });
	});

	test.each<[string, Answer]>([
		['reset', halfThenReset(responses.text)],
		['closed', { json: responses.text, send: 'half', then: 'close' }],
	])(
		'within the body of a 200 is a broken answer, with its request id: %s',
		async (_what, answer) => {
			bench.server.answer(answer);
			const { message, details } = await failureOf(bench.call());
			expect(message).toBe(`The answer broke off: ${new URL(bench.server.url).host} ${CLOSED}`);
			expect(details).toMatchObject({ kind: 'answer', status: 200, requestId: 'req_1' });
		},
	);

	test('is put into words: nobody listens', async () => {
		const gone = await startGradientServer();
		const baseUrl = gone.url;
		await gone.close();
		const client = makeClient({ baseUrl });
		const { message, details } = await failureOf(client.listModels(once));
		expect(message).toBe(`No answer came: ${new URL(baseUrl).host} refused the connection`);
		expect(details).toEqual({ kind: 'connection', code: 'ECONNREFUSED', attempts: 1 });
	});

	test('is put into words: an unknown host name', async () => {
		const client = makeClient({ baseUrl: 'https://gradient.invalid' });
		const { message, details } = await failureOf(client.listModels(once));
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
		const { message, details } = await failureOf(bench.call());
		expect(message).toBe(`The answer is not JSON. ${words}`);
		expect(details).toMatchObject({ kind: 'answer', status: 200, requestId: 'req_1', attempts: 1 });
	});

	test('without content is one too', async () => {
		bench.server.answer({ status: 204 });
		const { details } = await failureOf(bench.call());
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
		expect((await bench.call()).text).toBe(PARIS);
	});

	test('may be an error too', async () => {
		const body = gzipSync(JSON.stringify({ error: { message: 'No' } }));
		bench.server.answer(compressed(body, 'gzip', { status: 400 }));
		expect((await failureOf(bench.call())).message).toBe('No');
	});

	test('is given up at 16 MB of what it holds', async () => {
		bench.server.answer(compressed(gzipSync(Buffer.alloc(100 * 2 ** 20, ' ')), 'gzip'));
		expect((await failureOf(bench.call())).message).toBe('The answer is larger than 16 MB');
	});

	test('that is broken is a failure with words', async () => {
		bench.server.answer(compressed(Buffer.from(text), 'gzip'));
		expect((await failureOf(bench.call())).message).toMatch(
			/^The answer broke off: what 127\.0\.0\.1:\d+ sent cannot be decompressed/,
		);
	});

	test('ends with a cancel, with its reason', async () => {
		const body = gzipSync(text);
		bench.server.answer(compressed(body, 'gzip', { send: 'half', then: 'hang' }));
		const controller = new AbortController();
		const reason = new Error('Stop');
		const ended = expect(bench.call({ signal: controller.signal })).rejects.toBe(reason);
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

	test.each([300, 301, 302, 303, 307, 308])('with %d is never followed', async (status) => {
		const location = `${other.url}/v1/responses`;
		bench.server.answer(raw('', 'text/plain', { status, headers: { location } }));
		const { message, details } = await failureOf(bench.call());
		expect(message).toBe(`The API answered with HTTP ${status}`);
		expect(details).toMatchObject({ kind: 'http', status, redirectedTo: location });
		expect(other.requests).toEqual([]);
		expect(bench.server.requests).toHaveLength(1);
	});

	test('is not followed within the same host either', async () => {
		bench.server.answer([{ status: 308, headers: { location: '/v1/responses/' } }]);
		const { details } = await failureOf(bench.call());
		expect(details.redirectedTo).toBe('/v1/responses/');
		expect(bench.server.requests).toHaveLength(1);
	});

	test('is not seen in the location of another status', async () => {
		bench.server.answer(json({}, { status: 400, headers: { location: '/elsewhere' } }));
		expect((await failureOf(bench.call())).details.redirectedTo).toBeUndefined();
	});

	test('is not seen in the location of a 200 that is not JSON', async () => {
		bench.server.answer(raw('Hello', 'text/plain', { headers: { location: '/elsewhere' } }));
		const { details } = await failureOf(bench.call());
		expect(details.kind).toBe('answer');
		expect(details.redirectedTo).toBeUndefined();
	});
});

describe('The word of the API on a retry', () => {
	test.each([
		['true', true],
		['false', false],
		['TRUE', undefined],
		['', undefined],
		[undefined, undefined],
	])('is read of x-should-retry: %p', async (said, expected) => {
		const headers = said === undefined ? {} : { 'x-should-retry': said };
		bench.server.answer(json({ message: 'No' }, { status: 400, headers }));
		const { details } = await failureOf(bench.call());
		expect(details.shouldRetry).toBe(expected);
	});
});

test('An answer that holds too much of something says of what', async () => {
	const deep = '['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1);
	bench.server.answer(raw(`{"output":${deep}}`, 'application/json'));
	const { message, details } = await failureOf(bench.call());
	expect(message).toBe('The answer is nested deeper than 200 levels');
	expect(details).toEqual({ kind: 'answer', attempts: 1 });
});

test('An answer that does not come in time says in how many seconds', async () => {
	bench.server.answer(hang());
	const { message, details } = await failureOf(bench.call({ timeout: 20 }));
	expect(message).toBe('No complete answer came within 0.02 s');
	expect(details).toEqual({ kind: 'timeout', attempts: 1 });
});

test('The way of a router is of no interest to who did not ask for it', async () => {
	const headers = { 'x-model-router-selected-route': 'general' };
	bench.server.answer(json({ data: [{ id: 'a' }] }, { headers }));
	expect(await bench.client().listModels()).toEqual([{ id: 'a' }]);
});

describe('A request', () => {
	const agent = new Agent();
	afterAll(async () => await agent.close());

	const send = async (more: Partial<HttpRequest>) =>
		await sendRequest(agent, {
			method: 'GET',
			url: new URL(`${bench.server.url}/v1/models`),
			headers: {},
			timeout: 0,
			secrets: NO_SECRETS,
			inFlight: new Set(),
			...more,
		});

	test.each<[string, Answer]>([
		['an answer', json({ data: [] })],
		['a failure', json({ message: 'No' }, { status: 400 })],
		['a lost connection', reset()],
	])('is in flight until %s comes, and leaves nothing behind', async (_what, answer) => {
		const inFlight = new Set<Deadline>();
		const { signal } = new AbortController();
		let before = 0;
		bench.server.answer(() => {
			before = inFlight.size;
			return answer;
		});
		await send({ inFlight, signal }).catch(() => undefined);
		expect([before, inFlight.size]).toEqual([1, 0]);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	test('that fails on its own, while it is cancelled, says what it failed with', async () => {
		const controller = new AbortController();
		const onHeaders = () => {
			controller.abort(new Error('Stop'));
			throw new Error('The headers were too much');
		};
		const { message, details } = await failureOf(send({ onHeaders, signal: controller.signal }));
		expect(message).toContain('The headers were too much');
		expect(details).toMatchObject({ kind: 'answer', status: 200 });
	});
});

describe('A body without end', () => {
	const megabyte = Buffer.alloc(2 ** 20, ' ');

	test('is given up at 16 MB', async () => {
		bench.server.answer({ chunks: Array<Buffer>(400).fill(megabyte) });
		const { message, details } = await failureOf(bench.call());
		expect(message).toBe('The answer is larger than 16 MB');
		expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});

	test('is read where it ends before', async () => {
		const blanks = Array<Buffer>(8).fill(megabyte);
		bench.server.answer({ chunks: [...blanks, JSON.stringify(responses.text)] });
		expect((await bench.call()).status).toBe('completed');
	});
});
