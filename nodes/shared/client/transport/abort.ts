/** Node takes a longer timer for none and fires it at once, ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** One for all: an abort without a reason makes an error with a stack for each request. */
const RELEASED = new Error('Released');

/**
 * A controller that `parent` aborts too, until `unlink()`: a parent that lives longer would keep it.
 * Not `AbortSignal.any` with `AbortSignal.timeout`: on Node 20 that never fires once garbage collection
 * has run.
 */
export function linkedController(parent?: AbortSignal) {
	const controller = new AbortController();
	const forward = () => controller.abort(parent?.reason);
	if (parent?.aborted) forward();
	parent?.addEventListener('abort', forward, { once: true });
	return {
		signal: controller.signal,
		abort: (reason: unknown = RELEASED) => controller.abort(reason),
		unlink: () => parent?.removeEventListener('abort', forward),
	};
}

/** Rejects with the signal's reason as soon as that is aborted, until `unlink()`. */
function rejectionOf(signal: AbortSignal) {
	let fail = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		fail = () => reject(signal.reason as Error);
	});
	if (signal.aborted) fail();
	// not `once` of node:events, which makes an error with a stack for each abort
	else signal.addEventListener('abort', fail, { once: true });
	return { aborted, unlink: () => signal.removeEventListener('abort', fail) };
}

/** Aborts when its time is up, or when `parent` does. To be released. */
export class Deadline {
	private readonly controller;
	private timer: NodeJS.Timeout | undefined;
	private endTimer: NodeJS.Timeout | undefined;

	constructor(parent?: AbortSignal) {
		this.controller = linkedController(parent);
	}

	get signal() {
		return this.controller.signal;
	}

	/**
	 * Starts anew, in place of the earlier time.
	 * @param ms 0: no limit
	 */
	set(ms: number, reason: () => Error) {
		clearTimeout(this.timer);
		if (ms <= 0) return;
		const abort = () => this.controller.abort(reason());
		this.timer = setTimeout(abort, Math.min(ms, MAX_TIMER_MS));
	}

	/** Ends it now. */
	abort(reason: Error) {
		this.controller.abort(reason);
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
		this.endTimer = setTimeout(() => this.controller.abort(reason()), Math.min(ms, MAX_TIMER_MS));
	}

	/** Rejects with the reason, once the time is up or the parent aborts. */
	async passed(): Promise<never> {
		return await rejectionOf(this.signal).aborted;
	}

	/**
	 * Ends what still goes on under this signal, such as a body that nobody reads.
	 * @param isDone whether nothing goes on any more: an abort costs time, even for nothing
	 */
	release(isDone = false) {
		clearTimeout(this.timer);
		clearTimeout(this.endTimer);
		this.controller.unlink();
		if (!isDone) this.controller.abort(RELEASED);
	}
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as that is aborted: what cannot be
 * ended from outside need not be waited for.
 */
export async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	const { aborted, unlink } = rejectionOf(signal);
	try {
		return await Promise.race([work, aborted]);
	} finally {
		unlink();
	}
}
