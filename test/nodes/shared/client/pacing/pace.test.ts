import { Pace, type Sent } from '../../../../../nodes/shared/client/pacing/pace';

const SECOND = 1_000;

/** Requests that are sent at once; the rate has held none of them back. */
const startAll = (pace: Pace, count: number, now = 0) =>
	Array.from({ length: count }, () => pace.start(now, false));

/** A pace that has been refused: of ten requests a second, for ten seconds, the last. */
function refused(said?: { limit?: number; waitMs?: number }, begin = 0) {
	const pace = new Pace();
	let last: Sent | undefined;
	for (let number = 0; number <= 100; number++) {
		last = pace.start(begin + number * 100, false);
		pace.settle(last);
	}
	pace.refuse(last!, begin + 10 * SECOND, said);
	return pace;
}

/** Sends by the rate from a time on, of which so many of a hundred are refused at once, without a word. */
function sendAll(
	pace: Pace,
	{ from, count, refusals }: Record<'from' | 'count' | 'refusals', number>,
) {
	let now = from;
	for (let number = 0; number < count; number++) {
		const wait = () => Math.max(pace.wait(now), 0);
		const hasWaited = wait() > 0;
		while (wait() > 0) now += wait();
		now += 5;
		const sent = pace.start(now, hasWaited);
		pace.settle(sent);
		if ((number * refusals) % 100 < refusals) pace.refuse(sent, now);
		else pace.accept();
	}
	return now;
}

describe('Before anything is refused', () => {
	test('sixteen may be in flight, and another for each that is answered', () => {
		const pace = new Pace();
		const sent = startAll(pace, 15);
		expect(pace.wait(0)).toBe(0);
		sent.push(...startAll(pace, 1));
		expect(pace.wait(0)).toBe(SECOND);
		pace.settle(sent[3]);
		pace.accept();
		startAll(pace, 2);
		expect(pace.wait(0)).toBeGreaterThan(0);
		expect(pace.isLimited).toBe(false);
	});

	test('what fails makes room for no more than itself', () => {
		const pace = new Pace();
		const [first] = startAll(pace, 16);
		pace.settle(first);
		pace.settle(first);
		expect(pace.wait(0)).toBe(0);
		startAll(pace, 1);
		expect(pace.wait(0)).toBeGreaterThan(0);
	});

	test('what is in flight for a second was let through', () => {
		const pace = new Pace();
		startAll(pace, 10);
		startAll(pace, 6, 400);
		expect(pace.wait(600)).toBe(400);
		expect(pace.wait(SECOND)).toBe(0);
		startAll(pace, 10, SECOND);
		expect(pace.wait(SECOND)).toBe(400);
	});
});

describe('After a refusal', () => {
	test('the rate begins at half of what was sent, and doubles each second', () => {
		const pace = refused();
		expect(pace.isLimited).toBe(true);
		expect(pace.isByChance).toBe(false);
		// five a second
		expect(pace.wait(10 * SECOND)).toBeCloseTo(200);
		expect(pace.wait(10 * SECOND + 200)).toBeLessThanOrEqual(0);
		pace.start(10 * SECOND + 200, true);
		expect(pace.wait(11 * SECOND)).toBeLessThanOrEqual(0);
		pace.start(11 * SECOND, true);
		// ten a second by then, and a late one catches up on 50 ms
		expect(pace.wait(11 * SECOND)).toBeCloseTo(50);
	});

	test('it is that of the limit where the server names one, a little below', () => {
		const pace = refused({ limit: 60 });
		expect(pace.wait(10 * SECOND)).toBe(250);
		const rate = 0.98 * 0.97;
		expect(pace.wait(10 * SECOND + 900)).toBeCloseTo(SECOND / rate - 900);
	});

	test('nobody waits for more than a quarter of the time in which it may double', () => {
		const pace = new Pace();
		const [sent] = startAll(pace, 1);
		pace.refuse(sent, 0);
		expect(pace.wait(0)).toBe(250);
	});

	test('who was told to wait does not wait for a turn, too', () => {
		const pace = refused({ limit: 60, waitMs: 5_000 });
		expect(pace.wait(15 * SECOND)).toBe(-Infinity);
		pace.start(15 * SECOND, true);
		expect(pace.wait(15 * SECOND)).toBe(250);
	});

	test('who was told to wait has no turn of before to catch up on', () => {
		const pace = refused({ limit: 600, waitMs: 5_000 });
		pace.start(15 * SECOND, true);
		expect(pace.wait(15 * SECOND)).toBeCloseTo(100 / (0.98 * 0.97));
	});

	test('what was sent since the first request counts, whenever that was', () => {
		expect(refused({}, 1_000 * SECOND).wait(1_010 * SECOND)).toBeCloseTo(200);
	});

	test('what nobody held back tells nothing of the limit; what the rate held back does', () => {
		const paces = [false, true].map((hasWaited) => {
			const pace = refused();
			let last: Sent | undefined;
			for (let at = 10_500; at <= 20_000; at += 500) last = pace.start(at, hasWaited);
			pace.refuse(last!, 20_000);
			return pace.wait(20_000);
		});
		expect(paces[0]).toBeLessThan(1);
		expect(paces[1]).toBe(250);
	});

	test('a rate that is used up grows, and one that is not stays', () => {
		const waits = [true, false].map((hasWaited) => {
			const pace = refused({ limit: 600 });
			const end = 400 * SECOND;
			for (let at = 11 * SECOND; at <= end; at += SECOND) pace.start(at, hasWaited);
			return pace.wait(end);
		});
		expect(waits[0]).toBeLessThan(20);
		expect(waits[1]).toBeGreaterThan(50);
	});

	test('it is a share where far less than the limit is given: six tenths of what was refused', () => {
		const pace = refused({ limit: 6_000 });
		let last: Sent | undefined;
		for (let at = 10_100; at <= 12_000; at += 100) last = pace.start(at, true);
		const rate = 6_000 / 60_000;
		pace.refuse(last!, 12_000, { limit: 6_000 });
		expect(pace.wait(12_000)).toBeLessThan(1 / (0.5 * rate));
		expect(pace.wait(12_000)).toBeGreaterThan(1 / (0.6 * rate) - 1);
	});

	test('where nothing was let through since, it climbs to the known limit from half of it', () => {
		const pace = refused({ limit: 600 });
		pace.refuse(pace.start(10_050, true), 10_050);
		expect(pace.wait(10_050)).toBeCloseTo(200 / (0.98 * 0.97), -1);
	});

	test('where something was, it is halved, however low it began', () => {
		const pace = refused();
		// five a second at 10 s, twenty at 12 s
		pace.start(11 * SECOND, true);
		pace.refuse(pace.start(12 * SECOND, true), 12 * SECOND);
		expect(pace.wait(12 * SECOND)).toBeCloseTo(100);
	});

	test('what was sent before changes nothing any more', () => {
		const pace = new Pace();
		const sent = startAll(pace, 10);
		pace.refuse(sent[0], 100, { limit: 600 });
		const wait = pace.wait(100);
		expect(wait).toBeCloseTo(100 / (0.98 * 0.97));
		for (const late of sent.slice(1)) pace.refuse(late, 200, { limit: 60 });
		expect(pace.wait(100)).toBe(wait);
	});

	test('a late turn is caught up on for 50 ms at most', () => {
		const pace = refused({ limit: 600 });
		const interval = 100 / (0.98 * 0.97);
		pace.start(10 * SECOND + interval + 20, true);
		expect(pace.wait(10 * SECOND + interval + 20)).toBeCloseTo(interval - 20, 0);
		const late = 10 * SECOND + 2_000;
		pace.start(late, true);
		expect(pace.wait(late)).toBeCloseTo(interval - 50, -1);
	});

	test('another one halves it again, though nothing was let through in between', () => {
		const pace = new Pace();
		const [sent] = startAll(pace, 1);
		pace.refuse(sent, 0);
		const second = pace.start(4 * SECOND, true);
		pace.refuse(second, 4 * SECOND);
		const third = pace.start(5 * SECOND, true);
		pace.refuse(third, 5 * SECOND);
		expect(pace.wait(5 * SECOND)).toBe(250);
		// never slower than one in eight seconds
		for (let number = 0; number < 20; number++) {
			const at = (6 + number) * SECOND;
			pace.refuse(pace.start(at, true), at);
		}
		const last = 25 * SECOND;
		expect(pace.wait(last + 7_900)).toBeLessThanOrEqual(250);
		expect(pace.wait(last + 8_001)).toBeLessThanOrEqual(0);
	});
});

describe('Refusals by chance', () => {
	const byChance = () => {
		const pace = new Pace();
		const now = sendAll(pace, { from: 1_000 * SECOND, count: 2_000, refusals: 5 });
		return { pace, now };
	};

	test('hold nobody up once going slower has not helped', () => {
		const { pace } = byChance();
		expect(pace.isByChance).toBe(true);
		expect(pace.isLimited).toBe(false);
	});

	test('are none where the server names its limit', () => {
		const { pace, now } = byChance();
		pace.refuse(pace.start(now + 5, false), now + 10, { limit: 600 });
		expect(pace.isByChance).toBe(false);
		expect(pace.isLimited).toBe(true);
	});

	test('are a limit once they become more, at half of what was sent since the last', () => {
		const { pace, now } = byChance();
		let at = now + 2 * SECOND;
		for (let round = 0; round < 5 && !pace.isLimited; round++, at += 2 * SECOND) {
			const sent = startAll(pace, 40, at);
			for (const one of sent) pace.settle(one);
			for (const one of sent.slice(0, 20)) pace.refuse(one, at + 1);
		}
		expect(pace.isLimited).toBe(true);
		expect(pace.isByChance).toBe(false);
		// forty in two seconds
		expect(pace.wait(at - 2 * SECOND + 1)).toBeCloseTo(100, -1);
	});
});
