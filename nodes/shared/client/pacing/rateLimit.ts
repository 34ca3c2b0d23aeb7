type Headers = Record<string, string | string[] | undefined>;

/** DigitalOcean's advice where only a reset is given: at least 1 s, and 250 to 500 ms of jitter. */
const MIN_RESET_WAIT_MS = 1_000;

/**
 * How long a refused request must wait by the response's headers, ms; undefined: they do not say.
 * `retry-after-ms`, then `Retry-After` (seconds or a date), then the soonest `x-ratelimit-reset-*`
 * or `ratelimit-reset` (Unix epoch seconds), as DigitalOcean advises for a 429 of serverless inference.
 */
export function retryAfter(headers: Headers, status: number, now = Date.now()): number | undefined {
	const milliseconds = positive(headers['retry-after-ms']);
	if (milliseconds !== undefined) return milliseconds;

	const after = String(headers['retry-after'] ?? '');
	const seconds = positive(after);
	if (seconds !== undefined) return seconds * 1000;
	const date = Date.parse(after);
	if (date > now) return date - now;

	return status === 429 ? untilReset(headers, now) : undefined;
}

/** The inference gateway's, one for each quota; and the platform's (`ratelimit-reset`), which has one. */
const RESET = /^(x-ratelimit-|ratelimit-)reset(|-.+)$/;

/**
 * Until all limits that are used up are reset; if none is said to be, until the soonest reset. A reset of
 * 0 after a refusal is no leave to retry at once; one just past (seen up to 1 s) is.
 */
function untilReset(headers: Headers, now: number): number | undefined {
	const limits = Object.entries(headers).flatMap(([name, value]) => {
		const [, before, limit] = RESET.exec(name) ?? [];
		const seconds = limit !== undefined && positive(value);
		if (!seconds) return [];
		const isUsedUp = headers[`${before}remaining${limit}`] === '0';
		return { wait: seconds * 1000 - now, isUsedUp };
	});
	if (limits.length === 0) return undefined;
	const usedUp = limits.filter(({ isUsedUp }) => isUsedUp).map(({ wait }) => wait);
	const wait =
		usedUp.length > 0 ? Math.max(...usedUp) : Math.min(...limits.map((limit) => limit.wait));
	return Math.max(wait, MIN_RESET_WAIT_MS) + 250 + Math.random() * 250;
}

/** A literal 0 counts as absent, as in DigitalOcean's TypeScript client. */
function positive(value: string | string[] | undefined): number | undefined {
	const number = Number(value || undefined);
	return number > 0 ? number : undefined;
}
