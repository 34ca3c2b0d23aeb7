import { LONGEST_WAIT_MS } from '../limits';

type Headers = Record<string, string | string[] | undefined>;

/** DigitalOcean's advice where only a reset is given: at least 1 s, and 250 to 500 ms of jitter. */
const MIN_RESET_WAIT_MS = 1_000;

export interface Wait {
	/** undefined: the headers do not say, or more than a year, which no server means. */
	retryAfterMs?: number;
	/** The limit is said to be reset by now: only the refused request is to wait, for good measure. */
	isResetDue?: boolean;
}

/**
 * How long a refused request must wait by the response's headers, ms. `retry-after-ms`, then `Retry-After` (seconds or a date), then the
 * soonest `x-ratelimit-reset-*` or `ratelimit-reset` (Unix epoch), as DigitalOcean advises for a 429 of
 * serverless inference.
 */
export function waitOf(headers: Headers, status: number, now = Date.now()): Wait {
	const milliseconds = asWait(positive(headers['retry-after-ms']));
	if (milliseconds !== undefined) return { retryAfterMs: milliseconds };

	const after = String(headers['retry-after'] ?? '');
	const seconds = positive(after);
	const wait = asWait(seconds === undefined ? Date.parse(after) - now : seconds * 1000);
	if (wait !== undefined) return { retryAfterMs: wait };

	return status === 429 ? untilReset(headers, now) : {};
}

export const retryAfter = (headers: Headers, status: number, now?: number): number | undefined =>
	waitOf(headers, status, now).retryAfterMs;

/** Requests a minute, as far as an answer names the limit. */
export const requestLimit = (headers: Headers): number | undefined =>
	positive(headers['x-ratelimit-limit-requests']);

/** undefined where it is no time ahead, or none that can be meant. */
const asWait = (ms: number | undefined) =>
	ms !== undefined && ms > 0 && ms <= LONGEST_WAIT_MS ? ms : undefined;

/** The inference gateway's, one for each quota; and the platform's (`ratelimit-reset`), which has one. */
const RESET = /^(x-ratelimit-|ratelimit-)reset(|-.+)$/;

/**
 * Until all limits that are used up are reset; if none is said to be, until the soonest reset. A reset of
 * 0 after a refusal is no leave to retry at once; one just past (seen up to 1 s) is.
 */
function untilReset(headers: Headers, now: number): Wait {
	const limits = Object.entries(headers).flatMap(([name, value]) => {
		const [, before, limit] = RESET.exec(name) ?? [];
		const reset = limit !== undefined && positive(value);
		if (!reset) return [];
		const wait = fromEpoch(reset) - now;
		const isUsedUp = headers[`${before}remaining${limit}`] === '0';
		return wait <= LONGEST_WAIT_MS ? [{ wait, isUsedUp }] : [];
	});
	if (limits.length === 0) return {};
	const usedUp = limits.filter(({ isUsedUp }) => isUsedUp).map(({ wait }) => wait);
	const wait =
		usedUp.length > 0 ? Math.max(...usedUp) : Math.min(...limits.map((limit) => limit.wait));
	const isResetDue = wait <= MIN_RESET_WAIT_MS;
	return {
		retryAfterMs: Math.max(wait, MIN_RESET_WAIT_MS) + 250 + Math.random() * 250,
		isResetDue,
	};
}

/**
 * A time since 1970 in ms, whatever it was counted in: DigitalOcean counts seconds, others milliseconds,
 * microseconds or nanoseconds. Each is a thousand times the last, and the next 3,000 years are within that.
 */
function fromEpoch(time: number): number {
	if (time < 1e11) return time * 1000;
	if (time < 1e14) return time;
	return time < 1e17 ? time / 1e3 : time / 1e6;
}

/** A literal 0 counts as absent, as in DigitalOcean's TypeScript client. */
function positive(value: string | string[] | undefined): number | undefined {
	const number = Number(value || undefined);
	return number > 0 ? number : undefined;
}
