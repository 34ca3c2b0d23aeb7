import { createHash } from 'node:crypto';

/** OpenAI's models refuse a longer `call_id` ("string too long"). */
const MAX_LENGTH = 64;

/** The same for a call and its result, whichever is read first. */
export const fitCallId = (id: string): string =>
	id.length <= MAX_LENGTH
		? id
		: `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;

/**
 * Gives each call of a conversation an id of its own. Some servers number calls anew in each response; two calls
 * of one id could not be answered apart.
 */
export class CallIds {
	private readonly used: Set<string>;
	/** How often an id came: without it, the search for a free one would start anew for each call. */
	private readonly counts = new Map<string, number>();

	/** @param used ids that are taken already */
	constructor(used: Iterable<string>) {
		this.used = new Set(used);
	}

	/** The id itself, or where that is taken, one like it. */
	take(id: string): string {
		let own = id;
		let count = this.counts.get(id) ?? 1;
		while (this.used.has(own)) {
			const suffix = `_${++count}`;
			own = id.slice(0, MAX_LENGTH - suffix.length) + suffix;
		}
		this.counts.set(id, count);
		this.used.add(own);
		return own;
	}
}
