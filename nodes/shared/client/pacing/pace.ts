import { Chance } from './chance';
import { Cubic, type Curve, DOUBLING_MS, Doubling, type Known, Share } from './curves';
import { Measurements } from './measurements';

/** Requests that may be in flight before any was let through; as many are refused at most where a key is new. */
const UNPROVEN = 16;

/** A refusal comes at once (0.26 s at DigitalOcean): what is in flight for longer was let through, ms. */
const PROVEN_MS = 1_000;

/** The slowest: a request each 8 s, as in the backoff of DigitalOcean's clients. Per ms. */
const SLOWEST = 1 / 8_000;

/** After the first refusal, where nothing is known of the limit: as soon as DigitalOcean advises. Per ms. */
const FIRST = 1 / 500;

/** What a late timer may catch up, ms. */
const SLACK_MS = 50;

/** A request that was sent. */
export interface Sent {
	/** By the clock of `performance`. */
	at: number;
	/** Counted from 0. */
	number: number;
	isUnproven: boolean;
}

/**
 * How many answers a second a key is given, found out by being refused. Before the first refusal there is no rate:
 * with each answer, one more may be in flight. After one, what counts is how many were let through between two
 * refusals, however many are in flight: see `Measurements`. The rate stays a little below that, and carefully tries more;
 * where others use the limit, too, it comes to be as high as theirs.
 * Times are those of `performance.now()`, ms; rates are per ms.
 */
export class Pace {
	private started = 0;
	/** The first request that no rate has held back. */
	private first: Pick<Sent, 'at' | 'number'> = { at: 0, number: 0 };
	/** In the order in which they were sent. */
	private unproven: Sent[] = [];
	private unprovenCount = 0;
	private allowance = UNPROVEN;
	private readonly measurements = new Measurements();
	private readonly chance = new Chance();
	/** undefined as long as nothing was refused. */
	private curve?: Curve;
	/** When, by the rate, the last request had its turn. */
	private turnAt = -Infinity;
	private decidedAt = -Infinity;
	/** For how long since then there was less to send. */
	private unusedMs = 0;

	/** Whether a rate holds requests back. */
	get isLimited() {
		return this.curve !== undefined;
	}

	/** Whether refusals have turned out to say nothing about the rate: then only who is refused waits. */
	get isByChance() {
		return this.chance.isAll;
	}

	/** Until the next request may be sent, ms; to be asked again then, and whenever one ends. */
	wait(now: number): number {
		if (this.curve) {
			const wait = this.turnAt + 1 / this.curve.rate(now) - now;
			// the rate may double meanwhile
			return Math.min(wait, DOUBLING_MS / 4);
		}
		this.prove(now);
		if (this.unprovenCount < this.allowance) return 0;
		return this.unproven[0].at + PROVEN_MS - now;
	}

	/** @param hasWaited whether the rate has held it back */
	start(now: number, hasWaited: boolean): Sent {
		const sent = { at: now, number: this.started++, isUnproven: !this.curve };
		if (this.curve) {
			const turn = this.turnAt + 1 / this.curve.rate(now);
			// who needs less than the rate learns nothing about it
			if (hasWaited) this.curve.advance(now);
			else if (turn > -Infinity) this.unusedMs += Math.max(now - turn, 0);
			this.turnAt = turn === -Infinity ? now : Math.max(turn, now - SLACK_MS);
		} else {
			if (sent.number === 0) this.first = sent;
			this.unproven.push(sent);
			this.unprovenCount++;
		}
		return sent;
	}

	/** It has ended, in whatever way. */
	settle(sent: Sent) {
		if (!sent.isUnproven) return;
		sent.isUnproven = false;
		this.unprovenCount--;
	}

	/** It was let through, and is answered. */
	accept() {
		this.allowance++;
	}

	/**
	 * @param said of the refusal: the requests a minute; and for how long nobody is to come, ms
	 */
	refuse(sent: Sent, now: number, said: { limit?: number; waitMs?: number } = {}) {
		// what was sent before the rate was lowered is no news
		if (sent.at <= this.decidedAt) {
			this.measurements.refusedToo(sent);
			return;
		}
		const rate = this.curve?.rate(now) ?? this.rateSinceFirst(sent);
		const known = this.measurements.refused(sent, rate, this.unusedMs, said.limit);
		if (said.limit !== undefined) this.chance.rulesOut();
		else if (this.isChance()) {
			this.curve = undefined;
			this.first = sent;
			this.decidedAt = now;
			return;
		}
		const begin = now + (said.waitMs ?? 0);
		const next = this.around(known, rate, begin);
		this.curve = next && this.measurements.last >= 2 ? next : this.doubling(rate, begin, next);
		this.decidedAt = now;
		// who has waited for so long need not wait for a turn, too
		this.turnAt = said.waitMs ? -Infinity : now;
		this.unusedMs = 0;
	}

	/** undefined where too little is known. */
	private around(known: Known | undefined, rate: number, begin: number): Curve | undefined {
		const { sharedLimit } = this.measurements;
		if (sharedLimit !== undefined) return new Share(rate, sharedLimit, begin);
		return known && new Cubic({ ...known, rate: Math.max(known.rate, SLOWEST) }, begin);
	}

	/** From half of the rate, or where nothing was let through since, of where it began last. */
	private doubling(rate: number, begin: number, next?: Curve): Doubling {
		const last = this.measurements.last === 0 && this.curve instanceof Doubling ? this.curve : null;
		const least = this.curve ? SLOWEST : FIRST;
		const from = Math.min(rate, last?.from ?? Infinity, next?.rate(begin) ?? Infinity) / 2;
		return new Doubling(Math.max(from, least), begin, next);
	}

	/** What came before the first refusal was no rate. */
	private isChance(): boolean {
		const hasRate = this.curve !== undefined || this.chance.isAll;
		return hasRate && this.chance.refused(this.measurements.lastSpan);
	}

	private rateSinceFirst({ at, number }: Sent) {
		return (number - this.first.number) / Math.max(at - this.first.at, PROVEN_MS);
	}

	private prove(now: number) {
		let settled = 0;
		for (const sent of this.unproven) {
			if (sent.isUnproven && sent.at + PROVEN_MS > now) break;
			this.settle(sent);
			settled++;
		}
		if (settled > 0) this.unproven.splice(0, settled);
	}
}
