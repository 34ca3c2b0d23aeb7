/** What a hostile or broken server answers, by the name of its case. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

type Send = (response: ServerResponse) => void | Promise<void>;

const MB = 2 ** 20;

const JSON_TYPE = { 'content-type': 'application/json' };
const GZIP = { ...JSON_TYPE, 'content-encoding': 'gzip' };

const whole =
	(status: number, headers: Record<string, string>, body: string | Buffer): Send =>
	(response) =>
		void response.writeHead(status, headers).end(body);

const answer = (output: unknown[]) =>
	whole(200, JSON_TYPE, JSON.stringify({ id: 'resp_1', status: 'completed', output }));

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

const delta = (text: string, more = {}) =>
	event({ ...more, choices: [{ index: 0, delta: { content: text } }] });

/** A stream, and what follows it: its end, a reset, or comments for ever. */
const stream =
	(events: string[], then: 'end' | 'reset' | 'comments'): Send =>
	async (response) => {
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		await new Promise<unknown>((resolve) => response.write(events.join(''), resolve));
		if (then === 'end') return void response.end();
		while (then === 'comments' && !response.destroyed) {
			await sleep(100);
			response.write(': still here\n\n');
		}
		// a reset on the heels of data would overtake it
		await sleep(200);
		response.socket?.resetAndDestroy();
	};

const repeated = <T,>(count: number, make: (index: number) => T) =>
	Array.from({ length: count }, (_, index) => make(index));

/** Chunks with a new key each, of about so many bytes together. */
const newKeys = (bytes: number) => [
	...repeated(bytes / 80, (index) => delta('a', { [`key_number_${index}`]: index })),
	event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
];

const calls = (count: number, name: string, callId: (index: number) => string) =>
	repeated(count, (index) => ({
		type: 'function_call',
		call_id: callId(index),
		name,
		arguments: '{}',
	}));

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const finished = [
	delta('Hello'),
	event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
];

/** Headers and the beginning of an error, then a byte now and then. */
const dripping =
	(status: number, headers: Record<string, string>): Send =>
	async (response) => {
		response.writeHead(status, { ...JSON_TYPE, ...headers });
		response.write('{"error":{"message":"Slow down');
		while (!response.destroyed) {
			response.write(' ');
			await sleep(100);
		}
	};

/** An error without end, as fast as it is read. */
const endless =
	(status: number): Send =>
	async (response) => {
		response.writeHead(status, JSON_TYPE);
		const chunk = Buffer.alloc(MB, ' ');
		while (!response.destroyed) {
			if (!response.write(chunk)) await Promise.race([once(response, 'drain'), sleep(1_000)]);
		}
	};

const once = async (response: ServerResponse, name: string) =>
	await new Promise((resolve) => response.once(name, resolve));

/** 60 MB of small objects, which take a gigabyte once they are parsed. */
const bomb = () =>
	gzipSync(`{"error":{"message":"Boom"},"filling":[${'{},'.repeat((60 * MB) / 3)}{}]}`);

export const ANSWERS: Record<string, () => Send> = {
	healthy: () => answer([{ type: 'message', content: 'Hello' }]),
	errorBomb: () => whole(500, GZIP, bomb()),
	answerBomb: () => whole(200, GZIP, bomb()),
	endlessTitle: () =>
		whole(503, { 'content-type': 'text/html' }, `<html>${'<title'.repeat(50_000)}`),
	newKeys100k: () => stream(newKeys(100_000), 'end'),
	newKeys1m: () => stream(newKeys(1_000_000), 'end'),
	emptyItems: () =>
		whole(200, JSON_TYPE, `{"status":"completed","output":[${'{},'.repeat((5 * MB) / 3)}{}]}`),
	wrongItems: () =>
		whole(200, JSON_TYPE, `{"status":"completed","output":[${'0,'.repeat((5 * MB) / 2)}0]}`),
	wrongFields: () =>
		answer(repeated(10_000, () => ({ type: 1, id: [], name: 2, content: 3, arguments: 4 }))),
	strangeLines: () => stream([delta('Hello'), 'a:\n'.repeat(MB / 3)], 'end'),
	sameCallId: () => answer(calls(15_000, 'get_weather', () => 'call_1')),
	chinese20k: () => stream([delta('语'.repeat(20_000))], 'reset'),
	chinese50k: () => stream([delta('语'.repeat(50_000))], 'reset'),
	hints: () =>
		whole(
			200,
			JSON_TYPE,
			JSON.stringify({
				status: 'incomplete',
				incomplete_details: { reason: 'max_output_tokens' },
				output: [{ type: 'message', content: 'Hello' }],
			}),
		),
	deepArguments: () =>
		answer([{ type: 'function_call', call_id: 'c', name: 'f', arguments: deep(20_000) }]),
	manyCalls: () => answer(calls(5_000, 'get_weather', (index) => `call_${index}`)),
	commentsAfterEvent: () => stream([delta('Hello')], 'comments'),
	commentsAfterEnd: () => stream(finished, 'comments'),
	dripping429: () => dripping(429, { 'retry-after': '1' }),
	dripping500: () => dripping(500, {}),
	endless429: () => endless(429),
	endless500: () => endless(500),
};

/** Each case has a path of its own before `/v1`. */
export async function startServer() {
	const made = new Map<string, Send>();
	const seen = new Map<string, number>();
	const server = createServer(async (request, response) => {
		const name = request.url?.split('/')[1] ?? '';
		seen.set(name, (seen.get(name) ?? 0) + 1);
		for await (const _ of request);
		let send = made.get(name);
		if (!send) made.set(name, (send = ANSWERS[name]()));
		response.on('error', () => response.destroy());
		await send(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		urlOf: (name: string) => `http://127.0.0.1:${port}/${name}`,
		requestsOf: (name: string) => seen.get(name) ?? 0,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}
