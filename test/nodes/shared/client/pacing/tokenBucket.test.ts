/** The gate against limiters, which give so many requests a minute and save some. */
import { Entrance, RequestGate } from '../../../../../nodes/shared/client/pacing/requestGate';
import { randomOf } from '../../../../support/random';
import { refusal, refusalOf, settled, useFakeTime } from './gateSupport';

useFakeTime();

interface Limit {
	perMinute: number;
	bucket: number;
	latencyMs: number;
	isNamed: boolean;
	/** So many requests have one among them that is refused whatever the rate is. */
	oneOf?: number;
}

const after = async (ms: number) =>
	await new Promise<void>((resolve) => setTimeout(() => resolve(), ms));

/** Answers after its latency, or refuses within 0.26 s, as DigitalOcean does. */
function limiter({ perMinute, bucket, latencyMs, isNamed, oneOf = Infinity }: Limit) {
	let [tokens, filledAt] = [bucket, performance.now()];
	const seen = { accepted: 0, refused: 0 };
	const send = async () => {
		const now = performance.now();
		tokens = Math.min(bucket, tokens + ((now - filledAt) * perMinute) / 60_000);
		filledAt = now;
		const isUnlucky = (seen.accepted + seen.refused) % oneOf === oneOf - 1;
		if (tokens < 1 || isUnlucky) {
			seen.refused++;
			await after(260);
			throw isNamed ? refusalOf(perMinute) : refusal();
		}
		tokens--;
		seen.accepted++;
		await after(latencyMs);
	};
	return { send, seen };
}

async function run(
	limit: Limit,
	{ items = 300, atATime = 50, clients = 1, gate = new RequestGate() } = {},
) {
	const { send, seen } = limiter(limit);
	const began = performance.now();
	let [left, failed, isOver] = [items, 0, false];
	const work = async (entrance: Entrance) => {
		while (left-- > 0) await gate.pass(send, { entrance }).catch(() => failed++);
	};
	const entrances = Array.from({ length: clients }, () => new Entrance());
	const workers = entrances.flatMap((one) => Array.from({ length: atATime }, () => one));
	const all = Promise.all(workers.map(work)).then(() => (isOver = true));
	await settled();
	for (let timer = 0; !isOver && timer < 100_000; timer++) {
		jest.advanceTimersToNextTimer();
		await settled();
	}
	await all;
	const seconds = (performance.now() - began) / 1_000;
	const least = ((items - limit.bucket) * 60) / limit.perMinute + limit.latencyMs / 1_000;
	return { goodput: least / seconds, failed, ...seen };
}

const LIMITS: Array<[string, Omit<Limit, 'isNamed'>]> = [
	['one a second, none saved', { perMinute: 60, bucket: 1, latencyMs: 1_000 }],
	['two a second, slow answers', { perMinute: 120, bucket: 2, latencyMs: 20_000 }],
	['ten a second, ten saved', { perMinute: 600, bucket: 10, latencyMs: 1_000 }],
];

describe.each(LIMITS)('At %s', (_what, limit) => {
	test('nearly all of the limit is used where it is named, and few are refused', async () => {
		const { goodput, failed, refused } = await run({ ...limit, isNamed: true });
		expect(failed).toBe(0);
		expect(goodput).toBeGreaterThan(0.9);
		// those that nobody could know of, and a few
		expect(refused).toBeLessThanOrEqual(20);
	});

	test('most of it is used where nothing is said', async () => {
		const { goodput, failed, refused } = await run({ ...limit, isNamed: false });
		expect(failed).toBe(0);
		expect(goodput).toBeGreaterThan(0.8);
		expect(refused).toBeLessThanOrEqual(45);
	});
});

test('Clients share a limit, and none of them fails', async () => {
	const limit = { perMinute: 60, bucket: 1, latencyMs: 1_000, isNamed: true };
	const { goodput, failed, refused } = await run(limit, { clients: 60, atATime: 1 });
	expect(failed).toBe(0);
	expect(goodput).toBeGreaterThan(0.9);
	expect(refused).toBeLessThanOrEqual(20);
});

test.each([2, 3, 4])(
	'Processes that know nothing of each other come to equal shares of a named limit (seed %d)',
	async (seed) => {
		const { send } = limiter({ perMinute: 600, bucket: 10, latencyMs: 1_000, isNamed: true });
		const random = randomOf(seed);
		const sendByWay = async () => {
			await after(20 + 5 * random());
			await send();
			await after(100 * random());
		};
		const done = Array<number>(8).fill(0);
		const entrance = new Entrance();
		const work = async (gate: RequestGate, process: number) => {
			for (;;) {
				await gate.pass(sendByWay, { entrance });
				done[process]++;
			}
		};
		const gates = done.map(() => new RequestGate());
		const all = gates.flatMap((gate, process) =>
			Array.from({ length: 20 }, async () => await work(gate, process).catch(() => undefined)),
		);
		const began = performance.now();
		while (performance.now() - began < 100_000) {
			jest.advanceTimersToNextTimer();
			await settled();
		}
		expect(Math.max(...done) / Math.min(...done)).toBeLessThan(2);
		const sum = done.reduce((total, count) => total + count, 0);
		expect(sum).toBeGreaterThan(0.9 * 1_000);
		// whatever is let through now is the last
		for (const gate of gates) gate.pass = () => Promise.reject(new Error('Over'));
		for (const gate of gates) gate.leave(entrance, () => new Error('Over'));
		await jest.advanceTimersByTimeAsync(10_000);
		await Promise.all(all);
	},
);

test.each([10, 20, 100])(
	'Refusals that have nothing to do with the rate, one of %d, hold nobody up for long',
	async (oneOf) => {
		const free = { perMinute: 1e6, bucket: 1e6, latencyMs: 1_000, isNamed: false, oneOf };
		const began = performance.now();
		const { failed } = await run(free, { items: 2_000 });
		expect(failed).toBe(0);
		// 50 at a time take 40 s, and a rate that sinks with each refusal takes for ever
		expect(performance.now() - began).toBeLessThan(80_000);
	},
);

test('Who is refused by chance waits alone', async () => {
	const free = { perMinute: 1e6, bucket: 1e6, latencyMs: 1_000, isNamed: false, oneOf: 10 };
	const gate = new RequestGate();
	await run(free, { items: 1_000, gate });
	const sent: string[] = [];
	const send = (name: string) =>
		gate.pass(
			async () => {
				sent.push(name);
				if (sent.length === 1) throw refusal();
			},
			{ entrance: new Entrance() },
		);
	const both = [send('refused'), send('other')];
	await settled();
	expect(sent).toEqual(['refused', 'other']);
	await jest.advanceTimersByTimeAsync(370);
	expect(sent).toHaveLength(2);
	await jest.advanceTimersByTimeAsync(130);
	expect(sent).toEqual(['refused', 'other', 'refused']);
	await Promise.all(both);
});

test('A limit that begins after refusals by chance is found all the same', async () => {
	const free = { perMinute: 1e6, bucket: 1e6, latencyMs: 1_000, isNamed: false, oneOf: 10 };
	const gate = new RequestGate();
	await run(free, { items: 1_000, gate });
	const limit = { perMinute: 600, bucket: 10, latencyMs: 1_000, isNamed: false };
	const { goodput, failed } = await run(limit, { items: 1_000, gate });
	expect(failed).toBe(0);
	expect(goodput).toBeGreaterThan(0.8);
});
