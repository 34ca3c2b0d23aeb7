import { setImmediate as nextTurn } from 'node:timers/promises';

/** In which all that follows from one timer has happened: a request takes four turns of the event loop. */
const TURNS = 8;

interface Timer {
	at: number;
	number: number;
	run(): void;
}

/**
 * Time that passes only where all that is to happen has happened: `setTimeout`, `performance.now` and `Date.now` of
 * this process are its own from now on, so that hours take seconds and a busy machine changes nothing.
 */
export class VirtualClock {
	private now = 0;
	private count = 0;
	private readonly timers = new Map<number, Timer>();
	private readonly epoch = Date.UTC(2026, 10, 28);

	install() {
		performance.now = () => this.now;
		Date.now = () => this.epoch + this.now;
		const set = (run: (...parameters: unknown[]) => void, ms = 0, ...parameters: unknown[]) =>
			this.set(() => run(...parameters), ms);
		globalThis.setTimeout = set as unknown as typeof setTimeout;
		globalThis.clearTimeout = ((timer?: { number: number }) => {
			if (timer) this.timers.delete(timer.number);
		}) as typeof clearTimeout;
	}

	get time() {
		return this.now;
	}

	/** Lets time pass until the work is done. */
	async until<T>(work: Promise<T>): Promise<T> {
		let isDone = false;
		const done = work.finally(() => (isDone = true));
		done.catch(() => undefined);
		for (;;) {
			for (let turn = 0; turn < TURNS && !isDone; turn++) await nextTurn();
			if (isDone) return await done;
			const next = this.next();
			if (!next) throw new Error('Nothing is to happen any more, and the work is not done');
			this.timers.delete(next.number);
			this.now = Math.max(this.now, next.at);
			next.run();
		}
	}

	private set(run: () => void, ms: number) {
		const number = this.count++;
		const timer = { at: this.now + Math.max(ms, 1), number, run };
		this.timers.set(number, timer);
		const handle = {
			number,
			refresh: () => {
				this.timers.set(number, { ...timer, at: this.now + Math.max(ms, 1) });
				return handle;
			},
			ref: () => handle,
			unref: () => handle,
			hasRef: () => true,
			[Symbol.toPrimitive]: () => number,
		};
		return handle;
	}

	private next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.timers.values()) {
			if (!first || timer.at < first.at || (timer.at === first.at && timer.number < first.number)) {
				first = timer;
			}
		}
		return first;
	}
}
