import { setTimeout as sleep } from 'node:timers/promises';

import {
	type FailureKind,
	type GradientApiError,
	isGradientApiError,
	isUnreadableCall,
} from '../errors';

/** First wait where the API does not say how long, ms; doubled each time. */
const BASE_DELAY_MS = 500;
const MAX_BACKOFF_MS = 8_000;

/** A longer wait than this is not ours to take: the limit will not clear while the user looks on, ms. */
export const MAX_WAIT_MS = 60_000;

const RETRIED_STATUS = new Set([408, 409, 429]);

/** What the server may have worked on, or what a retry cannot change, is of another kind. */
const RETRIED_KINDS = new Set<FailureKind>(['http', 'connection']);

/**
 * How long to wait before the request is sent again, ms; undefined: it is not.
 * Retried, as by DigitalOcean's own clients: connection failures, 408, 409, 429 and 5xx, unless the
 * API says otherwise (`x-should-retry`). Not where the server cannot read a tool call, nor a gateway's time-out behind
 * which the model goes on, unless the API says so. Never after a 2xx or our own deadline: that call may be billed.
 * @param retries how many were made already
 */
export function retryDelay(error: GradientApiError, retries: number): number | undefined {
	const { details } = error;
	const { kind, status = 0, retryAfterMs, mayRunOn, isHopeless } = details;
	if (!RETRIED_KINDS.has(kind) || isUnreadableCall(error) || isHopeless) return undefined;
	const isTransient = kind === 'connection' || RETRIED_STATUS.has(status) || status >= 500;
	if (!(details.shouldRetry ?? (isTransient && !mayRunOn))) return undefined;
	if (retryAfterMs !== undefined) return retryAfterMs <= MAX_WAIT_MS ? retryAfterMs : undefined;
	const backoff = Math.min(BASE_DELAY_MS * 2 ** retries, MAX_BACKOFF_MS);
	return backoff * (1 - Math.random() / 4);
}

export interface RetryOptions {
	/** Requests after the first one. */
	maxRetries: number;
	signal?: AbortSignal;
	/**
	 * Learns of each failure: how long to wait before anything like it is sent, ms, undefined if that is
	 * hopeless; and whether this request itself will be sent again.
	 */
	onFailure?(failure: GradientApiError, delay: number | undefined, willRetry: boolean): void;
}

/**
 * Runs `send`, and again after each failure that may pass, at most `maxRetries` times.
 * @throws what the last `send` threw, with the number of all attempts and the time waited between them; the
 * signal's reason if it is aborted
 */
export async function withRetries<T>(
	send: (isRetry: boolean) => Promise<T>,
	{ maxRetries, signal, onFailure }: RetryOptions,
): Promise<T> {
	let waited = 0;
	let attempts = 0;
	for (let retries = 0; ; retries++) {
		const outcome = await send(retries > 0).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) return outcome.value;

		const { error } = outcome;
		if (signal?.aborted || !isGradientApiError(error)) throw error;
		const { details } = error;
		// the gate sends again what is refused, and adds its own waits
		waited += details.waitedMs ?? 0;
		attempts += details.attempts ?? 1;
		details.attempts = attempts;
		details.waitedMs = waited || undefined;
		const delay = retryDelay(error, retries);
		const willRetry = delay !== undefined && retries < maxRetries;
		onFailure?.(error, delay, willRetry);
		if (!willRetry) throw error;
		await pause(delay, signal);
		waited += delay;
	}
}

/** @throws the signal's reason, at once, if it is aborted meanwhile */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
	signal?.throwIfAborted();
}
