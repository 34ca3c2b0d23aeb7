import { execFile } from 'node:child_process';
import net, { type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

import type { EgressFilter } from '../../../../nodes/Gradient/client';
import { pause } from '../../../../nodes/Gradient/client/retry';
import { json } from '../../../support/answers';
import { responses } from '../../../support/responses';
import { ProxyServer } from '../../../support/proxyServer';
import { CERTIFICATE_FILE, type TlsServer, startTlsServer } from '../../../support/tls';
import { KEY, REQUEST, allOf, failureOf, thrownBy, useEnvironment, useServer } from './support';

const bench = useServer();
const setEnvironment = useEnvironment();

let tls: TlsServer;
beforeAll(async () => {
	tls = await startTlsServer(bench.server.url);
});
afterAll(async () => await tls.close());

const once = { maxRetries: 0 };

describe('A self-signed certificate', () => {
	test('is refused with what to do about it, and the key is not sent', async () => {
		const client = bench.client({ baseUrl: tls.url });
		const { message, details } = await failureOf(client.createResponse(REQUEST));
		expect(message).toBe(
			`The certificate of localhost:${tls.port} could not be verified. Give n8n the certificate authority through NODE_EXTRA_CA_CERTS, or turn on 'Ignore SSL Issues' in the credential`,
		);
		expect(details).toEqual({
			kind: 'settings',
			code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
			attempts: 1,
		});
		expect(bench.server.requests).toEqual([]);
	});

	test('is accepted where SSL issues are ignored', async () => {
		const client = bench.client({ baseUrl: tls.url, ignoreSslIssues: true });
		expect(await client.listModels()).toHaveLength(8);
	});

	test('is accepted for another host name where SSL issues are ignored', async () => {
		const baseUrl = `https://gradient.localhost:${tls.port}`;
		const client = bench.client({
			baseUrl,
			ignoreSslIssues: true,
			egressFilter: new TestFilter({ 'gradient.localhost': '127.0.0.1' }),
		});
		expect(await client.listModels()).toHaveLength(8);
	});

	test('is accepted once its authority is in NODE_EXTRA_CA_CERTS, directly and through a proxy', async () => {
		const proxy = await new ProxyServer('tunnel').listen();
		const client = path.resolve(__dirname, '../../../../nodes/Gradient/client/index.ts');
		// Node reads the variable only when it starts
		const script = `
			const { GradientClient } = require(${JSON.stringify(client)});
			const client = new GradientClient({ apiKey: 'k', baseUrl: '${tls.url}', userAgent: 't' });
			client.listModels({ maxRetries: 0 })
				.then((models) => console.log(models.length), (error) => console.log(String(error)))
				.finally(() => client.close());`;
		const run = async (variables: Record<string, string>) => {
			const env = { ...process.env, NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE, ...variables };
			const parameters = ['--import', 'tsx', '--eval', script];
			return (await promisify(execFile)(process.execPath, parameters, { env })).stdout.trim();
		};
		const running = Promise.all([run({}), run({ HTTPS_PROXY: proxy.host })]);
		const outputs = await running.finally(async () => await proxy.close());
		expect(outputs).toEqual(['8', '8']);
		expect(proxy.tunnels).toHaveLength(1);
	}, 30_000);

	test('is no reason to accept http where https was asked for', async () => {
		const baseUrl = bench.server.url.replace('http:', 'https:');
		const { message } = await failureOf(bench.client({ baseUrl }).listModels(once));
		expect(message).toMatch(/ does not speak https\. Check 'Base URL' in the credential$/);
	});
});

describe('A proxy', () => {
	const proxies: ProxyServer[] = [];
	const startProxy = async (...how: ConstructorParameters<typeof ProxyServer>) => {
		const proxy = await new ProxyServer(...how).listen();
		proxies.push(proxy);
		return proxy;
	};
	afterEach(async () => {
		await Promise.all(proxies.splice(0).map(async (proxy) => await proxy.close()));
	});

	const secure = () => bench.client({ baseUrl: tls.url, ignoreSslIssues: true });
	const plain = () => bench.client();

	test.each([
		['HTTP_PROXY', 'http'],
		['http_proxy', 'http'],
		['ALL_PROXY', 'http'],
		['all_proxy', 'http'],
		['HTTPS_PROXY', 'https'],
		['https_proxy', 'https'],
		['ALL_PROXY', 'https'],
		['all_proxy', 'https'],
		// as n8n's own model nodes do
		['HTTP_PROXY', 'https'],
	])('in %s is used for %s://', async (name, scheme) => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ [name]: `http://${proxy.host}` });

		const client = scheme === 'https' ? secure() : plain();
		expect(await client.listModels()).toHaveLength(8);

		const { host } = new URL(scheme === 'https' ? tls.url : bench.server.url);
		expect(proxy.tunnels.map(({ target }) => target)).toEqual([host]);
		expect(proxy.plainRequests).toBe(0);
	});

	test('may be written without its scheme', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ HTTP_PROXY: proxy.host });
		await plain().listModels();
		expect(proxy.tunnels).toHaveLength(1);
	});

	test('in HTTPS_PROXY is not used for http://', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ HTTPS_PROXY: `http://${proxy.host}` });
		await plain().listModels();
		expect(proxy.tunnels).toEqual([]);
	});

	test('of the scheme goes before ALL_PROXY, lower case before upper case', async () => {
		const [used, other] = [await startProxy('tunnel'), await startProxy('tunnel')];
		setEnvironment({ http_proxy: used.host, HTTP_PROXY: other.host, all_proxy: other.host });
		await plain().listModels();
		setEnvironment({ https_proxy: used.host, HTTPS_PROXY: other.host, ALL_PROXY: other.host });
		await secure().listModels();
		expect(used.tunnels).toHaveLength(2);
		expect(other.tunnels).toEqual([]);
	});

	test('in ALL_PROXY goes before that of another scheme', async () => {
		const [used, other] = [await startProxy('tunnel'), await startProxy('tunnel')];
		setEnvironment({ HTTP_PROXY: other.host, ALL_PROXY: used.host });
		await secure().listModels();
		expect(used.tunnels).toHaveLength(1);
		expect(other.tunnels).toEqual([]);
	});

	test('that is set to nothing is none', async () => {
		setEnvironment({ HTTP_PROXY: '', http_proxy: '', ALL_PROXY: '' });
		expect(await plain().listModels()).toHaveLength(8);
	});

	test('gets its own user and password, and never the key', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ ALL_PROXY: `http://me:p%40ss@${proxy.host}` });
		await secure().listModels();
		await plain().listModels();
		expect(bench.server.requests[0].headers.authorization).toBe(`Bearer ${KEY}`);
		for (const { headers } of proxy.tunnels) {
			const credentials = Buffer.from('me:p@ss').toString('base64');
			expect(headers['proxy-authorization']).toBe(`Basic ${credentials}`);
			expect(JSON.stringify(headers)).not.toContain(KEY);
		}
		for (const { headers } of bench.server.requests) {
			expect(headers).not.toHaveProperty('proxy-authorization');
		}
	});

	test('looks up the host name itself', async () => {
		const proxy = await startProxy('tunnel', `http://127.0.0.1:${tls.port}`);
		setEnvironment({ HTTPS_PROXY: proxy.host });
		const client = bench.client({ baseUrl: 'https://gradient.invalid', ignoreSslIssues: true });
		expect(await client.listModels()).toHaveLength(8);
		expect(proxy.tunnels.map(({ target }) => target)).toEqual(['gradient.invalid:443']);
	});

	test('keeps its tunnels for further calls', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ HTTPS_PROXY: proxy.host });
		const client = secure();
		for (let i = 0; i < 20; i++) await client.createResponse(REQUEST);
		expect(proxy.tunnels.length).toBeLessThanOrEqual(3);
	});

	test('does not hide a self-signed certificate', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ HTTPS_PROXY: proxy.host });
		const { details } = await failureOf(bench.client({ baseUrl: tls.url }).listModels());
		expect(details).toMatchObject({ kind: 'settings', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
		expect(bench.server.requests).toEqual([]);
	});

	const local = (url: string) => new URL(url).port;
	test.each<[string, () => string, boolean]>([
		['NO_PROXY', () => '127.0.0.1', false],
		['no_proxy', () => '127.0.0.1', false],
		['NO_PROXY', () => 'example.com, 127.0.0.1', false],
		['NO_PROXY', () => '*', false],
		['NO_PROXY', () => `127.0.0.1:${local(bench.server.url)}`, false],
		['NO_PROXY', () => '127.0.0.1:1', true],
		['NO_PROXY', () => 'example.com', true],
		['NO_PROXY', () => '', true],
	])('and %s (case %#): is asked only for other hosts', async (name, value, isUsed) => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ ALL_PROXY: proxy.host, [name]: value() });
		expect(await plain().listModels()).toHaveLength(8);
		expect(proxy.tunnels).toHaveLength(isUsed ? 1 : 0);
	});

	test('is left out for a host and the hosts below it', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ ALL_PROXY: proxy.host, NO_PROXY: '.localhost' });
		const baseUrl = `http://gradient.localhost:${local(bench.server.url)}`;
		const egressFilter = new TestFilter({ 'gradient.localhost': '127.0.0.1' });
		await bench.client({ baseUrl, egressFilter }).listModels();
		expect(proxy.tunnels).toEqual([]);
	});

	test('is left out from when NO_PROXY is changed, which n8n does at run time', async () => {
		const proxy = await startProxy('tunnel');
		setEnvironment({ ALL_PROXY: proxy.host });
		const client = plain();
		await client.listModels();
		setEnvironment({ NO_PROXY: '127.0.0.1' });
		await client.listModels();
		expect(proxy.tunnels).toHaveLength(1);
		expect(bench.server.requests).toHaveLength(2);
	});

	test.each([403, 407, 502])('that refuses with %d is named', async (status) => {
		const proxy = await startProxy(status);
		setEnvironment({ ALL_PROXY: `http://me:secret@${proxy.host}` });
		const error = await failureOf(plain().listModels(once));
		const { host } = new URL(bench.server.url);
		expect(error.message).toBe(
			`No answer came: the proxy refused the connection to ${host} (HTTP ${status})`,
		);
		expect(error.details.kind).toBe('connection');
		expect(allOf(error)).not.toContain('secret');
	});

	test('that is not there is a failed connection', async () => {
		const gone = await new ProxyServer('tunnel').listen();
		setEnvironment({ ALL_PROXY: gone.host });
		await gone.close();
		const { details } = await failureOf(plain().listModels(once));
		expect(details).toMatchObject({ kind: 'connection', code: 'ECONNREFUSED' });
	});

	test.each([
		'not a url',
		'ftp://proxy.invalid',
		'http://me:secret@proxy.invalid:99999',
		'http://me:secret%@proxy.invalid',
	])('with an unusable address is refused without showing it: %s', async (address) => {
		setEnvironment({ HTTPS_PROXY: address });
		const error = await thrownBy(() => bench.client());
		expect(error.message).toMatch(/^A proxy in the environment variables HTTP_PROXY, /);
		expect(error.details).toEqual({ kind: 'settings' });
		expect(allOf(error)).not.toMatch(/secret|proxy\.invalid/);
	});
});

/** Resolves the names that it is given, and refuses those in `refused`, by URL or by lookup. */
class TestFilter implements EgressFilter {
	readonly checked: string[] = [];
	readonly lookedUp: string[] = [];

	constructor(
		private readonly addresses: Record<string, string> = {},
		private readonly refused: { urlHost?: string; lookup?: string } = {},
	) {}

	async validateUrl(url: URL) {
		this.checked.push(url.href);
		if (url.hostname !== this.refused.urlHost) return { ok: true as const };
		return { ok: false as const, error: blocked() };
	}

	createSecureLookup(): LookupFunction {
		return (hostname, options, callback) => {
			this.lookedUp.push(hostname);
			const address = this.addresses[hostname] ?? '';
			if (hostname === this.refused.lookup) callback(blocked(), '');
			else if (options.all) callback(null, [{ address, family: 4 }]);
			else callback(null, address, 4);
		};
	}
}

/** As n8n's filter makes it. */
const blocked = () =>
	Object.assign(
		new Error('The request was blocked because it resolves to a restricted IP address'),
		{
			name: 'SsrfBlockedIpError',
		},
	);

describe("n8n's egress filter", () => {
	const named = () => `http://gradient.localhost:${new URL(bench.server.url).port}`;
	const addresses = { 'gradient.localhost': '127.0.0.1' };

	const expectRefusal = async (baseUrl: string, egressFilter: EgressFilter) => {
		const { message, details } = await failureOf(
			bench.client({ baseUrl, egressFilter }).createResponse(REQUEST),
		);
		expect(message).toBe(
			`n8n's protection against server-side request forgery refuses ${new URL(baseUrl).host}`,
		);
		expect(details).toEqual({ kind: 'settings', code: 'SsrfBlockedIpError', attempts: 1 });
		expect(bench.server.requests).toEqual([]);
		expect(bench.server.connectionsOpened).toBe(0);
	};

	test('refuses an IP address that stands in the URL, which no lookup sees', async () => {
		const filter = new TestFilter({}, { urlHost: '127.0.0.1' });
		await expectRefusal(bench.server.url, filter);
		expect(filter.lookedUp).toEqual([]);
	});

	test('refuses a name by what it resolves to', async () => {
		await expectRefusal(named(), new TestFilter(addresses, { lookup: 'gradient.localhost' }));
	});

	test('resolves the name itself, and connects where it says', async () => {
		const filter = new TestFilter(addresses);
		await bench.client({ baseUrl: named(), egressFilter: filter }).listModels();
		expect(filter.lookedUp).toEqual(['gradient.localhost']);
		expect(filter.checked).toEqual([`${named()}/v1/models`]);
	});

	test('sees each request, also on a connection that stands already', async () => {
		const filter = new TestFilter(addresses);
		const client = bench.client({ baseUrl: named(), egressFilter: filter });
		await client.listModels();
		bench.server.answer([json({}, { status: 503, headers: { 'retry-after-ms': '1' } })]);
		await client.createResponse(REQUEST);
		expect(filter.checked).toEqual([
			`${named()}/v1/models`,
			`${named()}/v1/responses`,
			`${named()}/v1/responses`,
		]);
	});

	test('checks the URL also where a proxy looks up the name', async () => {
		const proxy = await new ProxyServer('tunnel').listen();
		setEnvironment({ ALL_PROXY: proxy.host });
		await expectRefusal(bench.server.url, new TestFilter({}, { urlHost: '127.0.0.1' }));
		expect(proxy.tunnels).toEqual([]);
		await proxy.close();
	});

	test('that fails itself makes the call fail, and nothing is sent', async () => {
		const filter = new TestFilter();
		filter.validateUrl = async () => await Promise.reject(new Error('DNS is down'));
		const client = bench.client({ egressFilter: filter });
		const { message, details } = await failureOf(client.listModels(once));
		expect(message).toMatch(/^No answer came: .+ \(DNS is down\)$/);
		expect(details.kind).toBe('connection');
		expect(bench.server.requests).toEqual([]);
	});
});

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
