/** A server that fails by seed: the same requests meet the same faults, in whatever order they come. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

import { sendAnswer } from './answers';
import { faults, healthy, type Deed, type Outcome } from './chaosFaults';
import { parseJson } from './gradientServer';
import { randomOf } from './random';

/** What the server did to one request. */
export interface LedgerEntry {
	prompt: string;
	isStreamed: boolean;
	/** `none`, or a key of `faults`. */
	fault: string;
	kind: string;
	outcome: Outcome;
}

export interface ChaosOptions {
	seed: number;
	/** How probable each fault is. */
	rate: number;
	/** How many refusals of 100 ask for a long wait. */
	slowShare: number;
}

export class ChaosServer {
	/** In the order in which the requests came. */
	readonly ledger: LedgerEntry[] = [];

	openSockets = 0;

	private readonly attempts = new Map<string, number>();

	private readonly server = http.createServer((request, response) => {
		void this.serve(request, response);
	});

	constructor(private options: ChaosOptions) {
		this.server.on('connection', (socket) => {
			this.openSockets++;
			socket.on('error', () => socket.destroy());
			socket.on('close', () => this.openSockets--);
		});
	}

	async listen() {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return this;
	}

	get url() {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Whether it will leave this request, or one of its repetitions, without an answer. */
	willHang(prompt: string, isStreamed: boolean): boolean {
		for (let attempt = 1; ; attempt++) {
			const { fault, outcome } = this.decide(prompt, attempt, isStreamed);
			const mayGoOn = outcome === 'repeated' || outcome === 'lost';
			if (fault === 'hang' || !mayGoOn) return fault === 'hang';
		}
	}

	/** Forgets what it did; goes on with another seed. */
	reset(seed: number) {
		this.options = { ...this.options, seed };
		this.ledger.length = 0;
		this.attempts.clear();
	}

	async close() {
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeAllConnections();
		await closed;
	}

	private async serve(request: IncomingMessage, response: ServerResponse) {
		const body = parseJson(await readText(request)) as { input: string; stream?: boolean };
		const { input: prompt, stream: isStreamed = false } = body;
		const attempt = (this.attempts.get(prompt) ?? 0) + 1;
		this.attempts.set(prompt, attempt);
		const { fault, outcome, kind, answer } = this.decide(prompt, attempt, isStreamed);
		this.ledger.push({ prompt, isStreamed, fault, kind, outcome });
		await sendAnswer(response, answer);
	}

	private decide(prompt: string, attempt: number, isStreamed: boolean): Deed & { fault: string } {
		const { seed, rate, slowShare } = this.options;
		const random = randomOf(hash(`${seed}/${prompt}/${attempt}`));
		const asked = { text: answerTo(prompt), isStreamed, random, slowShare };
		const names = Object.keys(faults);
		const fault = names[Math.floor(random() / rate)];
		const deed = fault === undefined ? healthy(asked) : faults[fault](asked);
		return { ...deed, fault: deed.kind === 'healthy' ? 'none' : fault };
	}
}

/** Longer than one piece of a stream, so that half of it is not all of it. */
export const answerTo = (prompt: string) => `This is the answer to: ${prompt}.`;

/** FNV-1a. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
	return value;
}
