import type { EgressFilter } from '../../../../../nodes/shared/client';
import { json } from '../../../../support/answers';
import { ProxyServer } from '../../../../support/proxyServer';
import { REQUEST, failureOf, once, useEnvironment, useServer } from '../support';
import { TestFilter } from './dispatcherSupport';

const bench = useServer();
const setEnvironment = useEnvironment();

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
