import type { Known } from './curves';

/** Requests that a measurement is made of at most: older ones tell of what may have changed. */
const ENOUGH = 100;

/** Fewer tell nothing. */
const FEW = 3;

/** How many requests more or less than its rate a limiter may let through between two refusals. */
const TOLERANCE = 1.5;

/** A limiter that saves nothing gives less where it is asked for less: how many times what was used it may have had. */
const UNUSED = 1.1;

/** How much of a span may be without a request that the rate holds back, as a part of it. */
const MOST_UNUSED = 0.1;

/** The limit that an answer names weighs like so many requests, as long as nothing contradicts it. */
const TOLD_WEIGHT = 50;

/** The part of a named limit that may be one's share: less is refused by another limit, and with more nobody else is left. */
const SHARE = { least: 1 / 32, most: 0.95 };

/** Below what is known, as no clock and no way to the server is exact. */
const MARGIN = { told: 0.98, measured: 0.995 };

interface Span {
	accepted: number;
	ms: number;
}

interface Numbered {
	at: number;
	number: number;
}

/**
 * What refusals tell of the limit. At each of them it had nothing left to give, so between two of them it has given
 * what it has: the requests that were let through, divided by the time, give or take one. Several such spans are more
 * exact together, as long as they agree. What an answer names as the limit counts until the spans contradict it: where
 * less than that is let through, others use it, too.
 */
export class Measurements {
	/** Between the refusals so far, the last one last. */
	private spans: Span[] = [];
	/** The last refusal; and how many were refused of those that were sent after it. */
	private begin?: Numbered;
	private refusedSince = 0;
	/** What the last refusal named, per ms, where others use it, too. */
	sharedLimit?: number;
	/** Requests that were let through in the last span; where it was told only, what that weighs. */
	last = 0;
	/** All requests of the last span, and how many of them were refused. */
	lastSpan = { sent: 1, refused: 1, ms: 1 };

	/**
	 * @param rate at which requests were sent then, per ms
	 * @param unusedMs for how long there was less to send than that
	 * @param limit requests a minute, where the answer names it
	 * @returns what is known now; undefined: too little to tell
	 */
	refused(sent: Numbered, rate: number, unusedMs: number, limit?: number): Known | undefined {
		const told = limit === undefined ? undefined : limit / 60_000;
		if (this.begin) this.add(this.begin, sent, unusedMs);
		const known = this.begin ? this.measure(rate, told) : this.believe(told);
		this.begin = sent;
		this.refusedSince = 0;
		return known;
	}

	/** One that was sent before the last refusal was known. */
	refusedToo({ number }: Numbered) {
		if (this.begin && number > this.begin.number) this.refusedSince++;
	}

	private believe(told: number | undefined, accepted = 0): Known | undefined {
		if (told === undefined) return undefined;
		this.last ||= TOLD_WEIGHT;
		const rate = told * MARGIN.told;
		return { rate, accepted: accepted + TOLD_WEIGHT, isTold: true };
	}

	private add(begin: Numbered, end: Numbered, unusedMs: number) {
		this.last = Math.max(end.number - begin.number - 1 - this.refusedSince, 0);
		const ms = Math.max(end.at - begin.at, 1);
		const refused = this.refusedSince + 1;
		this.lastSpan = { sent: this.last + refused, refused, ms };
		// otherwise it tells what was asked for, not what is given
		if (unusedMs < ms * MOST_UNUSED) this.spans.push({ accepted: this.last, ms });
	}

	/** By as many spans, from the last one back, as agree with each other. */
	private measure(rate: number, told?: number): Known | undefined {
		let sum: Span = { accepted: 0, ms: 0 };
		let [least, most] = [0, Infinity];
		let taken = 0;
		for (const span of this.spans.toReversed()) {
			const accepted = sum.accepted + span.accepted;
			const ms = sum.ms + span.ms;
			const low = Math.max(least, (accepted - TOLERANCE) / ms);
			const high = Math.min(most, (UNUSED * (accepted + TOLERANCE)) / ms);
			if (sum.accepted >= ENOUGH || low > high) break;
			sum = { accepted, ms };
			[least, most] = [low, high];
			taken++;
		}
		this.spans = this.spans.slice(this.spans.length - taken);
		const { accepted, ms } = sum;
		this.sharedLimit = this.isShared(rate, most, told) ? told : undefined;
		if (told !== undefined && told >= least && told <= most) return this.believe(told, accepted);
		if (accepted < FEW) return undefined;
		// the limit is above what it has let through on the whole, and below what it has refused
		const between = (accepted / ms + Math.min(rate, most)) / 2;
		return { rate: Math.max(between, least) * MARGIN.measured, accepted, isTold: false };
	}

	/** @param most that can have been let through, per ms */
	private isShared(rate: number, most: number, told = 0): boolean {
		if (rate < told * SHARE.least) return false;
		const wasShared = this.sharedLimit !== undefined;
		return told > most || (wasShared && rate <= told * SHARE.most);
	}
}
