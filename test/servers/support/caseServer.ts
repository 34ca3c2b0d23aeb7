/** A server on loopback that the nodes ask in place of the real one, case after case. */
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Line } from './bench';
import type { Exchange } from './exchange';

export abstract class CaseServer implements Line {
	/** What was asked in this case, with what was answered. */
	exchanges: Exchange[] = [];

	private cases = 0;

	private readonly waiting = new Set<() => void>();

	private readonly server = http.createServer((request, response) => {
		this.serve(request, response).catch((error: Error) => response.destroy(error));
	});

	async listen() {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
		});
		return this;
	}

	/** Another for each case, as the nodes remember what a server refuses. */
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

	protected abstract serve(request: IncomingMessage, response: ServerResponse): Promise<void>;

	protected add(exchange: Exchange) {
		this.exchanges.push(exchange);
		for (const wake of this.waiting) wake();
		this.waiting.clear();
	}
}

/** A path without the case that `baseUrl` has put before it. */
export const pathOf = ({ url = '' }: IncomingMessage) => url.replace(/^\/\d+/, '');
