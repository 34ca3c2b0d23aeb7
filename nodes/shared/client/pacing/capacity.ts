/** Requests at a time, where nobody has said how many: at first, and at most. */
const FIRST = 5;
const MOST = 50;

/** Those that were in flight together fail together, ms. */
const TOGETHER_MS = 1_000;

/** The server has too much to do: a refusal, an overload, and Anthropic's word for one. */
const TOO_MUCH = new Set([429, 503, 529]);

/**
 * How many requests with one key may be in flight, found out by trying: one more with each answer, and half as many
 * when the server has too much to do. Over all executions, so that the next one begins where the last one was.
 */
export class Capacity {
	private now = FIRST;
	private loweredAt = -Infinity;
	private readonly listeners = new Set<(requests: number) => void>();

	get requests() {
		return this.now;
	}

	answered() {
		if (this.now < MOST) this.set(this.now + 1);
	}

	/** @param status of an answer that is none; by the clock of `performance` */
	failed(status: number | undefined) {
		const now = performance.now();
		if (!TOO_MUCH.has(status ?? 0) || now - this.loweredAt < TOGETHER_MS) return;
		this.loweredAt = now;
		this.set(Math.max(FIRST, Math.floor(this.now / 2)));
	}

	/**
	 * Tells the number now, and whenever it changes.
	 * @returns ends that
	 */
	follow(listen: (requests: number) => void): () => void {
		listen(this.now);
		this.listeners.add(listen);
		return () => void this.listeners.delete(listen);
	}

	private set(requests: number) {
		this.now = requests;
		for (const listen of this.listeners) listen(requests);
	}
}
