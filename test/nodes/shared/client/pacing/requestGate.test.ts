import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { Entrance } from '../../../../../nodes/shared/client/pacing/requestGate';
import {
	later,
	names,
	refusal,
	refusalOf,
	settled,
	startsOf,
	useFakeTime,
	useGate,
} from './gateSupport';

useFakeTime();

describe('A gate', () => {
	test('gives back what was sent for, and throws what it failed with', async () => {
		const { sent, pass } = useGate();
		const [good, bad] = [pass(), pass()];
		const error = new TypeError('A bug');
		const failed = expect(bad).rejects.toBe(error);
		await settled();
		await Promise.all([sent[0].succeed(), sent[1].fail(error)]);
		expect(await good).toBe(0);
		await failed;
	});

	test('of which nothing is known lets so many through that few could be refused', async () => {
		const { sent, passMany } = useGate();
		await passMany(300);
		expect(sent).toHaveLength(16);
	});

	test('lets one more through with each answer, so that the number doubles with every round', async () => {
		const { sent, passMany } = useGate();
		await passMany(300);
		for (let round = 0, done = 0; round < 3; round++) {
			const last = sent.slice(done);
			done = sent.length;
			for (const request of last) await request.succeed();
		}
		expect(sent).toHaveLength(16 + 32 + 64 + 128);
	});

	test('remembers what it has let through', async () => {
		const { sent, passMany } = useGate();
		await passMany(100);
		for (let i = 0; i < 100; i++) await sent[i].succeed();
		await passMany(100);
		expect(sent).toHaveLength(200);
	});

	test('takes for let through what is in flight for a second: refusals come sooner', async () => {
		const { sent, passMany } = useGate();
		await passMany(100);
		await later(999);
		expect(sent).toHaveLength(16);
		await later(1);
		expect(sent).toHaveLength(32);
	});

	test('keeps the distance of each client between any two of its starts', async () => {
		const { sent, passMany } = useGate();
		const slow = new Entrance(60);
		await passMany(3, { entrance: slow });
		await passMany(2);
		await later(500);
		expect(names(sent)).toEqual([0, 3, 4, 1, 2]);
		expect(startsOf(sent)).toEqual([0, 0, 0, 60, 120]);
	});

	test.each([2 ** 31, Infinity])('with a distance of %d ms still waits', async (distance) => {
		const { gate, sent, passMany } = useGate();
		const entrance = new Entrance(distance);
		await passMany(2, { entrance });
		await later(2 ** 31 - 1);
		expect(sent).toHaveLength(1);
		gate.leave(entrance, () => new Error('Over'));
	});

	test.each([400, 500, 503, undefined])(
		'knows no limit after failures such as %p',
		async (status) => {
			const { sent, pass, passMany } = useGate();
			for (let i = 0; i < 8; i++) {
				const failed = expect(pass()).rejects.toThrow('x');
				await settled();
				await sent[i].fail(new GradientApiError('x', { kind: 'http', status }));
				await failed;
			}
			await passMany(16);
			expect(sent).toHaveLength(24);
		},
	);
});

describe('What answers tell', () => {
	const minute = (kind: string, limit: number, left: number) => ({
		[`x-ratelimit-limit-${kind}`]: String(limit),
		[`x-ratelimit-remaining-${kind}`]: String(left),
	});

	test('holds the next back where no request is left', async () => {
		const { gate, entrance, sent, passMany } = useGate();
		await gate.pass(async ({ headers }) => headers(minute('requests', 60, 0)), { entrance });
		await passMany(1);
		await later(1_000);
		expect(sent).toHaveLength(0);
		await later(30);
		expect(sent).toHaveLength(1);
	});

	test('holds back what would cost more tokens than are left, by what others have cost', async () => {
		const { gate, entrance, sent, passMany } = useGate();
		for (let i = 0; i < 30; i++) {
			const passage = { entrance, characters: 100 };
			await gate.pass(async ({ tokens }) => tokens(1_000), passage);
		}
		await gate.pass(async ({ headers }) => headers(minute('tokens', 60_000, 900)), { entrance });
		await passMany(1, { characters: 50 });
		expect(sent).toHaveLength(1);
		await passMany(1, { characters: 100 });
		expect(sent).toHaveLength(1);
	});

	test('makes room where it is a failure of the request, and not where nothing came', async () => {
		const counts: number[] = [];
		for (const kind of ['http', 'connection'] as const) {
			const { sent, passMany } = useGate();
			await passMany(40);
			await sent[0].fail(new GradientApiError('x', { kind, status: 400 }));
			counts.push(sent.length);
		}
		expect(counts).toEqual([18, 17]);
	});
});

describe('A request that is refused', () => {
	test('is sent again, before those that came later', async () => {
		const { sent, pass, passMany } = useGate();
		const answer = pass();
		await passMany(1);
		await sent[0].fail(refusal({ retryAfterMs: 100 }));
		await passMany(3);
		await later(10_000);
		expect(names(sent)).toEqual([0, 1, 0, 2, 3, 4]);
		await sent[2].succeed();
		expect(await answer).toBe(0);
	});

	test('holds all back for as long as the API asks for', async () => {
		const { sent, passMany } = useGate();
		await passMany(2);
		await sent[0].fail(refusal({ retryAfterMs: 5_000 }));
		await sent[1].fail(refusal({ retryAfterMs: 300 }));
		await passMany(3, { entrance: new Entrance() });
		await later(4_999);
		expect(sent).toHaveLength(2);
		await later(1);
		expect(sent).toHaveLength(3);
	});

	test('waits alone where the limit is said to be reset by now', async () => {
		const { sent, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusalOf(600));
		await passMany(3);
		await later(1_300);
		expect(names(sent).slice(1, 4)).toEqual([1, 2, 3]);
		expect(startsOf(sent).at(4)).toBeGreaterThanOrEqual(1_250);
		expect(names(sent).at(4)).toBe(0);
	});

	test.each<[string, GradientApiError, number]>([
		['asks for hours, which is no rate', refusal({ retryAfterMs: 3_600_000 }), 9],
		['forbids another try', refusal({ shouldRetry: false }), 1],
	])('fails where the API %s, and others go on', async (_what, error, atOnce) => {
		const { sent, pass, passMany } = useGate();
		const failed = expect(pass()).rejects.toBe(error);
		await settled();
		await sent[0].fail(error);
		await failed;
		await passMany(8);
		expect(sent.length).toBeLessThanOrEqual(atOnce);
		await later(10_000);
		expect(names(sent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
	});

	test('of those that somebody looks on goes the first first', async () => {
		const { sent, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusal({ retryAfterMs: 1_000 }));
		await passMany(3, { isUrgent: true });
		await later(10_000);
		expect(names(sent)).toEqual([0, 1, 2, 3, 0]);
	});

	test('fails where somebody looks on, and goes before all others', async () => {
		const { sent, pass, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusal({ retryAfterMs: 1_000 }));
		await passMany(3);
		const failed = expect(pass({ isUrgent: true })).rejects.toThrow('Too many');
		await later(1_000);
		expect(names(sent)).toEqual([0, 4]);
		await sent[1].fail(refusal({ retryAfterMs: 1_000 }));
		await failed;
	});

	test('says in the end how often it was sent, and how long it waited in between', async () => {
		const { sent, pass } = useGate();
		await later(500);
		const failed = pass().catch((error: GradientApiError) => error.details);
		await settled();
		await sent[0].fail(refusal({ retryAfterMs: 3_000 }));
		await later(3_000);
		await sent[1].fail(new GradientApiError('x', { kind: 'http', status: 400 }));
		expect(await failed).toMatchObject({ status: 400, attempts: 2, waitedMs: 3_000 });
	});

	test.each([
		[false, undefined],
		[true, 3_000],
	])(
		'counts the wait for its first turn where it was sent before: %p',
		async (isRetry, waitedMs) => {
			const { sent, pass, passMany } = useGate();
			await passMany(1, { isUrgent: true });
			await sent[0].fail(refusal({ retryAfterMs: 100 }));
			await passMany(1);
			await later(2_000);
			await sent[1].fail(refusal({ retryAfterMs: 3_000 }));
			const failed = pass({ isRetry, isUrgent: true }).catch((error: GradientApiError) => error);
			await later(3_000);
			expect(names(sent)).toEqual([0, 1, 2, 1]);
			await sent[2].fail(new GradientApiError('x', { kind: 'http', status: 400 }));
			expect(await failed).toMatchObject({ details: { attempts: 1, waitedMs } });
		},
	);

	test('hears nothing of waits that no limit has made', async () => {
		const { passMany, sent } = useGate();
		const waits: number[] = [];
		const entrance = new Entrance(200, (ms) => waits.push(ms));
		await passMany(2, { entrance });
		await later(200);
		expect(sent).toHaveLength(2);
		await sent[0].fail(refusalOf(600));
		await later(60_000);
		waits.length = 0;
		await passMany(1, { entrance });
		expect(sent).toHaveLength(4);
		expect(waits).toEqual([]);
	});

	test('tells its client how long the limit has held it back', async () => {
		const { sent, passMany } = useGate();
		const waits: number[] = [];
		await passMany(1, { entrance: new Entrance(0, (ms) => waits.push(ms)) });
		await sent[0].fail(refusal({ retryAfterMs: 7_000 }));
		await later(7_000);
		expect(waits).toEqual([7_000]);
	});
});

describe('The rate after a refusal', () => {
	test('is a little below the limit that the API names, over all clients, whatever is in flight', async () => {
		const { sent, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusalOf(60));
		await passMany(20);
		await passMany(20, { entrance: new Entrance() });
		await later(21_000);
		// nothing is answered meanwhile; 0.95 a second at first
		expect(sent.length - 1).toBeGreaterThanOrEqual(19);
		expect(sent.length - 1).toBeLessThanOrEqual(21);
		const gaps = startsOf(sent).map((at, i, all) => at - (all[i - 1] ?? 0));
		expect(Math.min(...gaps.slice(2))).toBeGreaterThanOrEqual(1_000);
	});

	test('doubles from below where the API says nothing', async () => {
		const { sent, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusal());
		await passMany(200);
		const counts: number[] = [];
		for (let second = 0; second < 6; second++) {
			const before = sent.length;
			await later(1_000);
			counts.push(sent.length - before);
		}
		expect(counts[0]).toBeLessThanOrEqual(3);
		for (let i = 2; i < 6; i++) expect(counts[i] / counts[i - 1]).toBeCloseTo(2, 0);
	});

	test('is lowered once by those that were in flight together, also by late ones', async () => {
		const { sent, passMany } = useGate();
		await passMany(16);
		await sent[0].fail(refusalOf(600));
		await later(1_000);
		for (const request of sent.slice(1, 16)) await request.fail(refusalOf(600));
		const before = sent.length;
		await passMany(40);
		await later(2_000);
		expect(sent.length - before).toBeGreaterThanOrEqual(17);
	});

	test('does not catch up on what was not asked for meanwhile', async () => {
		const { sent, passMany } = useGate();
		await passMany(1);
		await sent[0].fail(refusalOf(60));
		await later(30_000);
		const before = sent.length;
		await passMany(10);
		expect(sent.length - before).toBeLessThanOrEqual(1);
	});

	test.each([true, false])(
		'grows past a limit of one a second, in minutes, only where that is used up: %p',
		async (isUsedUp) => {
			const { sent, passMany } = useGate();
			await passMany(1);
			await sent[0].fail(refusalOf(60));
			let done = 1;
			const sentInFiveSeconds = async (count: number) => {
				await passMany(count);
				await later(5_000);
				const last = sent.slice(done);
				done = sent.length;
				for (const request of last) await request.succeed();
				return last.length;
			};
			for (let time = 0; time < 320; time += 5) await sentInFiveSeconds(isUsedUp ? 20 : 1);
			const count = await sentInFiveSeconds(50);
			if (isUsedUp) expect(count).toBeGreaterThan(15);
			else expect(count).toBeLessThanOrEqual(6);
		},
	);
});
