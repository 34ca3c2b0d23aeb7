/** In which the rate doubles where the limit is not known, ms. */
export const DOUBLING_MS = 1_000;

/** In which a cubic curve doubles, once it has passed what was measured: for each request of the measurement, ms. */
const SPAN_PER_REQUEST_MS = 2_000;
const SHORTEST_SPAN_MS = 10_000;
const LONGEST_SPAN_MS = 60_000;
const SHARED_SPAN_MS = 5_000;

/** How far below what was measured it begins, as a part of it. */
const CAUTION = { alone: 0.03, shared: 0.1 };

/** For how long a limit that the server has named is kept to before more is tried, ms. */
const KEPT_MS = 200_000;

/** What the time between two requests counts at most, ms. */
const LONGEST_GAP_MS = 10_000;

/** What is known of the limit. */
export interface Known {
	/** Requests per ms. */
	rate: number;
	/** Requests that it was measured by. */
	accepted: number;
	/** A server has named it. */
	isTold: boolean;
	/** Others use the key, too. */
	isShared: boolean;
}

/** The rate after a refusal. Times by the clock of `performance`, ms; rates per ms. */
export interface Curve {
	rate(now: number): number;
	/** A request is sent that the rate has held back. */
	advance(now: number): void;
}

/**
 * From just below what is known slowly past it, and then ever faster, as in TCP (CUBIC, RFC 9438). The less sure it
 * is, or the more others there are to share with, the faster. It grows with time, not with requests: so those that
 * have much of a shared limit are refused the more often, and come to have as much as the others.
 */
export class Cubic implements Curve {
	/** For how long the rate has been used up, ms. */
	private used = 0;
	private readonly span: number;
	private readonly flat: number;

	constructor(
		private readonly known: Known,
		private last: number,
	) {
		const { accepted, isShared } = known;
		const span = Math.max(SPAN_PER_REQUEST_MS * accepted, SHORTEST_SPAN_MS);
		this.span = isShared ? SHARED_SPAN_MS : Math.min(span, LONGEST_SPAN_MS);
		this.flat = Math.cbrt(isShared ? CAUTION.shared : CAUTION.alone) * this.span;
	}

	rate() {
		const { rate, isTold } = this.known;
		const past = this.used - this.flat;
		const beyond = past > 0 && isTold ? Math.max(past - KEPT_MS, 0) : past;
		return rate * (1 + (beyond / this.span) ** 3);
	}

	advance(now: number) {
		this.used += Math.min(Math.max(now - this.last, 0), LONGEST_GAP_MS);
		this.last = now;
	}
}

/** Doubles each second, up to where another curve begins. */
export class Doubling implements Curve {
	private isOver = false;

	/** @param next undefined: nothing is known yet, so that only a refusal ends it */
	constructor(
		readonly from: number,
		private readonly since: number,
		private readonly next?: Curve,
	) {}

	rate(now: number) {
		const rate = this.from * 2 ** (Math.max(now - this.since, 0) / DOUBLING_MS);
		const end = this.next?.rate(now) ?? Infinity;
		this.isOver ||= rate >= end;
		return this.isOver ? end : rate;
	}

	advance(now: number) {
		if (this.isOver) this.next?.advance(now);
	}
}
