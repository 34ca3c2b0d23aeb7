/**
 * CopilotKit's aimock as an independent second opinion of the Responses API: a server that others wrote,
 * with OpenAI's shapes and typed stream events. Written for aimock 1.43.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import {
	LLMock,
	type FixtureFileResponse,
	type FixtureMatch,
	type FixtureOpts,
} from '@copilotkit/aimock';

import { parseJson } from './gradientServer';

export interface AimockRequest {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	/** As it was sent. aimock's own journal has a body converted to a chat completion request. */
	body?: unknown;
}

export interface Aimock {
	/** Without a path: `http://127.0.0.1:<port>`. */
	url: string;
	/** Requests that passed the key check, oldest first. */
	requests: AimockRequest[];
	/** aimock itself: chaos, one-shot errors, its journal. */
	mock: LLMock;
	/** Answers requests that match; the first match in order of registration wins. */
	on(match: FixtureMatch, response: FixtureFileResponse, options?: FixtureOpts): void;
	/** Answers with a text where the last user message contains `prompt`. */
	onPrompt(prompt: string | RegExp, text: string, options?: FixtureOpts): void;
	/** Calls a function where the last user message contains `prompt` and no output was given yet. */
	onPromptCall(
		prompt: string | RegExp,
		call: { name: string; arguments: object; id: string },
		options?: FixtureOpts,
	): void;
	/** Answers with a text where the last input item is the output of that call. */
	onCallOutput(callId: string, text: string, options?: FixtureOpts): void;
	/** Forgets fixtures and requests. */
	reset(): void;
	/** Ends at once, whatever is still open. */
	close(): Promise<void>;
}

/**
 * Starts aimock on a free port of 127.0.0.1.
 * @param apiKeys the keys it admits; without them, all
 */
export async function startAimock({ apiKeys }: { apiKeys?: string[] } = {}): Promise<Aimock> {
	const requests: AimockRequest[] = [];
	const sockets = new Set<Socket>();
	const mock = new LLMock({
		host: '127.0.0.1',
		port: 0,
		...(apiKeys && { auth: { apiKeys } }),
	});
	mock.mount('/v1', {
		// only looks: `false` leaves the request to aimock
		async handleRequest(request) {
			sockets.add(request.socket);
			requests.push(follow(request));
			return false;
		},
	});
	const url = await mock.start();

	return {
		url,
		requests,
		mock,
		on: (match, response, options) => void mock.on(match, response, options),
		onPrompt: (prompt, text, options) => void mock.onMessage(prompt, { content: text }, options),
		onPromptCall(prompt, call, options) {
			const toolCalls = [{ ...call, arguments: JSON.stringify(call.arguments) }];
			mock.on({ userMessage: prompt, hasToolResult: false }, { toolCalls }, options);
		},
		onCallOutput: (callId, text, options) =>
			void mock.onToolResult(callId, { content: text }, options),
		reset() {
			requests.length = 0;
			mock.reset();
		},
		async close() {
			const stopped = mock.stop();
			for (const socket of sockets) socket.destroy();
			await stopped;
		},
	};
}

/** Collects the body beside aimock's own reader: its journal keeps only what it converted. */
function follow(request: IncomingMessage): AimockRequest {
	const { method = '', url: path = '', headers } = request;
	const seen: AimockRequest = { method, path, headers };
	const chunks: Buffer[] = [];
	// A listener of our own would start the flow before aimock listens, and it would miss the body.
	request.on('newListener', function join(event: string) {
		if (event !== 'data') return;
		request.off('newListener', join);
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			seen.body = parseJson(Buffer.concat(chunks).toString());
		});
	});
	return seen;
}
