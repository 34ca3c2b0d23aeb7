/** In which the rate doubles where the limit is not known, ms. */
export const DOUBLING_MS = 1_000;

/** In which a cubic curve doubles, once it has passed what was measured: for each request of the measurement, ms. */
const SPAN_PER_REQUEST_MS = 2_000;
const SHORTEST_SPAN_MS = 10_000;
const LONGEST_SPAN_MS = 60_000;

/** How far below what was measured it begins, as a part of it. */
const CAUTION = 0.03;

/** For how long a limit that the server has named is kept to before more is tried, ms. */
const KEPT_MS = 200_000;

/** What is left of a rate that was refused where others use the limit, too. */
const KEPT_OF_SHARE = 0.6;

/** In which a share would grow by the whole limit, ms. */
const WHOLE_LIMIT_MS = 50_000;

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
}

/** The rate after a refusal. Times by the clock of `performance`, ms; rates per ms. */
export interface Curve {
	rate(now: number): number;
	/** A request is sent that the rate has held back. */
	advance(now: number): void;
}

/** Grows as long as it is used up: who needs less learns nothing. */
abstract class Growing implements Curve {
	/** For how long the rate has been used up, ms. */
	protected used = 0;

	constructor(private last: number) {}

	abstract rate(now: number): number;

	advance(now: number) {
		this.used = this.usedUntil(now);
		this.last = now;
	}

	protected usedUntil(now: number) {
		return this.used + Math.min(Math.max(now - this.last, 0), LONGEST_GAP_MS);
	}
}

/**
 * From just below what is known slowly past it, and then ever faster, as in TCP (CUBIC, RFC 9438). The less sure it is,
 * the faster.
 */
export class Cubic extends Growing {
	private readonly span: number;
	private readonly flat: number;

	constructor(
		private readonly known: Known,
		begin: number,
	) {
		super(begin);
		const span = Math.max(SPAN_PER_REQUEST_MS * known.accepted, SHORTEST_SPAN_MS);
		this.span = Math.min(span, LONGEST_SPAN_MS);
		this.flat = Math.cbrt(CAUTION) * this.span;
	}

	rate() {
		const { rate, isTold } = this.known;
		const past = this.used - this.flat;
		const beyond = past > 0 && isTold ? Math.max(past - KEPT_MS, 0) : past;
		return rate * (1 + (beyond / this.span) ** 3);
	}
}

/**
 * Of a limit that others use, too: all lose a part of what they have, and grow by the same, however much that is. So
 * whoever has more than the others loses more than them, and all come to have as much (AIMD, RFC 5681; Chiu and Jain 1989).
 */
export class Share extends Growing {
	/** @param limit of all together, per ms */
	constructor(
		private readonly refused: number,
		private readonly limit: number,
		begin: number,
	) {
		super(begin);
	}

	rate(now: number) {
		return this.refused * KEPT_OF_SHARE + (this.limit * this.usedUntil(now)) / WHOLE_LIMIT_MS;
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
