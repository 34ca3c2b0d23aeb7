import { GradientApiError, isGradientApiError } from '../errors';
import { MAX_TIMER_MS } from '../transport/abort';

/** Requests at a time from which on there is no limit any more, after a refusal. */
const RECOVERED_CONCURRENCY = 256;

/** How long a request waits for others to end, after the last start, ms: one of them may take minutes. */
const PATIENCE_MS = 10_000;

interface Waiting {
	go(): void;
	fail(reason: unknown): void;
}

/**
 * What the requests of one client pass before they are sent, so that they share one rate limit: when one
 * is refused, all that are still to be sent wait together, and then start with half as many at a time.
 * Each success lets one more in, which doubles the number with every round. Where those in flight take
 * long, one more starts now and then.
 */
export class RequestGate {
	/** In the order in which they came. */
	private readonly waiting = new Set<Waiting>();
	private inFlight = 0;
	private concurrency = Infinity;
	/** Refusals so far; those of requests that were in flight together are one. */
	private refusals = 0;
	/** By the clock of `performance`, which nobody sets back. */
	private opensAt = 0;
	private lastStart = -Infinity;
	private timer: NodeJS.Timeout | undefined;

	/**
	 * @param distance least time between the starts of two requests, ms
	 * @param patience how long those in flight hold back the next, where there is a limit, ms
	 */
	constructor(
		private readonly distance: number,
		private readonly patience = PATIENCE_MS,
	) {}

	/**
	 * Sends, when it is this request's turn.
	 * @throws what `send` throws, a GradientApiError with the time that was waited here; the signal's
	 * reason, if it is aborted before
	 */
	async pass<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		const came = performance.now();
		signal?.throwIfAborted();
		if (this.isWaitedFor || this.wait > 0) await this.turn(signal);
		else this.start();
		const waitedMs = performance.now() - came;
		const { refusals } = this;
		const answer = send();
		// what a request says that was sent before the last refusal is not news
		const isNews = () => refusals === this.refusals;
		answer.then(
			() => isNews() && this.speedUp(),
			(error: unknown) => {
				if (!isGradientApiError(error)) return;
				error.details.waitedMs = waitedMs;
				if (error.details.status === 429 && isNews()) this.slowDown();
			},
		);
		try {
			return await answer;
		} finally {
			this.inFlight--;
			// not at once: whoever sent it learns of a refusal first, and closes the gate
			if (this.isWaitedFor) setImmediate(() => this.advance());
		}
	}

	/** Sends nothing for a time, ms. */
	close(ms: number) {
		this.opensAt = Math.max(this.opensAt, performance.now() + ms);
	}

	/** Whether any request waits for its turn. */
	get isWaitedFor() {
		return this.waiting.size > 0;
	}

	/** Nothing waits any more. */
	destroy() {
		clearTimeout(this.timer);
		for (const { fail } of this.waiting) {
			fail(new GradientApiError('The client was closed', { kind: 'settings' }));
		}
		this.waiting.clear();
	}

	/** How long until the next request may start, ms, if none ends before. */
	private get wait() {
		const isFull = this.inFlight >= this.concurrency;
		const distance = isFull ? Math.max(this.distance, this.patience) : this.distance;
		return Math.max(this.opensAt, this.lastStart + distance) - performance.now();
	}

	private start() {
		this.lastStart = performance.now();
		this.inFlight++;
	}

	private async turn(signal?: AbortSignal): Promise<void> {
		await new Promise<void>((go, fail) => {
			const cancel = () => {
				this.waiting.delete(request);
				fail(signal?.reason);
				this.advance();
			};
			const withoutCancel =
				<T>(settle: (value: T) => void) =>
				(value: T) => {
					signal?.removeEventListener('abort', cancel);
					settle(value);
				};
			const request = { go: withoutCancel(go), fail: withoutCancel(fail) };
			signal?.addEventListener('abort', cancel, { once: true });
			this.waiting.add(request);
			this.advance();
		});
	}

	/** Starts as many as may start now, and looks again when the next may. */
	private advance() {
		clearTimeout(this.timer);
		for (const request of this.waiting) {
			const { wait } = this;
			if (wait > 0) {
				this.timer = setTimeout(() => this.advance(), Math.min(Math.ceil(wait), MAX_TIMER_MS));
				return;
			}
			this.waiting.delete(request);
			this.start();
			request.go();
		}
	}

	private slowDown() {
		this.refusals++;
		this.concurrency = Math.max(1, Math.floor(this.inFlight / 2));
	}

	private speedUp() {
		this.concurrency = this.concurrency < RECOVERED_CONCURRENCY ? this.concurrency + 1 : Infinity;
	}
}
