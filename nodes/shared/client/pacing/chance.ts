/** The most of all requests that may be refused by chance: a rate that is far too high has more refused. */
const SPARSE = 0.2;

/** Fewer refusals are no evidence. */
const FEW = 5;

/** How much slower must not have helped. */
const SLOWER = 0.7;

/** Requests after which is looked again whether it still is chance. */
const LOOK_AGAIN = 50;

/** What the part of refusals may grow to before it counts as a limit again: so many times as many, and this more. */
const GROWN = { times: 2, more: 0.1 };

/**
 * Whether refusals have nothing to do with the rate, as those of a model that is crowded by others. A limit that
 * refuses a fifth at some rate refuses nothing at seven tenths of it: where as few are refused then as before, going
 * slower does not help, and without this the rate would sink for ever. Limits that others share may fall so: where a
 * server names its limit, nothing is taken for chance.
 */
export class Chance {
	/** Since refusals are few: how fast requests were sent at first, and what became of them. */
	private few?: { rate: number; sent: number; refused: number };
	/** The part of all requests that is refused whatever the rate is. */
	private part?: number;
	private since = { sent: 0, refused: 0 };

	get isAll() {
		return this.part !== undefined;
	}

	/**
	 * @param sent requests since the last call, with those that were refused
	 * @param rate at which they were sent, per ms
	 * @returns whether refusals say nothing about the rate
	 */
	refused(sent: number, refused: number, rate: number): boolean {
		if (this.part !== undefined) return this.isStill(this.part, sent, refused);
		if (refused > sent * SPARSE) {
			this.few = undefined;
			return false;
		}
		this.few ??= { rate, sent: 0, refused: 0 };
		const { few } = this;
		few.rate = Math.max(few.rate, rate);
		few.sent += sent;
		few.refused += refused;
		if (few.refused < FEW || rate > few.rate * SLOWER) return false;
		this.part = few.refused / few.sent;
		this.since = { sent: 0, refused: 0 };
		return true;
	}

	/** The server has named its limit. */
	rulesOut() {
		this.few = undefined;
		this.part = undefined;
	}

	private isStill(part: number, sent: number, refused: number): boolean {
		this.since.sent += sent;
		this.since.refused += refused;
		const { since } = this;
		if (since.sent < LOOK_AGAIN && since.refused < LOOK_AGAIN * GROWN.more + FEW) return true;
		this.since = { sent: 0, refused: 0 };
		if (since.refused <= since.sent * (part * GROWN.times + GROWN.more)) return true;
		this.rulesOut();
		return false;
	}
}
