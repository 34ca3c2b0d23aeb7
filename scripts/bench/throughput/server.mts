/** The API that all contestants call, in a process of its own: plain, over TLS, and far away over TLS. */
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { COMPLETION, RESPONSE, STREAM } from './answers.mjs';
import { CERTIFICATE_FILE, KEY_FILE } from './certificate.mjs';
import { startRelay } from './relay.mjs';
import { answerCalls } from './worker.mjs';

const ROUND_TRIP_MS = 40;
const GAP_MS = 5;

export interface Ports {
	plain: number;
	tls: number;
	/** TLS behind a round trip of 40 ms. */
	far: number;
}

export interface ServerStats {
	connections: number;
	peakInFlight: number;
	requests: number;
}

let latencyMs = 0;
let inFlight = 0;
let stats: ServerStats = { connections: 0, peakInFlight: 0, requests: 0 };

async function serve(request: IncomingMessage, response: ServerResponse) {
	stats.requests++;
	stats.peakInFlight = Math.max(stats.peakInFlight, ++inFlight);
	response.on('close', () => inFlight--);
	let body = '';
	for await (const chunk of request) body += String(chunk);
	const { stream } = JSON.parse(body) as { stream?: boolean };
	if (latencyMs > 0) await sleep(latencyMs);
	if (!stream) {
		const answer = request.url?.endsWith('/chat/completions') ? COMPLETION : RESPONSE;
		const length = Buffer.byteLength(answer);
		response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
		response.end(answer);
		return;
	}
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	for (const events of STREAM) {
		response.write(events);
		await sleep(GAP_MS);
	}
	response.end();
}

async function listen(server: http.Server): Promise<number> {
	server.on('request', (request, response) => void serve(request, response).catch(() => undefined));
	server.on('connection', () => stats.connections++);
	// longer than a benchmark: a contestant must not lose a connection because another one was slow
	server.keepAliveTimeout = 120_000;
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

const plain = await listen(http.createServer());
const tls = await listen(
	https.createServer({ key: readFileSync(KEY_FILE), cert: readFileSync(CERTIFICATE_FILE) }),
);
const ports: Ports = { plain, tls, far: await startRelay(tls, ROUND_TRIP_MS) };

answerCalls({
	ports: async () => ports,
	/** Forgets what it counted, and answers with this latency, ms. */
	reset: async (ms: number) => {
		latencyMs = ms;
		stats = { connections: 0, peakInFlight: inFlight, requests: 0 };
	},
	stats: async () => stats,
});
