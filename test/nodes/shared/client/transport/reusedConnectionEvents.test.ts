/** What undici tells of a connection, step by step: without the client, whose own words would hide it. */
import { type Socket, connect } from 'node:net';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { Agent, type Dispatcher, type buildConnector } from 'undici';

import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import {
	countingPool,
	withRepeatOnFresh,
} from '../../../../../nodes/shared/client/transport/reusedConnection';
import { RawServer, type Serve, okBytes } from '../../../../support/rawServer';

const ANSWER = okBytes({ ok: true });

const server = new RawServer();
beforeAll(async () => await server.listen());
afterEach(() => server.reset());
afterAll(async () => await server.close());

type Connect = (target: { port: string }, done: (error: null, socket: Socket) => void) => void;

const poolOf = (connect: Connect): Dispatcher => countingPool(server.url, { connect });

/** As the client has it: closes a pool when none of its connections is left. */
const agentOf = (connect: Connect): Dispatcher =>
	new Agent({ connect: connect as buildConnector.connector, factory: countingPool });

/** Connections to the server, of which our ends may break as they like. */
class Connections {
	readonly sockets: Socket[] = [];
	private readonly dispatcher: Dispatcher;
	private readonly repeating: Dispatcher;

	constructor(dispatcherOf = poolOf) {
		this.dispatcher = dispatcherOf(({ port }, done) => {
			const socket = connect(Number(port), '127.0.0.1', () => done(null, socket));
			this.sockets.push(socket);
		});
		this.repeating = withRepeatOnFresh(this.dispatcher);
	}

	/** One request: the status of its answer and the whole of it, or what it failed with. */
	async send(): Promise<[number, string]> {
		const answer = await new Promise<[number, string]>((resolve, reject) => {
			let status = 0;
			const chunks: Buffer[] = [];
			this.dispatch({
				// without it undici takes the handler for one of its older kind
				onRequestStart: () => {},
				onResponseStart: (_controller, statusCode) => (status = statusCode),
				onResponseData: (_controller, chunk) => chunks.push(chunk),
				onResponseEnd: () => resolve([status, Buffer.concat(chunks).toString()]),
				onResponseError: (_controller, error) => reject(error),
			});
		});
		// undici takes a connection back only now
		await afterOthers();
		return answer;
	}

	dispatch(handler: Dispatcher.DispatchHandler) {
		const body = '{}';
		this.repeating.dispatch({ origin: server.url, path: '/', method: 'POST', body }, handler);
	}

	async close() {
		await this.dispatcher.destroy();
	}
}

let connections: Connections;
beforeEach(() => (connections = new Connections()));
afterEach(async () => await connections.close());

const OK = [200, '{"ok":true}'];

/** What a request fails with. */
const failureOfSending = async (): Promise<NodeJS.ErrnoException> =>
	await connections.send().then(
		(answer) => new Error(`It did not fail, but gave ${answer.join(' ')}`),
		(error: NodeJS.ErrnoException) => error,
	);

/** Answers so many requests, and does this with all further ones. */
const answerThen =
	(answered: number, further: (socket: Socket) => unknown): Serve =>
	(socket) =>
		void (server.requests <= answered ? socket.write(ANSWER) : further(socket));

/** As Node makes it of a connection that is gone. */
const broken = (code: string) => Object.assign(new Error(`write ${code}`), { code });

describe('A connection that served before', () => {
	test.each(['EPIPE', 'ECONNRESET'])(
		'is replaced at once where it breaks with %s before a byte came',
		async (code) => {
			server.serve = (socket, count) => {
				if (count === 1) socket.write(ANSWER);
				else connections.sockets[0].destroy(broken(code));
			};
			await connections.send();
			expect(await connections.send()).toEqual(OK);
			expect([server.requests, server.connections]).toEqual([3, 2]);
		},
	);

	test.each([
		['EPIPE', 'a pool', poolOf],
		['ECONNRESET', 'a pool', poolOf],
		['EPIPE', 'an agent', agentOf],
		['ECONNRESET', 'an agent', agentOf],
	])(
		'is replaced at once where it breaks with %s before the request was written: of %s',
		async (code, _what, dispatcherOf) => {
			connections = new Connections(dispatcherOf);
			server.serve = (socket) => void socket.write(ANSWER);
			await connections.send();
			connections.sockets[0].destroy(broken(code));
			expect(await connections.send()).toEqual(OK);
			expect([server.requests, server.connections]).toEqual([2, 2]);
		},
	);

	test('is not replaced where it breaks with what is no word for its end', async () => {
		server.serve = answerThen(1, () => connections.sockets[0].destroy(broken('EIO')));
		await connections.send();
		expect((await failureOfSending()).code).toBe('EIO');
		expect(server.requests).toBe(2);
	});

	test('is replaced by a fresh one, though another one is idle', async () => {
		const waiting: Socket[] = [];
		server.serve = (socket, count) => {
			if (server.requests <= 2) {
				waiting.push(socket);
				// together, so that there are two connections
				if (waiting.length === 2) for (const one of waiting) one.write(ANSWER);
			} else if (count > 1) socket.end();
			else socket.write(ANSWER);
		};
		await Promise.all([connections.send(), connections.send()]);
		expect(await connections.send()).toEqual(OK);
		expect([server.requests, server.connections]).toEqual([4, 3]);
	});

	test('has served nothing once it is replaced: a fresh one is not replaced', async () => {
		server.serve = (socket) => {
			if (server.requests === 1) socket.end(ANSWER);
			else socket.end();
		};
		await connections.send();
		while (!connections.sockets[0].destroyed) await afterOthers();
		expect((await failureOfSending()).code).toBe('UND_ERR_SOCKET');
		expect([server.requests, server.connections]).toEqual([2, 2]);
	});
});

describe('An answer that breaks off', () => {
	test.each([
		'H',
		'HTTP/1.1 200 OK\r\n',
		'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
		'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-len',
	])('within its headers is named so: %j', async (bytes) => {
		server.serve = (socket) => void socket.end(bytes);
		const failure = await failureOfSending();
		expect(failure).toBeInstanceOf(GradientApiError);
		expect(failure.message).toBe(
			`The answer broke off within its headers: ${new URL(server.url).host} closed the connection`,
		);
	});

	test.each([200, 201, 429])('after its headers is left to the reader: HTTP %d', async (status) => {
		server.serve = (socket) => {
			socket.end(`HTTP/1.1 ${status} Word\r\ncontent-length: 9\r\n\r\nabc`);
		};
		const failure = await failureOfSending();
		expect(failure).not.toBeInstanceOf(GradientApiError);
		expect(failure.code).toBe('UND_ERR_SOCKET');
	});
});

describe('A handler that hears not everything', () => {
	test('is told of the end', async () => {
		server.serve = (socket) => void socket.write(ANSWER);
		await new Promise<void>((resolve, reject) => {
			connections.dispatch({
				onRequestStart: () => {},
				onResponseEnd: () => resolve(),
				onResponseError: (_controller, error) => reject(error),
			});
		});
	});
});
