/** A kept-alive connection that its server closes, as servers do after some time without a request. */
import type { Socket } from 'node:net';

import { pause } from '../../../../../nodes/shared/client/pacing/retry';
import { ProxyServer } from '../../../../support/proxyServer';
import { RawServer, type Serve, okBytes } from '../../../../support/rawServer';
import { PARIS, responses } from '../../../../support/responses';
import { startTlsServer } from '../../../../support/tls';
import { REQUEST, failureOf, once, useClients, useEnvironment } from '../support';
import { TestFilter } from './dispatcherSupport';

const ANSWER = okBytes(responses.text);

const server = new RawServer();
const makeClient = useClients();
const setEnvironment = useEnvironment();
beforeAll(async () => await server.listen());
afterEach(() => server.reset());
afterAll(async () => await server.close());

/** Answers the first request of each connection, and does this with all further ones. */
const answerFirst =
	(further: (socket: Socket) => void): Serve =>
	(socket, count) =>
		count === 1 ? void socket.write(ANSWER) : further(socket);

const CLOSES: Array<[string, (socket: Socket) => void]> = [
	['in order', (socket) => void socket.end()],
	['by a reset', (socket) => void socket.resetAndDestroy()],
];

/** One call that opens a connection, and one that is given to it again. Neither may be retried. */
async function callTwice(options: Parameters<typeof makeClient>[0] = {}) {
	const client = makeClient({ baseUrl: server.url, ...options });
	await client.createResponse(REQUEST, once);
	return await client.createResponse(REQUEST, once);
}

describe('A connection that served before and dies without a byte', () => {
	test.each(CLOSES)('is replaced at once, at Max Retries 0: closed %s', async (_how, close) => {
		server.serve = answerFirst(close);
		expect((await callTwice()).text).toBe(PARIS);
		expect([server.requests, server.connections]).toEqual([3, 2]);
	});

	test.each(CLOSES)('is replaced behind TLS too: closed %s', async (_how, close) => {
		server.serve = answerFirst(close);
		const tls = await startTlsServer(server.url);
		try {
			const answer = await callTwice({ baseUrl: tls.url, ignoreSslIssues: true });
			expect(answer.text).toBe(PARIS);
			expect(server.requests).toBe(3);
		} finally {
			await tls.close();
		}
	});

	test("is replaced behind n8n's egress filter too", async () => {
		server.serve = answerFirst((socket) => void socket.resetAndDestroy());
		expect((await callTwice({ egressFilter: new TestFilter() })).text).toBe(PARIS);
		expect(server.requests).toBe(3);
	});

	test('is replaced though the request is still being written', async () => {
		const input = 'x'.repeat(8 * 2 ** 20);
		const client = makeClient({ baseUrl: server.url });
		server.serve = (socket) => void socket.write(ANSWER);
		await client.createResponse(REQUEST, once);
		server.onBytes = (socket, count) => count > 1 && socket.resetAndDestroy();
		try {
			const { text } = await client.createResponse({ ...REQUEST, input }, once);
			expect(text).toBe(PARIS);
			expect([server.requests, server.connections]).toEqual([2, 2]);
		} finally {
			server.onBytes = () => {};
		}
	});

	test('is replaced through a proxy too', async () => {
		server.serve = answerFirst((socket) => void socket.end());
		const proxy = await new ProxyServer('tunnel').listen();
		try {
			setEnvironment({ ALL_PROXY: proxy.host });
			expect((await callTwice()).text).toBe(PARIS);
			expect(proxy.tunnels).toHaveLength(2);
		} finally {
			await proxy.close();
		}
	});

	test('is replaced once: what the fresh one does counts', async () => {
		let answered = 0;
		server.serve = (socket) => (answered++ ? socket.end() : socket.write(ANSWER));
		const { details } = await failureOf(callTwice());
		expect(details).toMatchObject({ kind: 'connection', attempts: 1 });
		expect([server.requests, server.connections]).toEqual([3, 2]);
	});

	test('is not counted as one of Max Retries', async () => {
		let failures = 1;
		server.serve = (socket, count) => {
			if (count > 1 || (server.requests > 1 && failures-- > 0)) socket.end();
			else socket.write(ANSWER);
		};
		const client = makeClient({ baseUrl: server.url });
		await client.createResponse(REQUEST, once);
		// the idle connection, the fresh one, and then the one retry
		expect((await client.createResponse(REQUEST, { maxRetries: 1 })).text).toBe(PARIS);
		expect(server.requests).toBe(4);
	});

	test('costs nobody an answer where all of them are closed after 5 ms', async () => {
		server.serve = (socket) => {
			socket.write(ANSWER);
			setTimeout(() => socket.destroy(), 5);
		};
		const client = makeClient({ baseUrl: server.url });
		let left = 200;
		const work = async () => {
			while (left-- > 0) {
				await client.createResponse(REQUEST, once);
				await pause(3 + Math.random() * 4);
			}
		};
		await Promise.all(Array.from({ length: 5 }, work));
		expect(server.connections).toBeGreaterThan(5);
	});
});

describe('A request is not sent once more', () => {
	test.each(CLOSES)('where a fresh connection dies: closed %s', async (_how, close) => {
		server.serve = close;
		const client = makeClient({ baseUrl: server.url });
		const { details } = await failureOf(client.createResponse(REQUEST, once));
		expect(details).toMatchObject({ kind: 'connection', attempts: 1 });
		expect(server.requests).toBe(1);
	});

	test.each(['H', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-len'])(
		'where a byte of the answer had come: %j',
		async (bytes) => {
			server.serve = answerFirst((socket) => void socket.end(bytes));
			const { details, message } = await failureOf(callTwice());
			expect(message).toContain('broke off within its headers');
			expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
			expect(server.requests).toBe(2);
		},
	);

	test('where it was stopped meanwhile', async () => {
		const controller = new AbortController();
		const reason = new Error('Stop');
		server.serve = answerFirst((socket) => {
			controller.abort(reason);
			socket.end();
		});
		const client = makeClient({ baseUrl: server.url });
		await client.createResponse(REQUEST, once);
		const call = client.createResponse(REQUEST, { ...once, signal: controller.signal });
		await expect(call).rejects.toBe(reason);
		await pause(50);
		expect(server.requests).toBe(2);
	});

	test('where the server kept it for longer than a round trip takes: it may have worked', async () => {
		const now = performance.now.bind(performance);
		const clock = jest.spyOn(performance, 'now');
		try {
			server.serve = answerFirst((socket) => {
				clock.mockImplementation(() => now() + 6_000);
				socket.end();
			});
			const { details } = await failureOf(callTwice());
			expect(details).toMatchObject({ kind: 'connection', attempts: 1 });
			expect(server.requests).toBe(2);
		} finally {
			clock.mockRestore();
		}
	});
});
