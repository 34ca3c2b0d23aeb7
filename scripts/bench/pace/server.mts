import { Dispatcher } from 'undici';

import type { VirtualClock } from './clock.mjs';

export interface Limit {
	/** Requests a minute, and how many of them may come at once. */
	perMinute: number;
	bucket: number;
	/** Of an answer, ms. */
	latencyMs: number;
	/** What a refusal says beside its status, or each answer: `all`. */
	says: 'limit' | 'all' | 'nothing' | { retryAfter: number };
	/** Everything is refused. */
	isExhausted?: boolean;
	/** The part of all requests that is refused whatever the rate is. */
	byChance?: number;
}

/** From here to the server, and how much longer it may take, ms. */
const WAY_MS = 20;
const JITTER_MS = 5;

/** As measured for DigitalOcean. */
const REFUSAL_MS = 260;

const ANSWER = JSON.stringify({
	id: 'resp_1',
	object: 'response',
	created_at: 0,
	model: 'm',
	status: 'completed',
	output: [
		{
			type: 'message',
			role: 'assistant',
			content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
		},
	],
	usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
});
const REFUSAL = JSON.stringify({ id: 'too_many_requests', message: 'API rate limit exceeded.' });

/** A server behind a token bucket, in virtual time and without a network. */
export class VirtualServer extends Dispatcher {
	accepted = 0;
	refused = 0;
	private tokens: number;
	private filledAt = 0;

	constructor(
		private readonly clock: VirtualClock,
		private readonly limit: Limit,
		private readonly random: () => number,
	) {
		super();
		this.tokens = limit.bucket;
	}

	override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
		let isAborted = false;
		const controller = {
			abort: () => (isAborted = true),
			pause() {},
			resume() {},
		} as unknown as Dispatcher.DispatchController;
		handler.onRequestStart?.(controller, {});
		const answer = (status: number, headers: Record<string, string>, body: string) => {
			if (isAborted) return;
			handler.onResponseStart?.(controller, status, headers, '');
			handler.onResponseData?.(controller, Buffer.from(body));
			handler.onResponseEnd?.(controller, {});
		};
		setTimeout(
			() => {
				const json = { 'content-type': 'application/json' };
				if (this.take()) {
					const { latencyMs } = this.limit;
					const ms = latencyMs * (0.9 + 0.2 * this.random()) - WAY_MS;
					const headers = { ...json, ...(this.limit.says === 'all' && this.words()) };
					setTimeout(() => answer(200, headers, ANSWER), Math.max(ms, 0));
				} else {
					const headers = { ...json, ...this.words() };
					setTimeout(() => answer(429, headers, REFUSAL), REFUSAL_MS - WAY_MS);
				}
			},
			WAY_MS + this.random() * JITTER_MS,
		);
		return true;
	}

	private take(): boolean {
		const { perMinute, bucket, isExhausted, byChance = 0 } = this.limit;
		const now = this.clock.time;
		this.tokens = Math.min(bucket, this.tokens + ((now - this.filledAt) * perMinute) / 60_000);
		this.filledAt = now;
		const isSpared = byChance === 0 || this.random() >= byChance;
		const isAccepted = !isExhausted && this.tokens >= 1 && isSpared;
		if (isAccepted) this.tokens--;
		this[isAccepted ? 'accepted' : 'refused']++;
		return isAccepted;
	}

	private words(): Record<string, string> {
		const { says, perMinute } = this.limit;
		if (says === 'nothing') return {};
		if (typeof says === 'object') return { 'retry-after': String(says.retryAfter) };
		return {
			'x-ratelimit-limit-requests': String(perMinute),
			'x-ratelimit-remaining-requests': String(Math.floor(this.tokens)),
			'x-ratelimit-reset-requests': String(Math.floor(Date.now() / 1000)),
		};
	}
}
