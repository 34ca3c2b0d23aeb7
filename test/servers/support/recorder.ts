/** Stands between the nodes and the server, hands on what is said as it comes, and keeps it. */
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { parseJson } from '../../support/gradientServer';
import type { Line } from './bench';
import { type Exchange, toChunk } from './exchange';

/** What the client reads of an answer's headers. */
const HEADERS = /^(content-type|retry-after.*|x-should-retry|(x-)?ratelimit-.*|x-request-id)$/;

export class Recorder implements Line {
	exchanges: Exchange[] = [];

	private cases = 0;

	private readonly waiting = new Set<() => void>();

	private readonly server = http.createServer((request, response) => {
		this.relay(request, response).catch((error: Error) => response.destroy(error));
	});

	/** @param target the server's Base URL, with /v1 */
	constructor(private readonly target: string) {}

	async listen() {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
		});
		return this;
	}

	get baseUrl() {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.cases}/v1`;
	}

	begin() {
		this.cases++;
		this.exchanges = [];
	}

	async untilAsked(count: number) {
		while (this.exchanges.length < count) {
			await new Promise<void>((resolve) => this.waiting.add(resolve));
		}
	}

	async close() {
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeAllConnections();
		await closed;
	}

	private async relay(request: IncomingMessage, response: ServerResponse) {
		const body = await buffer(request);
		const path = (request.url ?? '').replace(/^\/\d+/, '');
		const exchange = this.add(request, path, body);
		const upstream = http.request(new URL(path, this.target), {
			method: request.method,
			headers: { ...request.headers, host: new URL(this.target).host },
			// a connection that is kept may be closed by the server at any time
			agent: false,
		});
		// a node that leaves must be seen to leave by the server
		response.on('close', () => {
			if (!response.writableFinished) {
				exchange.isLeft = true;
				upstream.destroy();
			}
		});
		upstream.end(body);
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			upstream.once('response', resolve).once('error', reject);
		});
		exchange.status = answer.statusCode ?? 0;
		for (const [name, value] of Object.entries(answer.headers)) {
			if (HEADERS.test(name)) exchange.headers[name] = String(value);
		}
		response.writeHead(exchange.status, answer.headers);
		response.flushHeaders();
		for await (const chunk of answer as AsyncIterable<Buffer>) {
			exchange.chunks.push(toChunk(chunk));
			response.write(chunk);
		}
		response.end();
	}

	private add({ method = '' }: IncomingMessage, path: string, body: Buffer): Exchange {
		const text = body.toString();
		const exchange: Exchange = {
			request: { method, path, ...(text && { body: parseJson(text) ?? text }) },
			status: 0,
			headers: {},
			chunks: [],
		};
		this.exchanges.push(exchange);
		for (const wake of this.waiting) wake();
		this.waiting.clear();
		return exchange;
	}
}
