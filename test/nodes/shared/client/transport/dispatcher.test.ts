/** Certificates, proxies and the egress filter have a file of their own each. */
import net, { type AddressInfo, type Socket } from 'node:net';

import { pause } from '../../../../../nodes/shared/client/pacing/retry';
import { json } from '../../../../support/answers';
import { responses } from '../../../../support/responses';
import { REQUEST, failureOf, useEnvironment, useServer } from '../support';
import { TestFilter } from './dispatcherSupport';

const bench = useServer();
const setEnvironment = useEnvironment();

describe('While there is no connection yet', () => {
	const sockets = new Set<Socket>();
	const silent = net.createServer((socket) => {
		sockets.add(socket.on('error', () => socket.destroy()));
	});
	beforeAll(async () => {
		await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => {
		for (const socket of sockets) socket.destroy();
		silent.close();
	});

	/** Lets nothing through before it is opened. */
	class ClosedFilter extends TestFilter {
		open = () => {};
		private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

		override async validateUrl(url: URL) {
			await this.opened;
			return await super.validateUrl(url);
		}
	}

	const silentHost = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`;
	const cases: Array<[string, () => Parameters<typeof bench.client>[0]]> = [
		['a server that does not shake hands', () => ({ baseUrl: `https://${silentHost()}` })],
		[
			'a proxy that does not answer',
			() => {
				setEnvironment({ ALL_PROXY: silentHost() });
				return {};
			},
		],
		['a filter that does not decide', () => ({ egressFilter: new ClosedFilter() })],
		[
			'a lookup that does not end',
			() => {
				const filter = new TestFilter();
				filter.createSecureLookup = () => () => {};
				return { baseUrl: 'https://gradient.invalid', egressFilter: filter };
			},
		],
	];

	test.each(cases)('a deadline counts: %s', async (_what, options) => {
		const { details } = await failureOf(bench.client(options()).listModels({ timeout: 50 }));
		expect(details).toEqual({ kind: 'timeout', attempts: 1 });
	});

	test.each(cases)('a cancel counts: %s', async (_what, options) => {
		const controller = new AbortController();
		const reason = new Error('Stop');
		const call = bench.client(options()).listModels({ signal: controller.signal });
		const ended = expect(call).rejects.toBe(reason);
		await pause(30);
		controller.abort(reason);
		await ended;
	});

	test('a request that was given up is not sent later', async () => {
		const filter = new ClosedFilter();
		const client = bench.client({ egressFilter: filter });
		bench.server.answer(json(responses.text));
		await failureOf(client.createResponse(REQUEST, { timeout: 30 }));

		filter.open();
		await client.createResponse({ ...REQUEST, input: 'The next' });

		expect(bench.server.bodies.map(({ input }) => input)).toEqual(['The next']);
	});
});
