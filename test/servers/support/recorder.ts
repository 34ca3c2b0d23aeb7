/** Stands between the nodes and the server, hands on what is said as it comes, and keeps it. */
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { parseJson } from '../../support/gradientServer';
import { CaseServer, pathOf } from './caseServer';
import { type Exchange, toChunk } from './exchange';

/** What the client reads of an answer's headers. */
const HEADERS = /^(content-type|retry-after.*|x-should-retry|(x-)?ratelimit-.*|x-request-id)$/;

export class Recorder extends CaseServer {
	/** @param target the server's Base URL, with /v1 */
	constructor(private readonly target: string) {
		super();
	}

	protected override async serve(request: IncomingMessage, response: ServerResponse) {
		const body = await buffer(request);
		const path = pathOf(request);
		const exchange = toExchange(request, path, body);
		this.add(exchange);
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
}

/** An exchange that has just begun. */
function toExchange({ method = '' }: IncomingMessage, path: string, body: Buffer): Exchange {
	const text = body.toString();
	const request = { method, path, ...(text && { body: parseJson(text) ?? text }) };
	return { request, status: 0, headers: {}, chunks: [] };
}
