import { EventEmitter } from 'node:events';

/** Node takes a longer timer for none and fires it at once, ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** One for all: an abort without a reason makes an error with a stack for each request. */
const RELEASED = new Error('Released');

/**
 * What ends with each signal, behind one listener: Node's event targets are slow to take one on, and look through
 * all that they have to let one go, of which a signal has several for each request in flight.
 */
const followers = new WeakMap<AbortSignal, Followers>();

class Followers {
	private readonly ends = new Set<() => void>();
	private readonly listener = () => {
		for (const end of this.ends) end();
	};

	constructor(private readonly signal: AbortSignal) {}

	add(end: () => void) {
		if (this.ends.size === 0) this.signal.addEventListener('abort', this.listener, { once: true });
		this.ends.add(end);
	}

	remove(end: () => void) {
		if (this.ends.delete(end) && this.ends.size === 0) {
			this.signal.removeEventListener('abort', this.listener);
		}
	}
}

/**
 * Calls `end` as soon as the signal is aborted, at once where it is already.
 * @returns ends that: a signal that lives longer would keep it
 */
function follow(signal: AbortSignal | undefined, end: () => void): () => void {
	if (!signal) return () => {};
	if (signal.aborted) {
		end();
		return () => {};
	}
	const all = followers.get(signal) ?? new Followers(signal);
	followers.set(signal, all);
	all.add(end);
	return () => all.remove(end);
}

/**
 * A controller that `parent` aborts too, until `unlink()`.
 * Not `AbortSignal.any` with `AbortSignal.timeout`: on Node 20 that never fires once garbage collection
 * has run.
 */
export function linkedController(parent?: AbortSignal) {
	const controller = new AbortController();
	return {
		signal: controller.signal,
		abort: (reason: unknown = RELEASED) => controller.abort(reason),
		unlink: follow(parent, () => controller.abort(parent?.reason)),
	};
}

/** The signal of a deadline, in the form of undici that costs less for each request than an `AbortSignal`. */
class DeadlineSignal extends EventEmitter {
	aborted = false;
	reason?: unknown;

	abort(reason: unknown) {
		if (this.aborted) return;
		this.aborted = true;
		this.reason = reason;
		this.emit('abort');
	}
}

/** Aborts when its time is up, or when `parent` does. To be released. */
export class Deadline {
	readonly signal = new DeadlineSignal();
	private readonly unlink: () => void;
	private timer: NodeJS.Timeout | undefined;
	private endTimer: NodeJS.Timeout | undefined;

	constructor(parent?: AbortSignal) {
		this.unlink = follow(parent, () => this.signal.abort(parent?.reason));
	}

	/**
	 * Starts anew, in place of the earlier time.
	 * @param ms 0: no limit
	 */
	set(ms: number, reason: () => Error) {
		clearTimeout(this.timer);
		if (ms <= 0) return;
		const abort = () => this.signal.abort(reason());
		this.timer = setTimeout(abort, Math.min(ms, MAX_TIMER_MS));
	}

	/** Ends it now. */
	abort(reason: Error) {
		this.signal.abort(reason);
	}

	/** Lets the same time start again. */
	restart() {
		this.timer?.refresh();
	}

	/**
	 * Ends it for good: beside the time of `set`, and whatever restarts that. In place of an earlier end.
	 * @param ms from now
	 */
	end(ms: number, reason: () => Error) {
		clearTimeout(this.endTimer);
		this.endTimer = setTimeout(() => this.signal.abort(reason()), Math.min(ms, MAX_TIMER_MS));
	}

	/** Rejects with the reason, once the time is up or the parent aborts. */
	async passed(): Promise<never> {
		const { signal } = this;
		if (!signal.aborted) await new Promise<void>((resolve) => signal.once('abort', resolve));
		throw signal.reason;
	}

	/**
	 * Ends what still goes on under this signal, such as a body that nobody reads.
	 * @param isDone whether nothing goes on any more: an abort costs time, even for nothing
	 */
	release(isDone = false) {
		clearTimeout(this.timer);
		clearTimeout(this.endTimer);
		this.unlink();
		if (!isDone) this.signal.abort(RELEASED);
	}
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as that is aborted: what cannot be
 * ended from outside need not be waited for.
 */
export async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise<T>((resolve, reject) => {
		const unfollow = follow(signal, () => reject(signal.reason as Error));
		work.then(resolve, reject).finally(unfollow);
	});
}
