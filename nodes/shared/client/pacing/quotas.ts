type Headers = Record<string, string | string[] | undefined>;

const MINUTE_MS = 60_000;

/** What a character of a request's body costs in tokens, its answer included, before any answer has told. */
const TOKENS_PER_CHARACTER = 0.3;

/** How much the last answer counts for what the next is taken to cost. */
const NEWS = 0.2;

/** As no clock and no way to the server is exact. */
const MARGIN = 0.98;

/** By the endings of their headers: DigitalOcean's, and that of OpenAI for tokens. */
const TOKENS = ['tokens-per-minute', 'tokens'];

/** What was spent up to a request, it included. */
export interface Spending {
	/** By the clock of `performance`, ms. */
	at: number;
	requests: number;
	tokens: number;
	/** Tokens, of it alone. */
	cost: number;
}

/** One quota, refilled evenly within a minute. */
class Quota {
	private told?: { limit: number; left: number; at: number };
	/** In all. */
	spent = 0;

	/** As an answer to a request says that was sent then. What is in flight since owes a minute at most. */
	tell(limit: number, left: number, sent: { at: number; spent: number }) {
		this.told = { limit, left: Math.max(left - (this.spent - sent.spent), -limit), at: sent.at };
	}

	spend(cost: number, now: number) {
		this.spent += cost;
		if (!this.told) return;
		const { limit } = this.told;
		this.told = { limit, left: Math.max(this.left(now) - cost, -limit), at: now };
	}

	refund(cost: number) {
		this.spent -= cost;
		if (this.told) this.told.left += cost;
	}

	/** Until so much may be spent, ms: two minutes at most. */
	wait(cost: number, now: number): number {
		if (!this.told) return 0;
		return (Math.min(cost, this.told.limit) - this.left(now)) / this.perMs;
	}

	private left(now: number): number {
		const { limit = 0, left = 0, at = now } = this.told ?? {};
		return Math.min(limit, left + (now - at) * this.perMs);
	}

	private get perMs() {
		return ((this.told?.limit ?? 0) * MARGIN) / MINUTE_MS;
	}
}

/**
 * What the answers say is left of the requests and tokens a minute (`x-ratelimit-remaining-*`), so that nothing need be
 * refused. What a request will cost in tokens is estimated by its length, and corrected by what others have cost.
 */
export class Quotas {
	private readonly requests = new Quota();
	private readonly tokens = new Quota();
	private perCharacter = TOKENS_PER_CHARACTER;

	/** Until a request may be sent, ms. */
	wait(characters: number, now: number): number {
		return Math.max(this.requests.wait(1, now), this.tokens.wait(this.cost(characters), now));
	}

	/** Such a request is sent now. */
	spend(characters: number, now: number): Spending {
		const cost = this.cost(characters);
		this.requests.spend(1, now);
		this.tokens.spend(cost, now);
		return { at: now, requests: this.requests.spent, tokens: this.tokens.spent, cost };
	}

	/** It was refused, and has cost nothing. */
	refund({ cost }: Spending) {
		this.requests.refund(1);
		this.tokens.refund(cost);
	}

	/** It was let through, and this came with its answer. */
	hear(headers: Headers, { at, requests, tokens }: Spending) {
		this.hearOf(this.requests, headers, 'requests', { at, spent: requests });
		for (const name of TOKENS) this.hearOf(this.tokens, headers, name, { at, spent: tokens });
	}

	/** What it has cost. */
	learn(characters: number, tokens: number) {
		if (characters > 0 && tokens > 0) {
			this.perCharacter += NEWS * (tokens / characters - this.perCharacter);
		}
	}

	private hearOf(
		quota: Quota,
		headers: Headers,
		name: string,
		sent: { at: number; spent: number },
	) {
		const limit = numberOf(headers[`x-ratelimit-limit-${name}`]);
		const left = numberOf(headers[`x-ratelimit-remaining-${name}`]);
		if (limit && left !== undefined) quota.tell(limit, left, sent);
	}

	private cost(characters: number) {
		return characters * this.perCharacter;
	}
}

/** undefined: none, or no number of anything. */
function numberOf(value: string | string[] | undefined): number | undefined {
	const number = typeof value === 'string' && value ? Number(value) : NaN;
	return number >= 0 && number < Infinity ? number : undefined;
}
