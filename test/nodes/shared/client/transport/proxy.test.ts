import { ProxyServer } from '../../../../support/proxyServer';
import {
	KEY,
	REQUEST,
	allOf,
	failureOf,
	once,
	thrownBy,
	useEnvironment,
	useServer,
} from '../support';
import { TestFilter, useTls } from './dispatcherSupport';

const bench = useServer();
const tls = useTls(bench);
const setEnvironment = useEnvironment();

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

	const secure = () => bench.client({ baseUrl: tls.server.url, ignoreSslIssues: true });
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

		const { host } = new URL(scheme === 'https' ? tls.server.url : bench.server.url);
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
		const proxy = await startProxy('tunnel', `http://127.0.0.1:${tls.server.port}`);
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
		const { details } = await failureOf(bench.client({ baseUrl: tls.server.url }).listModels());
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
