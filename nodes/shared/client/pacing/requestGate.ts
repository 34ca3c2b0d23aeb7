import { GradientApiError, isGradientApiError } from '../errors';
import { MAX_TIMER_MS } from '../transport/abort';
import { Capacity } from './capacity';
import { Pace, type Sent } from './pace';
import { Quotas, type Spending } from './quotas';
import { retryDelay } from './retry';

/** For so long nobody may get through before all that wait fail, ms. */
const PATIENCE_MS = 60_000;

/** Refusals come at once: what is in flight for longer got through, though its answer may take minutes, ms. */
const LET_THROUGH_MS = 10_000;

/** Where one client enters the gate that it shares with others. */
export class Entrance {
	readonly openedAt = performance.now();
	lastStart?: number;

	/**
	 * @param distance least time between the starts of two of its requests, ms
	 * @param onWait learns for how long the limits of the key have held a request back, ms
	 */
	constructor(
		readonly distance = 0,
		readonly onWait: (ms: number) => void = () => {},
	) {}
}

export interface Passage {
	entrance: Entrance;
	signal?: AbortSignal;
	/** Somebody looks on: it goes first, and a refusal is the answer. */
	isUrgent?: boolean;
	/** Of its body. */
	characters?: number;
	/** It was sent before, so that what it waits here is a wait between two attempts. */
	isRetry?: boolean;
}

/** One on its way, until it is answered. */
interface Request extends Passage {
	/** Its place in the row. */
	arrival: number;
	/** Not before, by what its last refusal said. */
	readyAt: number;
	attempts: number;
	/** Between the attempts, ms. */
	waitedMs: number;
}

/** What an answer tells beside itself. */
export interface Heard {
	headers(headers: Record<string, string | string[] | undefined>): void;
	/** What it has cost. */
	tokens(tokens: number): void;
}

interface InFlight extends Sent {
	spending: Spending;
}

interface Waiting {
	request: Request;
	go(sent: InFlight): void;
	fail(reason: unknown): void;
}

/**
 * What all requests with one key pass before they are sent, whoever sends them, as they share its limits. Those that
 * are refused take their place in the row again: as long as anybody gets through, everybody waits. Max Retries is for
 * faults. Where nobody has got through for 60 s, all that wait fail.
 */
export class RequestGate {
	/** In the order in which they go. */
	private readonly row: Waiting[] = [];
	private readonly inFlight = new Set<InFlight>();
	private readonly pace = new Pace();
	private readonly quotas = new Quotas();
	/** How many may be in flight where nobody has said how many. */
	readonly capacity = new Capacity();
	private arrivals = 0;
	/** By the clock of `performance`, which nobody sets back. */
	private opensAt = -Infinity;
	/** The first refusal since anybody got through. */
	private refusedSince?: number;
	/** When all that waited were failed, until anybody gets through. */
	private gaveUpAt?: number;
	private lastRefusal = new GradientApiError('', { kind: 'http', status: 429 });
	/** The pace is what the next has waited for. */
	private isHeldBack = false;
	private timer: NodeJS.Timeout | undefined;

	/**
	 * Sends, when it is this request's turn, and again where it was refused.
	 * @throws what `send` throws, a GradientApiError with the attempts and the time between them; a GradientApiError
	 * that is `isHopeless` where nobody gets through; the signal's reason, if it is aborted while it waits
	 */
	async pass<T>(send: (heard: Heard) => Promise<T>, passage: Passage): Promise<T> {
		passage.signal?.throwIfAborted();
		const arrival = passage.isUrgent ? -1 : this.arrivals++;
		const request: Request = { ...passage, arrival, readyAt: 0, attempts: 0, waitedMs: 0 };
		for (;;) {
			const sent = await this.turn(request);
			const { characters = 0 } = request;
			const outcome = await send({
				headers: (headers) => this.quotas.hear(headers, sent.spending),
				tokens: (tokens) => this.quotas.learn(characters, tokens),
			}).then(
				(value) => ({ value }),
				(error: unknown) => ({ error }),
			);
			this.inFlight.delete(sent);
			this.pace.settle(sent);
			if ('value' in outcome) {
				this.letThrough();
				this.capacity.answered();
				this.advance();
				return outcome.value;
			}
			const { error } = outcome;
			const isOurs = isGradientApiError(error);
			const mayGoAgain = isOurs && this.mayGoAgain(request, sent, error);
			this.advance();
			if (!mayGoAgain) throw isOurs ? withCounts(error, request) : error;
		}
	}

	/** Those of this entrance that wait fail with this reason. */
	leave(entrance: Entrance, reason: () => Error) {
		for (const waiting of [...this.row]) {
			if (waiting.request.entrance === entrance) this.take(waiting).fail(reason());
		}
		this.advance();
	}

	/** @returns whether a failed request is to wait for another turn */
	private mayGoAgain(request: Request, sent: InFlight, error: GradientApiError): boolean {
		const { status, retryAfterMs = 0, isResetDue, limitPerMinute } = error.details;
		this.capacity.failed(status);
		if (status !== 429) {
			// whatever else it says: the limits have let it through
			if (error.details.kind === 'http') this.letThrough();
			return false;
		}
		const wait = retryDelay(error, 0);
		const now = performance.now();
		// a quota that is gone for hours says nothing about the rate
		if (wait === undefined && retryAfterMs > 0) return false;
		this.quotas.refund(sent.spending);
		const waitMs = isResetDue ? 0 : retryAfterMs;
		this.pace.refuse(sent, now, { limit: limitPerMinute, waitMs });
		if (wait === undefined || request.isUrgent) return false;
		this.refusedSince ??= now;
		if (this.pace.isByChance) request.readyAt = now + wait;
		else if (isResetDue) request.readyAt = now + retryAfterMs;
		else this.opensAt = Math.max(this.opensAt, now + waitMs);
		this.lastRefusal = error;
		return true;
	}

	private letThrough() {
		this.refusedSince = undefined;
		this.gaveUpAt = undefined;
		this.pace.accept();
	}

	private async turn(request: Request): Promise<InFlight> {
		const came = performance.now();
		const { entrance, isUrgent } = request;
		if (this.gaveUpAt !== undefined && entrance.openedAt <= this.gaveUpAt && !isUrgent) {
			throw hopeless(request, this.lastRefusal);
		}
		const isFree =
			this.row.length === 0 && this.wait(request, came) <= 0 && waitOf(request, came) <= 0;
		const sent = isFree ? this.start(request, came) : await this.queue(request);
		const waited = sent.at - came;
		if (request.attempts > 0 || request.isRetry) request.waitedMs += waited;
		if (waited > 0 && this.pace.isLimited) entrance.onWait(waited);
		request.attempts++;
		return sent;
	}

	private async queue(request: Request): Promise<InFlight> {
		const { signal } = request;
		return await new Promise<InFlight>((resolve, reject) => {
			const cancel = () => {
				this.take(waiting).fail(signal?.reason);
				this.advance();
			};
			const withoutCancel =
				<T>(settle: (value: T) => void) =>
				(value: T) => {
					signal?.removeEventListener('abort', cancel);
					settle(value);
				};
			const waiting = { request, go: withoutCancel(resolve), fail: withoutCancel(reject) };
			signal?.addEventListener('abort', cancel, { once: true });
			const place = this.row.findIndex((other) => other.request.arrival > request.arrival);
			this.row.splice(place < 0 ? this.row.length : place, 0, waiting);
			this.advance();
		});
	}

	private take(waiting: Waiting): Waiting {
		this.row.splice(this.row.indexOf(waiting), 1);
		return waiting;
	}

	private start({ entrance, characters = 0 }: Request, now: number): InFlight {
		entrance.lastStart = now;
		const spending = this.quotas.spend(characters, now);
		const sent = Object.assign(this.pace.start(now, this.isHeldBack), { spending });
		this.isHeldBack = false;
		this.inFlight.add(sent);
		return sent;
	}

	/** Until the first in the row may start, ms. */
	private wait({ characters = 0 }: Request, now: number) {
		return Math.max(this.opensAt - now, this.pace.wait(now), this.quotas.wait(characters, now));
	}

	/** Starts as many as may start now, and looks again when the next may. */
	private advance() {
		clearTimeout(this.timer);
		if (this.row.length === 0) return;
		const now = performance.now();
		const patience = this.patience(now);
		if (patience <= 0) {
			this.giveUp(now);
			return;
		}
		const wait = Math.min(this.startAll(now), patience);
		if (this.row.length === 0) return;
		this.timer = setTimeout(() => this.advance(), Math.min(Math.ceil(wait), MAX_TIMER_MS));
	}

	/** @returns until the next may start, ms */
	private startAll(now: number): number {
		let soonest = Infinity;
		for (let place = 0; place < this.row.length; ) {
			const waiting = this.row[place];
			const wait = this.wait(waiting.request, now);
			if (wait > 0) {
				this.isHeldBack ||= this.pace.wait(now) >= wait;
				return wait;
			}
			const own = waitOf(waiting.request, now);
			if (own <= 0) {
				this.take(waiting).go(this.start(waiting.request, now));
				continue;
			}
			soonest = Math.min(soonest, own);
			place++;
		}
		return soonest;
	}

	/** How much longer all may wait, ms. */
	private patience(now: number): number {
		if (this.refusedSince === undefined) return Infinity;
		const left = this.refusedSince + PATIENCE_MS - now;
		const [oldest] = this.inFlight;
		const isAnyThrough = oldest !== undefined && oldest.at + LET_THROUGH_MS <= now;
		return isAnyThrough ? Math.max(left, LET_THROUGH_MS) : left;
	}

	private giveUp(now: number) {
		this.refusedSince = undefined;
		this.gaveUpAt = now;
		for (const { request, fail } of this.row.splice(0)) fail(hopeless(request, this.lastRefusal));
	}
}

/** Until this one may start, where others might, ms. */
const waitOf = ({ entrance: { lastStart, distance }, readyAt }: Request, now: number) =>
	Math.max(lastStart === undefined ? readyAt : lastStart + distance, readyAt) - now;

function withCounts(error: GradientApiError, { attempts, waitedMs }: Request): GradientApiError {
	error.details.attempts = attempts;
	error.details.waitedMs = waitedMs || undefined;
	return error;
}

/** For each request an error of its own, as whoever gets it writes into it. */
function hopeless(request: Request, { message, details }: GradientApiError): GradientApiError {
	const words = `For ${PATIENCE_MS / 1000} s the API has refused every request. It says: ${message}`;
	return withCounts(new GradientApiError(words, { ...details, isHopeless: true }), request);
}
