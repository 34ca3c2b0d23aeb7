/** Answers the nodes as a server once did: what was recorded of a case, cut as it came. */
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';

import { parseJson } from '../../support/gradientServer';
import type { Line } from './bench';
import { type Exchange, toBytes } from './exchange';

/**
 * A request gets the recorded answer of an equal one; where there is none left, that of the one that is most
 * like it, which is so where the nodes have changed since. `notes` then says what is new. A request too many is
 * refused: nobody knows what the server would have said.
 */
export class Player implements Line {
	/** What was really asked, with what was answered. */
	exchanges: Exchange[] = [];

	/** Where what is asked now is not what was recorded. */
	notes: string[] = [];

	/** Requests of which nobody knows what the server would have said. */
	unrecorded = 0;

	private left: Exchange[] = [];

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

	get baseUrl() {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.cases}/v1`;
	}

	begin(recorded: Exchange[]) {
		this.cases++;
		this.left = [...recorded];
		this.exchanges = [];
		this.notes = [];
		this.unrecorded = 0;
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

	private async serve(message: IncomingMessage, response: ServerResponse) {
		const { method = '', url = '' } = message;
		const path = url.replace(/^\/\d+/, '');
		const text = await readText(message);
		const request = { method, path, ...(text && { body: parseJson(text) ?? text }) };
		const recorded = this.take(request) ?? NOT_RECORDED;
		const exchange: Exchange = { ...recorded, request };
		// told by this request's own end
		delete exchange.isLeft;
		response.on('close', () => {
			if (!response.writableFinished) exchange.isLeft = true;
		});
		this.exchanges.push(exchange);
		for (const wake of this.waiting) wake();
		this.waiting.clear();
		// status 0: the node had left before the server answered
		if (recorded.status === 0) return;
		response.writeHead(recorded.status, recorded.headers);
		response.flushHeaders();
		for (const chunk of recorded.chunks) {
			await new Promise<unknown>((resolve) => response.write(toBytes(chunk), resolve));
		}
		if (!recorded.isLeft) response.end();
	}

	private take(request: Exchange['request']): Exchange | undefined {
		const distances = this.left.map((one) => differences(one.request, request).length);
		// requests that come at once come in any order
		const [taken] = this.left.splice(distances.indexOf(Math.min(...distances)), 1);
		if (!taken) {
			this.unrecorded++;
			this.notes.push(`request ${this.exchanges.length + 1} was not sent when this was recorded`);
			return undefined;
		}
		const [place] = differences(taken.request, request);
		if (place) {
			this.notes.push(`request ${this.exchanges.length + 1} is not the recorded one: ${place}`);
		}
		return taken;
	}
}

const NOT_RECORDED: Omit<Exchange, 'request'> = {
	status: 400,
	headers: { 'content-type': 'application/json' },
	chunks: [JSON.stringify({ error: { message: 'What the server says to this is not recorded' } })],
};

/** The places where two JSON values differ, each with both. */
function differences(recorded: unknown, sent: unknown, path = ''): string[] {
	if (isDeepStrictEqual(recorded, sent)) return [];
	if (!isCollection(recorded) || !isCollection(sent)) {
		return [`${path} was ${short(recorded)}, and is ${short(sent)}`];
	}
	const keys = [...new Set([...Object.keys(recorded), ...Object.keys(sent)])];
	return keys.flatMap((key) =>
		differences(recorded[key], sent[key], path ? `${path}.${key}` : key),
	);
}

const isCollection = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const short = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 120);
