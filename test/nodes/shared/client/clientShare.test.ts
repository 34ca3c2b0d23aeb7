/** What a client does with what it shares with others: connections, pace and what is learnt of the limits. */
import { GradientClient } from '../../../../nodes/shared/client';
import {
	type Heard,
	type Passage,
	RequestGate,
} from '../../../../nodes/shared/client/pacing/requestGate';
import { type KeyOptions, shareKey } from '../../../../nodes/shared/client/pacing/sharedKey';
import { CATALOGUE_URL } from '../../../../nodes/shared/client/response/catalogue';
import { DEFAULT_BASE_URL } from '../../../../nodes/shared/client/transport/baseUrl';
import { hang, json } from '../../../support/answers';
import { textResponse } from '../../../support/responses';
import { KEY, REQUEST, allOf, failureOf, useClients, useServer } from './support';

const bench = useServer();
const makeClient = useClients();

const PERSONAL = 'dop_v1_0123456789abcdef';
const USER_AGENT = 'tests/1';

/** A client whose requests all come to the server of the bench, wherever they were to go. */
function redirected() {
	const origins: string[] = [];
	const share = (options: KeyOptions) => {
		const shared = shareKey(options);
		const dispatcher = shared.dispatcher.compose((dispatch) => (sent, handler) => {
			origins.push(String(sent.origin));
			return dispatch({ ...sent, origin: bench.server.url }, handler);
		});
		return { ...shared, dispatcher };
	};
	const client = new GradientClient({ apiKey: PERSONAL, userAgent: USER_AGENT }, share);
	clients.push(client);
	return { client, origins };
}

/** A client, and how often it gave back what it shares. */
function counted(gate = new RequestGate()) {
	const release = jest.fn();
	const share = (options: KeyOptions) => {
		const shared = shareKey(options);
		release.mockImplementation(shared.release);
		return { ...shared, gate, release };
	};
	const options = { apiKey: KEY, userAgent: USER_AGENT, baseUrl: bench.server.url };
	const client = new GradientClient(options, share);
	clients.push(client);
	return { client, release };
}

const clients: GradientClient[] = [];
afterEach(() => {
	for (const client of clients.splice(0)) client.close();
	jest.restoreAllMocks();
});

describe("The catalogue of DigitalOcean's control plane", () => {
	test.each<[boolean, string, string]>([
		[true, PERSONAL, DEFAULT_BASE_URL],
		[true, PERSONAL, ''],
		[false, KEY, DEFAULT_BASE_URL],
		[false, `sk-${PERSONAL}`, DEFAULT_BASE_URL],
		[false, 'dop_v2_0123456789', DEFAULT_BASE_URL],
		[false, PERSONAL, 'http://127.0.0.1:1/v1'],
		[false, KEY, 'http://127.0.0.1:1/v1'],
	])('may be asked: %p, with the key %s at %j', (expected, apiKey, baseUrl) => {
		expect(makeClient({ apiKey, baseUrl }).hasCatalogue).toBe(expected);
	});

	test('is asked with the token, and read', async () => {
		bench.server.answer(json({ models: [{ id: 'kimi-k2.6', context_window: '131072' }] }));
		const { client, origins } = redirected();

		const catalogue = await client.readCatalogue();

		expect([...catalogue]).toEqual([['kimi-k2.6', { context_window: 131_072 }]]);
		const { origin, pathname, search } = new URL(CATALOGUE_URL);
		expect(origins).toEqual([origin]);
		const [{ method, path, headers, rawBody }] = bench.server.requests;
		expect([method, path, rawBody]).toEqual(['GET', pathname + search, '']);
		expect(headers).toMatchObject({
			authorization: `Bearer ${PERSONAL}`,
			accept: 'application/json',
			'user-agent': USER_AGENT,
		});
	});

	test('is asked once, and a failure does not show the token', async () => {
		bench.server.answer(json({ message: `Unknown: ${PERSONAL}` }, { status: 503 }));
		const error = await failureOf(redirected().client.readCatalogue());
		expect(error.details).toMatchObject({ kind: 'http', status: 503 });
		expect(allOf(error)).not.toContain(PERSONAL);
		expect(bench.server.requests).toHaveLength(1);
	});

	test.each([
		[undefined, 5_000],
		[0, 5_000],
		[3_600_000, 5_000],
		[700, 700],
	])('with a timeout of %p is waited for %d ms', async (timeout, expected) => {
		const start = jest.spyOn(global, 'setTimeout');
		bench.server.answer(json({ models: [] }));
		await redirected().client.readCatalogue({ timeout });
		// of a connection that is opened undici has a timer of its own
		expect(start.mock.calls[0][1]).toBe(expected);
	});

	test('is not waited for after a cancel, nor once the client is closed', async () => {
		bench.server.answer(hang());
		const controller = new AbortController();
		const reason = new Error('Stop');
		const { client } = redirected();
		const cancelled = expect(client.readCatalogue({ signal: controller.signal })).rejects.toBe(
			reason,
		);
		const closed = failureOf(client.readCatalogue());
		await bench.server.until(() => bench.server.requests.length === 2);

		controller.abort(reason);
		client.close();

		await cancelled;
		expect((await closed).details.kind).toBe('settings');
	});
});

describe('A client that is closed', () => {
	test('gives back once what it shares, however often it is closed', () => {
		const { client, release } = counted();
		expect(release).not.toHaveBeenCalled();
		client.close();
		client.close();
		expect(release).toHaveBeenCalledTimes(1);
	});

	test('sends nothing any more', async () => {
		const { client } = counted();
		client.close();
		const { message, details } = await failureOf(client.listModels());
		expect(message).toBe('The client was closed');
		expect(details).toEqual({ kind: 'settings', attempts: 1 });
		expect(bench.server.requests).toEqual([]);
	});

	test('ends what is in flight, and what waits for its turn', async () => {
		bench.server.answer(hang());
		const options = { baseUrl: bench.server.url, delayBetweenRequests: 3_600_000 };
		const client = makeClient(options);
		const calls = [1, 2].map(async () => await failureOf(client.createResponse(REQUEST)));
		await bench.server.until(() => bench.server.requests.length === 1);

		client.close();

		for (const { message, details } of await Promise.all(calls)) {
			expect(message).toBe('The client was closed');
			expect(details.kind).toBe('settings');
		}
		expect(bench.server.requests).toHaveLength(1);
	});
});

test('The number of requests that may be in flight is told, until nobody wants to know', async () => {
	const client = bench.client();
	const heard: number[] = [];
	const end = client.followCapacity((requests) => heard.push(requests));
	const [first] = heard;
	expect(heard).toEqual([first]);

	await client.listModels();
	expect(heard).toEqual([first, first + 1]);

	end();
	await client.listModels();
	expect(heard).toHaveLength(2);
});

test('The gate learns what each answer has cost', async () => {
	const costs: number[] = [];
	class Listening extends RequestGate {
		override async pass<T>(send: (heard: Heard) => Promise<T>, passage: Passage) {
			const hear = ({ headers, tokens }: Heard) => ({
				headers,
				tokens: (count: number) => {
					costs.push(count);
					tokens(count);
				},
			});
			return await super.pass(async (heard) => await send(hear(heard)), passage);
		}
	}
	const { client } = counted(new Listening());
	const usage = { input_tokens: 30, output_tokens: 12, total_tokens: 42 };
	bench.server.answer([
		json(textResponse('Hi', { usage })),
		json(textResponse('Hi', { usage: null })),
		json({ data: [] }),
	]);

	await client.createResponse(REQUEST);
	await client.createResponse(REQUEST);
	await client.listModels();

	expect(costs).toEqual([42, 0, 0]);
});
