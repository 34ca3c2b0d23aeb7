import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { ProxyServer } from '../../../../support/proxyServer';
import { CERTIFICATE_FILE } from '../../../../support/tls';
import { REQUEST, failureOf, once, useServer } from '../support';
import { TestFilter, useTls } from './dispatcherSupport';

const bench = useServer();
const tls = useTls(bench);

describe('A self-signed certificate', () => {
	test('is refused with what to do about it, and the key is not sent', async () => {
		const client = bench.client({ baseUrl: tls.server.url });
		const { message, details } = await failureOf(client.createResponse(REQUEST));
		expect(message).toBe(
			`The certificate of localhost:${tls.server.port} could not be verified. Give n8n the certificate authority through NODE_EXTRA_CA_CERTS, or turn on 'Ignore SSL Issues' in the credential`,
		);
		expect(details).toEqual({
			kind: 'settings',
			code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
			attempts: 1,
		});
		expect(bench.server.requests).toEqual([]);
	});

	test('is accepted where SSL issues are ignored', async () => {
		const client = bench.client({ baseUrl: tls.server.url, ignoreSslIssues: true });
		expect(await client.listModels()).toHaveLength(8);
	});

	test('is accepted for another host name where SSL issues are ignored', async () => {
		const baseUrl = `https://gradient.localhost:${tls.server.port}`;
		const client = bench.client({
			baseUrl,
			ignoreSslIssues: true,
			egressFilter: new TestFilter({ 'gradient.localhost': '127.0.0.1' }),
		});
		expect(await client.listModels()).toHaveLength(8);
	});

	test('is accepted once its authority is in NODE_EXTRA_CA_CERTS, directly and through a proxy', async () => {
		const proxy = await new ProxyServer('tunnel').listen();
		const client = path.resolve(__dirname, '../../../../../nodes/shared/client/index.ts');
		// Node reads the variable only when it starts
		const script = `
			const { GradientClient } = require(${JSON.stringify(client)});
			const client = new GradientClient({ apiKey: 'k', baseUrl: '${tls.server.url}', userAgent: 't' });
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
	});

	test('is no reason to accept http where https was asked for', async () => {
		const baseUrl = bench.server.url.replace('http:', 'https:');
		const { message } = await failureOf(bench.client({ baseUrl }).listModels(once));
		expect(message).toMatch(/ does not speak https\. Check 'Base URL' in the credential$/);
	});
});
