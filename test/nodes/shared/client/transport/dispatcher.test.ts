/** Certificates, proxies and the egress filter have a file of their own each. */
import net, { type AddressInfo, type Socket } from 'node:net';

import type { Dispatcher } from 'undici';

import type { EgressFilter } from '../../../../../nodes/shared/client';
import { pause } from '../../../../../nodes/shared/client/pacing/retry';
import {
	createDispatcher,
	proxiesOf,
} from '../../../../../nodes/shared/client/transport/dispatcher';
import { json } from '../../../../support/answers';
import { ProxyServer } from '../../../../support/proxyServer';
import { responses } from '../../../../support/responses';
import { REQUEST, allOf, failureOf, thrownBy, useEnvironment, useServer } from '../support';
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

describe('The proxies of the environment', () => {
	/** Proxies that refuse: which one is asked is all there is to see. */
	const [used, other] = [new ProxyServer(403), new ProxyServer(403)];
	beforeAll(async () => await Promise.all([used.listen(), other.listen()]));
	afterAll(async () => await Promise.all([used.close(), other.close()]));
	beforeEach(() => {
		for (const proxy of [used, other]) proxy.tunnels.length = 0;
	});

	test.each<[string, Record<string, 'used' | 'other'>, string]>([
		['http', { http_proxy: 'used' }, 'alone'],
		['http', { HTTP_PROXY: 'used' }, 'alone'],
		['http', { all_proxy: 'used' }, 'alone'],
		['http', { ALL_PROXY: 'used' }, 'alone'],
		['http', { http_proxy: 'used', all_proxy: 'other' }, 'before that of all'],
		['http', { http_proxy: 'used', HTTP_PROXY: 'other' }, 'in lower case first'],
		['http', { all_proxy: 'used', https_proxy: 'other' }, 'before that of the other scheme'],
		['https', { https_proxy: 'used' }, 'alone'],
		['https', { HTTPS_PROXY: 'used' }, 'alone'],
		['https', { all_proxy: 'used' }, 'alone'],
		['https', { https_proxy: 'used', all_proxy: 'other' }, 'before that of all'],
		['https', { https_proxy: 'used', HTTPS_PROXY: 'other' }, 'in lower case first'],
		['https', { https_proxy: 'used', http_proxy: 'other' }, 'before that of the other scheme'],
		['https', { all_proxy: 'used', http_proxy: 'other' }, 'before that of the other scheme'],
	])('are used for %s:// as they are named: %j, %s', async (scheme, variables) => {
		const hosts = { used: used.host, other: other.host };
		setEnvironment(
			Object.fromEntries(Object.entries(variables).map(([name, which]) => [name, hosts[which]])),
		);
		const dispatcher = createDispatcher({});
		const origin = `${scheme}://gradient.invalid`;
		try {
			const sent = dispatcher.request({ origin, path: '/', method: 'GET' });
			await expect(sent).rejects.toThrow('Proxy response (403)');
		} finally {
			await dispatcher.destroy();
		}
		expect(used.tunnels).toHaveLength(1);
		expect(other.tunnels).toEqual([]);
	});

	test('are told all, lower case first, where somebody must know whether they change', () => {
		expect(proxiesOf()).toEqual(['', '', '', '']);
		setEnvironment({ http_proxy: 'a', HTTP_PROXY: 'b', HTTPS_PROXY: 'c', no_proxy: 'd' });
		expect(proxiesOf()).toEqual(['a', 'c', '', 'd']);
		setEnvironment({ ALL_PROXY: 'e', http_proxy: '' });
		expect(proxiesOf()).toEqual(['b', 'c', 'e', 'd']);
	});

	test.each(['HTTP_PROXY', 'https_proxy', 'ALL_PROXY'])(
		'are refused, and not shown, where one is no web address: %s',
		async (name) => {
			setEnvironment({ [name]: 'http://me:secret@proxy.invalid:99999' });
			const error = await thrownBy(() => createDispatcher({}));
			expect(error.message).toBe(
				'A proxy in the environment variables HTTP_PROXY, HTTPS_PROXY and ALL_PROXY of n8n is not a web address. It must look like http://user:password@host:port',
			);
			expect(error.details).toEqual({ kind: 'settings' });
			expect(allOf(error)).not.toContain('secret');
		},
	);
});

describe('A request that the egress filter looks at', () => {
	const dispatch = (egressFilter: EgressFilter, handler: Dispatcher.DispatchHandler) =>
		createDispatcher({ egressFilter }).dispatch(
			{ origin: 'https://gradient.invalid', path: '/v1/models', method: 'GET' },
			handler,
		);

	test('is taken on at once, as there is room for more', async () => {
		const filter = new TestFilter({}, { urlHost: 'gradient.invalid' });
		const failure = await new Promise<Error>((resolve) => {
			const isTaken = dispatch(filter, {
				onRequestStart: () => {},
				onResponseError: (_controller, error) => resolve(error),
			});
			expect(isTaken).toBe(true);
		});
		expect(failure.name).toBe('SsrfBlockedIpError');
		expect(filter.checked).toEqual(['https://gradient.invalid/v1/models']);
	});
});
