/** A local HTTP server that stands in for DigitalOcean's inference endpoint, faults included. */
import http from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json, sendAnswer, type Answer } from './answers';
import { errorBodies } from './errorBodies';
import { MODEL, models, textResponse } from './responses';
import { DONE, frame, typedEvents } from './streams';

export interface SeenRequest {
	method: string;
	/** With its query. */
	path: string;
	headers: IncomingHttpHeaders;
	rawBody: string;
	/** The parsed body; undefined if there was none or it was not JSON. */
	body?: unknown;
	/** The connection that it came on, counted from 1. */
	connection: number;
	/** When its body had arrived, in ms of performance.now(). */
	receivedAt: number;
	/** The client went away before the whole answer was sent. */
	closedEarly: boolean;
}

export type AnswerHandler = (
	request: SeenRequest,
	/** How many requests it was asked about before. */
	index: number,
) => Answer | undefined | Promise<Answer | undefined>;

export class GradientServer {
	/** In the order in which their bodies arrived. */
	readonly requests: SeenRequest[] = [];

	inFlight = 0;

	peakInFlight = 0;

	connectionsOpen = 0;

	private readonly server = http.createServer((request, response) => {
		void this.serve(request, response);
	});

	private readonly connections = new WeakMap<Socket, number>();

	private connectionCount = 0;

	private connectionsBefore = 0;

	private readonly waiting = new Set<() => void>();

	private handler: (request: SeenRequest) => ReturnType<AnswerHandler> = () => undefined;

	private bearerKey?: string;

	private closing = false;

	constructor() {
		this.server.on('connection', (socket) => {
			this.connections.set(socket, ++this.connectionCount);
			this.connectionsOpen++;
			socket.on('close', () => {
				this.connectionsOpen--;
				this.changed();
			});
			// a reset, by either side, is what some tests are about
			socket.on('error', () => socket.destroy());
		});
	}

	async listen() {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
		});
		return this;
	}

	/** Without a path: `http://127.0.0.1:<port>`. */
	get url() {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Connections since the start or the last `reset`. */
	get connectionsOpened() {
		return this.connectionCount - this.connectionsBefore;
	}

	/** The parsed bodies of the POSTs, in order. */
	get bodies(): IDataObject[] {
		const posts = this.requests.filter(({ method }) => method === 'POST');
		return posts.map(({ body }) => body as IDataObject);
	}

	/**
	 * Decides on the answers from now on: one for every request, a queue (used up in the order of arrival),
	 * or a function. Where a queue is empty or a function gives nothing, the default is sent.
	 */
	answer(script: Answer | Answer[] | AnswerHandler) {
		let asked = 0;
		const queue = Array.isArray(script) ? [...script] : undefined;
		this.handler = (request) => {
			if (queue) return queue.shift();
			return typeof script === 'function' ? script(request, asked++) : (script as Answer);
		};
	}

	/** Answers 401 to every request without this key; undefined admits all. */
	requireKey(bearerKey?: string) {
		this.bearerKey = bearerKey;
	}

	/** Forgets requests, counts and scripted answers. Connections stay open. */
	reset() {
		this.requests.length = 0;
		this.connectionsBefore = this.connectionCount;
		this.peakInFlight = this.inFlight;
		this.handler = () => undefined;
		this.bearerKey = undefined;
	}

	/**
	 * Waits until the condition holds; looked at whenever a request arrives or ends.
	 * @throws after `timeoutMs` milliseconds
	 */
	async until(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
		if (condition()) return;
		await new Promise<void>((resolve, reject) => {
			const look = () => {
				if (!condition()) return;
				clearTimeout(timer);
				this.waiting.delete(look);
				resolve();
			};
			const timer = setTimeout(() => {
				this.waiting.delete(look);
				reject(new Error(`Not so within ${timeoutMs} ms: ${condition.toString()}`));
			}, timeoutMs);
			this.waiting.add(look);
		});
	}

	/** Ends at once, whatever is still open. */
	async close() {
		this.closing = true;
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeAllConnections();
		await closed;
	}

	private async serve(request: IncomingMessage, response: ServerResponse) {
		this.peakInFlight = Math.max(this.peakInFlight, ++this.inFlight);
		const seen = this.record(request);
		response.on('close', () => {
			this.inFlight--;
			seen.closedEarly = !response.writableFinished && !response.errored && !this.closing;
			this.changed();
		});
		try {
			seen.rawBody = await readText(request);
		} catch {
			// the client went away within its own request: `close` above has noted it
			return;
		}
		seen.body = parseJson(seen.rawBody);
		seen.receivedAt = performance.now();
		this.requests.push(seen);
		this.changed();
		response.setHeader('x-request-id', `req_${this.requests.length}`);
		await sendAnswer(response, await this.decide(seen));
	}

	private record({ method = '', url = '', headers, socket }: IncomingMessage): SeenRequest {
		const connection = this.connections.get(socket) ?? 0;
		return {
			method,
			path: url,
			headers,
			rawBody: '',
			connection,
			receivedAt: 0,
			closedEarly: false,
		};
	}

	private async decide(seen: SeenRequest): Promise<Answer> {
		if (this.bearerKey && seen.headers.authorization !== `Bearer ${this.bearerKey}`) {
			return errorBodies.unauthorized;
		}
		return (await this.handler(seen)) ?? defaultAnswer(seen);
	}

	private changed() {
		for (const look of this.waiting) look();
	}
}

/** Starts a server on a free port of 127.0.0.1. Close it, or the process stays. */
export async function startGradientServer(): Promise<GradientServer> {
	return await new GradientServer().listen();
}

/** The JSON value of a text, undefined if it is not JSON. */
export function parseJson(rawBody: string): unknown {
	try {
		return JSON.parse(rawBody);
	} catch {
		return undefined;
	}
}

/** What a healthy DigitalOcean answers: an echo of the prompt, the models, HTML on any other path. */
export function defaultAnswer({ method, path, body }: SeenRequest): Answer {
	const [route] = path.split('?');
	if (method === 'GET' && route === '/v1/models') return json(models);
	if (method !== 'POST' || route !== '/v1/responses') return errorBodies.maintenance404;
	const { model, input, stream } = (body ?? {}) as IDataObject;
	if (typeof model !== 'string' || input === undefined) return errorBodies.invalidBody;

	const prompt = promptOf(input);
	const text = `Echo: ${prompt}`;
	const [input_tokens, output_tokens] = [words(prompt), words(text)];
	const response = textResponse(text, {
		model: model || MODEL,
		usage: {
			input_tokens,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens,
			output_tokens_details: { reasoning_tokens: 0, tool_output_tokens: 0 },
			total_tokens: input_tokens + output_tokens,
		},
	});
	return stream ? eventStream([...typedEvents(response).map(frame), DONE]) : json(response);
}

const words = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** The text of the input's last item, whatever form it has. */
function promptOf(input: unknown): string {
	if (typeof input === 'string') return input;
	const last = (Array.isArray(input) ? input.at(-1) : input) as IDataObject | undefined;
	const content = last?.content ?? last?.output ?? '';
	if (!Array.isArray(content)) return String(content);
	return content.map((part) => (part as IDataObject).text ?? '').join('');
}
