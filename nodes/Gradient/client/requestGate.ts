import { promise as createQueue } from 'fastq';

import { Deadline } from './abort';
import { Pacer } from './rateLimit';
import { pause } from './retry';

/** Requests at a time from which on there is no limit any more, after a refusal. */
const RECOVERED_CONCURRENCY = 256;

/**
 * What the requests of one client pass before they are sent, so that they share one rate limit: when one
 * is refused, all that are still to be sent wait together, and then start with half as many at a time.
 * Each success lets one more in, which doubles the number with every round.
 */
export class RequestGate {
	private readonly queue = createQueue(async (task: () => Promise<void>) => await task(), Infinity);
	private readonly pacer: Pacer;
	private opening: NodeJS.Timeout | undefined;
	private opensAt = 0;

	/** @param distance least time between the starts of two requests, ms */
	constructor(distance: number) {
		this.pacer = new Pacer(distance);
	}

	/** @throws what `send` throws; the signal's reason, also while the request waits */
	async pass<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		const deadline = new Deadline(signal);
		const inTurn = new Promise<T>((resolve, reject) => {
			const task = async () => {
				await pause(this.pacer.reserve(), signal);
				resolve(await send());
				this.speedUp();
			};
			this.queue.push(task).catch(reject);
		});
		try {
			return await Promise.race([inTurn, deadline.passed()]);
		} finally {
			deadline.release();
		}
	}

	/** Sends nothing for a time, ms. */
	close(ms: number, now = Date.now()) {
		// those that were in flight together are refused together: that is one refusal
		const isOpen = now >= this.opensAt;
		if (isOpen) this.queue.concurrency = Math.max(1, Math.floor(this.queue.running() / 2));
		if (now + ms <= this.opensAt) return;
		this.opensAt = now + ms;
		this.queue.pause();
		clearTimeout(this.opening);
		this.opening = setTimeout(() => this.queue.resume(), ms);
	}

	private speedUp() {
		const { concurrency } = this.queue;
		if (concurrency === Infinity) return;
		this.queue.concurrency = concurrency < RECOVERED_CONCURRENCY ? concurrency + 1 : Infinity;
	}

	/** Nothing waits any more. */
	destroy() {
		clearTimeout(this.opening);
		this.queue.kill();
	}
}
