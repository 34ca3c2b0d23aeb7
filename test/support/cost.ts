/**
 * What a reader costs, so that a test may say how that grows. In CPU time of this process, so that other
 * work on the machine is not in it, and as the best of several runs: what is left can only add.
 */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** Enough for the noise of garbage collection and compilation to pass; the square of a size does not. */
const ROUNDS = 30;

/** So many times over the limit is no noise. */
const HOPELESS = 3;

/** What ten times the input may cost: more than n log n and colder caches do, far from the square's 100. */
const MOST_GROWTH = 20;

interface Cost {
	/** How many times as long ten times the input takes. */
	growth: number;
	/** The longest time, ms, that the larger input lets nothing else run. */
	turnMs: number;
}

export type Read = (size: number) => unknown;

/** Fails unless ten times the input takes about ten times as long, and lets n8n get on in between. */
export async function expectGrowth(read: Read, size: number, turnMs = 200): Promise<void> {
	const cost = await costOf(read, size, { growth: MOST_GROWTH, turnMs });
	expect(cost.growth).toBeLessThanOrEqual(MOST_GROWTH);
	expect(cost.turnMs).toBeLessThanOrEqual(turnMs);
}

const cpuMs = (before?: NodeJS.CpuUsage) => {
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
};

/**
 * Compares reading an input with reading one that is ten times as large, in turn, until it is within the
 * limits or has had all its rounds.
 */
async function costOf(read: Read, size: number, within: Cost): Promise<Cost> {
	const best = { small: Infinity, large: Infinity, turnMs: Infinity };
	const cost = () => ({ growth: best.large / best.small, turnMs: best.turnMs });
	for (let round = 0; round < ROUNDS; round++) {
		const small = process.cpuUsage();
		// as much work as the large one, so that neither profits from what has its price only once
		for (let run = 0; run < 10; run++) await read(size);
		best.small = Math.min(best.small, cpuMs(small) / 10);
		const turns = watchTurns();
		const large = process.cpuUsage();
		await read(10 * size);
		best.large = Math.min(best.large, cpuMs(large));
		best.turnMs = Math.min(best.turnMs, await turns.longest());
		// the first rounds are those in which the code is compiled
		const isWithin = cost().growth <= within.growth && cost().turnMs <= within.turnMs;
		if (round >= 2 && (isWithin || cost().growth > HOPELESS * within.growth)) break;
	}
	return cost();
}

/** A turn of the event loop ends when something else could have run. */
function watchTurns() {
	let longest = 0;
	let before = process.cpuUsage();
	let isOver = false;
	const look = () => {
		longest = Math.max(longest, cpuMs(before));
		before = process.cpuUsage();
	};
	const watching = (async () => {
		while (!isOver) {
			await setImmediate();
			look();
		}
	})();
	return {
		async longest() {
			isOver = true;
			await watching;
			return longest;
		},
	};
}

/** The pieces of a text as a socket gives them: others may run in between. */
export const asFromSocket = (text: string): Readable => Readable.from(pieces(Buffer.from(text)));

const PIECE = 64 * 1024;

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
	for (let at = 0; at < bytes.length; at += PIECE) {
		await setImmediate();
		yield bytes.subarray(at, at + PIECE);
	}
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));
