/**
 * The two addresses of open-meteo.com that an example asks, on loopback, so that the example runs as it is:
 * n8n gets them through a proxy, whose certificate it is told to trust.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ProxyServer } from '../../support/proxyServer';
import { cleanEnvironment, runProcess } from './processes';

export const PLACE = { results: [{ name: 'Lisbon', latitude: 38.7, longitude: -9.1 }] };
export const FORECAST = { daily: { precipitation_probability_max: [10, 90, 20] } };

const ANSWERS: Record<string, object> = {
	'geocoding-api.open-meteo.com/v1/search': PLACE,
	'api.open-meteo.com/v1/forecast': FORECAST,
};

export interface OpenMeteo {
	/** What sends n8n there. */
	env: Record<string, string>;
	/** The URLs that were asked for. */
	urls: URL[];
	close(): Promise<void>;
}

export async function startOpenMeteo(): Promise<OpenMeteo> {
	const folder = mkdtempSync(path.join(tmpdir(), 'gradient-open-meteo-'));
	const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
	await makeCertificate(key, cert);

	const urls: URL[] = [];
	const server = https.createServer(
		{ key: readFileSync(key), cert: readFileSync(cert) },
		({ headers, url }, response) => {
			const asked = new URL(`https://${headers.host}${url}`);
			urls.push(asked);
			const answer = ANSWERS[asked.host + asked.pathname];
			response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer ?? { reason: 'Not part of the example' }));
		},
	);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const proxy = await new ProxyServer('tunnel', `http://127.0.0.1:${port}`).listen();
	return {
		env: {
			HTTPS_PROXY: `http://${proxy.host}`,
			NO_PROXY: '127.0.0.1,localhost',
			NODE_EXTRA_CA_CERTS: cert,
		},
		urls,
		async close() {
			await proxy.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** For one day, with openssl: Node cannot make certificates. */
async function makeCertificate(key: string, certificate: string) {
	const names = 'subjectAltName=DNS:open-meteo.com,DNS:*.open-meteo.com';
	const form = [
		'-newkey',
		'rsa:2048',
		'-nodes',
		'-days',
		'1',
		'-subj',
		'/CN=Test',
		'-addext',
		names,
	];
	await runProcess(
		'openssl',
		'openssl',
		['req', '-x509', ...form, '-keyout', key, '-out', certificate],
		{ env: cleanEnvironment(path.dirname(key)) },
	);
}
