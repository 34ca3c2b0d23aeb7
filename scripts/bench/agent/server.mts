/** The scripted model, in a process of its own; it answers at once. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ServerStats } from '../throughput/server.mjs';
import { answerCalls } from '../throughput/worker.mjs';
import { answerTo } from './rounds.mjs';

export type AgentStats = Omit<ServerStats, 'peakInFlight'>;

let stats: AgentStats = { connections: 0, requests: 0 };

async function serve(request: IncomingMessage, response: ServerResponse) {
	stats.requests++;
	let body = '';
	for await (const chunk of request) body += String(chunk);
	let answer: string;
	let status = 200;
	try {
		answer = answerTo(JSON.parse(body) as Parameters<typeof answerTo>[0]);
	} catch (error) {
		// not to be tried again
		status = 400;
		answer = JSON.stringify({ error: { message: (error as Error).message } });
	}
	const length = Buffer.byteLength(answer);
	response.writeHead(status, { 'content-type': 'application/json', 'content-length': length });
	response.end(answer);
}

const server = http.createServer((request, response) => {
	void serve(request, response).catch((error: unknown) => response.destroy(error as Error));
});
server.on('connection', () => stats.connections++);
// no hint how long connections stay open: each contestant keeps them as long as it does by itself
server.keepAliveTimeout = 0;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

answerCalls({
	url: async () => `http://127.0.0.1:${port}`,
	reset: async () => {
		stats = { connections: 0, requests: 0 };
	},
	stats: async () => stats,
});
