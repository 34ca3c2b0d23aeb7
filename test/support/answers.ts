import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** How a local server answers one request. */
export interface Answer {
	/** 200 if left out. */
	status?: number;
	headers?: OutgoingHttpHeaders;
	/** A body to be sent as JSON. */
	json?: unknown;
	/** A body to be sent as it is; its type goes into `headers`. Ignored if `json` is given. */
	body?: string | Buffer;
	/** A body in pieces, each in a write of its own. */
	chunks?: Array<string | Buffer>;
	/** Milliseconds before the headers. */
	delayMs?: number;
	/** Milliseconds before each of the `chunks` but the first. */
	gapMs?: number;
	/** The last of the `chunks` waits for this: the test decides by what has happened, not by the clock. */
	holdLast?: Promise<unknown>;
	/** How much is sent; `all` if left out. Of `chunks`, half means the first half of them. */
	send?: 'nothing' | 'headers' | 'half' | 'all';
	/** What follows; `end` if left out. `close` ends the connection in order, `reset` (RST) does not. */
	then?: 'end' | 'hang' | 'close' | 'reset';
}

type Extras = Pick<Answer, 'status' | 'headers' | 'delayMs'>;

export const json = (value: unknown, extras: Extras = {}): Answer => ({ json: value, ...extras });

export const raw = (
	body: string | Buffer,
	contentType: string,
	{ headers, ...extras }: Extras = {},
): Answer => ({ body, headers: { 'content-type': contentType, ...headers }, ...extras });

/** Never answers. */
export const hang = (): Answer => ({ send: 'nothing', then: 'hang' });

/** Resets the connection before any header. */
export const reset = (): Answer => ({ send: 'nothing', then: 'reset' });

/** Sends the headers and half of the JSON, then resets the connection. */
export const halfThenReset = (value: unknown): Answer => ({
	json: value,
	send: 'half',
	then: 'reset',
});

/** A body of server-sent events, each chunk in a write of its own, `gapMs` apart. */
export const eventStream = (
	chunks: Array<string | Buffer>,
	extras: Extras & Pick<Answer, 'gapMs' | 'holdLast' | 'send' | 'then'> = {},
): Answer => ({
	chunks,
	...extras,
	headers: { 'content-type': 'text/event-stream; charset=utf-8', ...extras.headers },
});

/** Answers as told; returns when all that is to be sent was handed over, or the connection is gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer) {
	const { status = 200, send: amount = 'all', then = 'end' } = answer;
	await pause(response, answer.delayMs);
	if (response.destroyed) return;

	const isJson = answer.json !== undefined;
	const whole = isJson ? JSON.stringify(answer.json) : (answer.body ?? '');
	const parts = answer.chunks ?? [whole];
	if (amount !== 'nothing') {
		response.writeHead(status, {
			...(isJson && { 'content-type': 'application/json' }),
			// the length of the whole, so that a client can tell that half is missing
			...(!answer.chunks && { 'content-length': Buffer.byteLength(whole) }),
			...answer.headers,
		});
		response.flushHeaders();
	}
	if (amount === 'half' || amount === 'all') {
		for (const [i, part] of firstOf(parts, amount).entries()) {
			if (i > 0) await pause(response, answer.gapMs);
			if (i === parts.length - 1) await answer.holdLast;
			if (response.destroyed) return;
			await new Promise<unknown>((resolve) => response.write(part, resolve));
		}
	}
	if (then === 'end') response.end();
	else if (then !== 'hang') await disconnect(response, then);
}

function firstOf(parts: Array<string | Buffer>, amount: 'half' | 'all'): Array<string | Buffer> {
	if (amount === 'all') return parts;
	if (parts.length > 1) return parts.slice(0, Math.ceil(parts.length / 2));
	return [Buffer.from(parts[0]).subarray(0, Math.floor(Buffer.byteLength(parts[0]) / 2))];
}

async function disconnect(response: ServerResponse, how: 'close' | 'reset') {
	// A reset on the heels of data reaches the client as an orderly end (Linux, Node 20).
	if (response.headersSent) await pause(response, 20);
	if (how === 'reset') response.socket?.resetAndDestroy();
	// the error marks the response as broken off by us, so that it does not count as left by the client
	response.destroy(new Error(`The test asked for: ${how}`));
}

/** Waits, at most as long as the connection lives. */
async function pause(response: ServerResponse, ms = 0) {
	if (ms <= 0 || response.destroyed) return;
	const gone = new AbortController();
	const leave = () => gone.abort();
	response.once('close', leave);
	await sleep(ms, undefined, { signal: gone.signal }).catch(() => undefined);
	response.off('close', leave);
}
