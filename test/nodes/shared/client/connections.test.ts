/** Which requests share connections, and for how long those stand. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import type { GradientClient, GradientClientOptions } from '../../../../nodes/shared/client';
import { hang, json } from '../../../support/answers';
import { ProxyServer } from '../../../support/proxyServer';
import { responses } from '../../../support/responses';
import { REQUEST, failureOf, once, useEnvironment, useServer } from './support';
import { TestFilter } from './transport/dispatcherSupport';

const bench = useServer();
const setEnvironment = useEnvironment();

/** What a server needs of a process whose timers are not real. */
const REAL = ['Date', 'nextTick', 'setImmediate', 'queueMicrotask', 'performance'] as const;

/** As many calls as asked for, `concurrency` at a time. */
async function callOften(count: number, concurrency: number, call: () => Promise<unknown>) {
	let left = count;
	const work = async () => {
		while (left-- > 0) await call();
	};
	await Promise.all(Array.from({ length: concurrency }, work));
}

const usedConnections = () =>
	new Set(bench.server.requests.map(({ connection }) => connection)).size;

describe('There is one connection', () => {
	test('for calls one after the other, however fast', async () => {
		const client = bench.client();
		await callOften(30, 1, async () => await client.createResponse(REQUEST));
		expect(bench.server.requests).toHaveLength(30);
		expect(bench.server.connectionsOpened).toBe(1);
	});

	test('for streamed ones, too', async () => {
		const client = bench.client();
		await callOften(10, 1, async () => await client.createResponse({ ...REQUEST, stream: true }));
		expect(bench.server.connectionsOpened).toBe(1);
	});

	test('for calls that fail, too', async () => {
		const client = bench.client();
		bench.server.answer(json({ message: 'No' }, { status: 400 }));
		await callOften(20, 1, async () => await failureOf(client.createResponse(REQUEST)));
		expect(bench.server.connectionsOpened).toBe(1);
	});

	test('for clients one after the other, as executions have them', async () => {
		await callOften(10, 1, async () => {
			const client = bench.client();
			await client.createResponse(REQUEST);
			client.close();
		});
		expect(bench.server.connectionsOpened).toBe(1);
	});

	test('for the list of models and the answers', async () => {
		await bench.client().listModels();
		await bench.client().createResponse(REQUEST);
		expect(bench.server.connectionsOpened).toBe(1);
	});
});

test('There are no more connections than calls at a time', async () => {
	const client = bench.client();
	bench.server.answer(json(responses.text, { delayMs: 5 }));
	await callOften(60, 5, async () => await client.createResponse(REQUEST));
	expect(bench.server.requests).toHaveLength(60);
	expect(bench.server.connectionsOpened).toBeLessThanOrEqual(5);
});

describe('Connections are not shared', () => {
	test.each<[string, () => Partial<GradientClientOptions>]>([
		['with another key', () => ({ apiKey: 'sk-do-67890' })],
		['with another base URL', () => ({ baseUrl: `${bench.server.url}/gateway` })],
		['with another TLS setting', () => ({ ignoreSslIssues: true })],
		['with another egress filter', () => ({ egressFilter: new TestFilter() })],
	])('%s', async (_what, options) => {
		bench.server.answer(json({ data: [] }));
		await bench.client().listModels();
		await bench.client(options()).listModels();
		await bench.client().listModels();
		expect(usedConnections()).toBe(2);
	});

	test('once the environment names a proxy', async () => {
		await bench.client().listModels();
		const proxy = await new ProxyServer('tunnel').listen();
		setEnvironment({ ALL_PROXY: proxy.host });
		await bench.client().listModels();
		expect(proxy.tunnels).toHaveLength(1);
		await proxy.close();
	});
});

describe('A client that is closed', () => {
	const inFlight = async (count: number) =>
		await bench.server.until(() => bench.server.requests.length === count);

	test('ends its own requests, and nobody else', async () => {
		bench.server.answer(({ body }) =>
			(body as typeof REQUEST).input === 'Other' ? json(responses.text, { delayMs: 200 }) : hang(),
		);
		const [client, other] = [bench.client(), bench.client()];
		const call = failureOf(client.createResponse(REQUEST));
		await inFlight(1);
		const others = other.createResponse({ ...REQUEST, input: 'Other' });
		await inFlight(2);

		client.close();

		expect((await call).message).toBe('The client was closed');
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect((await others).status).toBe('completed');
		expect(bench.server.requests).toHaveLength(2);
	});

	test('ends what waits for a retry, and it is not sent', async () => {
		bench.server.answer(json({}, { status: 503, headers: { 'retry-after-ms': '100' } }));
		const client = bench.client();
		const call = failureOf(client.createResponse(REQUEST));
		await bench.server.until(() => bench.server.inFlight === 0 && bench.server.requests.length > 0);
		client.close();
		expect((await call).message).toBe('The client was closed');
		expect(bench.server.requests).toHaveLength(1);
	});

	test('may be closed again, which others do not feel', async () => {
		const [client, other] = [bench.client(), bench.client()];
		await client.listModels();
		client.close();
		client.close();
		await other.listModels();
		expect(bench.server.connectionsOpened).toBe(1);
	});
});

test('A connection is kept for five idle minutes, however much longer the server would keep it', async () => {
	jest.useFakeTimers({ doNotFake: [...REAL, 'setInterval'] });
	bench.server.answer(json({ data: [] }, { headers: { 'keep-alive': 'timeout=3600' } }));
	await bench.client().listModels({ ...once, timeout: 0 });
	jest.advanceTimersByTime(290_000);
	await new Promise((resolve) => setImmediate(resolve));
	jest.advanceTimersByTime(0);
	expect(bench.server.connectionsOpen).toBe(1);
	jest.advanceTimersByTime(20_000);
	jest.useRealTimers();
	// Node's server itself would end it after 5 s
	await bench.server.until(() => bench.server.connectionsOpen === 0, 3_000);
});

test('A cancel closes the connection of its own request only', async () => {
	bench.server.answer(({ body }) =>
		(body as typeof REQUEST).input === 'Other' ? json(responses.text, { delayMs: 200 }) : hang(),
	);
	const controller = new AbortController();
	const reason = new Error('Stop');
	const others = bench.client().createResponse({ ...REQUEST, input: 'Other' });
	const call = bench.client().createResponse(REQUEST, { signal: controller.signal });
	const ended = expect(call).rejects.toBe(reason);
	await bench.server.until(() => bench.server.requests.length === 2);
	controller.abort(reason);
	await ended;
	await bench.server.until(() => bench.server.requests.some(({ closedEarly }) => closedEarly));
	expect((await others).status).toBe('completed');
	expect(bench.server.requests.filter(({ closedEarly }) => closedEarly)).toHaveLength(1);
});

describe('Without a user', () => {
	/** As long as the connections of a key are kept at most. */
	const IDLE_MS = 600_000;
	beforeEach(() => jest.useFakeTimers({ doNotFake: [...REAL, 'setInterval'] }));
	afterEach(() => jest.useRealTimers());

	const called = async (): Promise<GradientClient> => {
		const client = bench.client();
		await client.listModels({ ...once, timeout: 0 });
		return client;
	};
	/** What is in flight would end, if the connections of the key were closed. */
	const answerAfter = async (meanwhile: () => Promise<void>) => {
		let answer = () => {};
		const answered = new Promise<void>((resolve) => (answer = resolve));
		bench.server.answer(async () => {
			await answered;
			return json({ data: [] });
		});
		const call = bench.client().listModels({ ...once, timeout: 0 });
		await bench.server.until(() => bench.server.inFlight === 1);
		bench.server.answer([]);
		await meanwhile();
		jest.advanceTimersByTime(2 * IDLE_MS);
		jest.useRealTimers();
		answer();
		expect(await call).toEqual([]);
	};

	test('connections are closed after some time', async () => {
		(await called()).close();
		jest.advanceTimersByTime(IDLE_MS);
		jest.useRealTimers();
		await bench.server.until(() => bench.server.connectionsOpen === 0);
	});

	test('nothing is closed while there is another user', async () => {
		const client = await called();
		await answerAfter(async () => client.close());
	});

	test('nothing is closed where a new one has come meanwhile', async () => {
		(await called()).close();
		await answerAfter(async () => void (await called()));
	});
});

test('What is kept open does not keep a process alive', async () => {
	const client = path.resolve(__dirname, '../../../../dist/nodes/shared/client');
	const script = `
		const { GradientClient } = require(${JSON.stringify(client)});
		const options = { apiKey: 'k', baseUrl: '${bench.server.url}', userAgent: 't' };
		const left = new GradientClient(options);
		left.listModels().then((models) => {
			console.log(models.length);
			new GradientClient(options).close();
		});`;
	const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
		timeout: 20_000,
	});
	expect(stdout.trim()).toBe('8');
});
