/** The most of all requests that may be refused by chance: a rate that is far too high has more refused. */
const SPARSE = 0.2;

/** So many refusals are looked at together: one more or less is no evidence. */
const GROUP = 5;

/** How much slower must not have helped. */
const SLOWER = 0.7;

/** Requests after which is looked again whether it still is chance. */
const LOOK_AGAIN = 50;

/** What the part of refusals may grow to before it counts as a limit again: so many times as many, and this more. */
const GROWN = { times: 2, more: 0.1 };

/** From one refusal to the next. */
interface Span {
	/** Requests, with those that were refused. */
	sent: number;
	refused: number;
	ms: number;
}

/**
 * Whether refusals have nothing to do with the rate, as those of a model that is crowded by others. A limit that
 * refuses a fifth at some rate refuses nothing at seven tenths of it: where as few are refused then as before, going
 * slower does not help, and without this the rate would sink for ever. Limits that others share may fall so: where a
 * server names its limit, nothing is taken for chance.
 */
export class Chance {
	/** The last ones. */
	private group: Span[] = [];
	/** The highest rate since refusals are few, per ms. */
	private peak = 0;
	/** The part of all requests that is refused whatever the rate is. */
	private part?: number;
	private since = { sent: 0, refused: 0 };

	get isAll() {
		return this.part !== undefined;
	}

	/** @returns whether refusals say nothing about the rate */
	refused(span: Span): boolean {
		if (this.part !== undefined) return this.isStill(this.part, span);
		this.group = [...this.group.slice(1 - GROUP), span];
		if (this.group.length < GROUP) return false;
		const { sent, refused, ms } = sumOf(this.group);
		const rate = sent / ms;
		if (refused > sent * SPARSE) {
			this.peak = 0;
			return false;
		}
		this.peak = Math.max(this.peak, rate);
		if (rate > this.peak * SLOWER) return false;
		this.part = refused / sent;
		this.since = { sent: 0, refused: 0 };
		return true;
	}

	/** The server has named its limit. */
	rulesOut() {
		this.group = [];
		this.peak = 0;
		this.part = undefined;
	}

	private isStill(part: number, { sent, refused }: Span): boolean {
		this.since.sent += sent;
		this.since.refused += refused;
		const { since } = this;
		if (since.sent < LOOK_AGAIN && since.refused < LOOK_AGAIN * GROWN.more + GROUP) return true;
		this.since = { sent: 0, refused: 0 };
		if (since.refused <= since.sent * (part * GROWN.times + GROWN.more)) return true;
		this.rulesOut();
		return false;
	}
}

const sumOf = (spans: Span[]): Span => {
	const sum = (key: keyof Span) => spans.reduce((total, span) => total + span[key], 0);
	return { sent: sum('sent'), refused: sum('refused'), ms: sum('ms') };
};
