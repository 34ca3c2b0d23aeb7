import {
	Cubic,
	Doubling,
	type Known,
	Share,
} from '../../../../../nodes/shared/client/pacing/curves';

/** One request a second, measured by three of them. */
const KNOWN: Known = { rate: 1 / 1_000, accepted: 3, isTold: false };

const SECOND = 1_000;

/** The rate after so long in which it was used up, as a part of what is known. */
function usedFor(seconds: number, known: Partial<Known> = {}): number {
	const all = { ...KNOWN, ...known };
	const curve = new Cubic(all, 5_000);
	for (let second = 1; second <= seconds; second++) curve.advance(5_000 + second * SECOND);
	return curve.rate() / all.rate;
}

describe('The rate around what is known', () => {
	test('begins 3 % below it', () => {
		expect(usedFor(0)).toBeCloseTo(0.97);
	});

	test.each([
		['few requests', { accepted: 1 }, 10],
		['more requests', { accepted: 20 }, 40],
		['many requests', { accepted: 1_000 }, 60],
	])('grows slowly at first, and is doubled in good time: %s', (_by, known, span) => {
		const flat = Math.cbrt(0.03) * span;
		expect(usedFor(Math.floor(flat), known)).toBeLessThanOrEqual(1);
		expect(usedFor(Math.ceil(flat), known)).toBeGreaterThanOrEqual(1);
		expect(usedFor(Math.ceil(flat), known)).toBeLessThan(1.05);
		expect(usedFor(Math.floor(flat + span), known)).toBeLessThanOrEqual(2);
		expect(usedFor(Math.ceil(flat + span), known)).toBeGreaterThanOrEqual(2);
	});

	test('stays at a limit that the server has named, for 200 s, and then tries more', () => {
		const told = { isTold: true };
		expect(usedFor(0, told)).toBeCloseTo(0.97);
		expect(usedFor(20, told)).toBe(1);
		expect(usedFor(200, told)).toBe(1);
		expect(usedFor(214, told)).toBeGreaterThan(1.5);
	});

	test('does not grow while nothing is asked for, but for ten seconds', () => {
		const curve = new Cubic(KNOWN, 0);
		curve.advance(3_600_000);
		expect(curve.rate()).toBeCloseTo(usedFor(10) * KNOWN.rate, 10);
	});

	test('does not grow before it begins', () => {
		const curve = new Cubic(KNOWN, 60_000);
		curve.advance(10_000);
		expect(curve.rate()).toBeCloseTo(0.97 * KNOWN.rate, 10);
	});
});

describe('The share of a limit that others use, too', () => {
	test('is six tenths of what was refused, and grows by the whole limit in 50 s, for all by the same', () => {
		for (const refused of [0, 1, 5]) {
			const share = new Share(refused, 10, 1_000);
			expect(share.rate(1_000)).toBeCloseTo(0.6 * refused);
			share.advance(6_000);
			expect(share.rate(6_000)).toBeCloseTo(0.6 * refused + 1);
		}
	});

	test('grows also while a request waits for its turn, ten seconds at most', () => {
		const share = new Share(1, 10, 0);
		expect(share.rate(5_000)).toBeCloseTo(0.6 + 1);
		expect(share.rate(3_600_000)).toBeCloseTo(0.6 + 2);
		expect(share.rate(-1_000)).toBeCloseTo(0.6);
	});

	test.each([
		[0.5, 5],
		[3, 1],
	])('becomes the same for all, however it began: %d and %d of ten', (...begin) => {
		const shares = begin.map((rate) => ({ rate, curve: new Share(rate / 0.6, 10, 0) }));
		for (let now = 0; now <= 100_000; now += 100) {
			for (const one of shares) one.rate = one.curve.rate(now);
			const isTooMuch = shares[0].rate + shares[1].rate > 10;
			for (const one of shares) {
				one.curve.advance(now);
				if (isTooMuch) one.curve = new Share(one.rate, 10, now);
			}
		}
		expect(shares[0].rate / shares[1].rate).toBeCloseTo(1, 1);
	});
});

describe('The rate where little is known', () => {
	test('doubles each second', () => {
		const curve = new Doubling(2, 1_000);
		expect(curve.rate(1_000)).toBe(2);
		expect(curve.rate(1_500)).toBeCloseTo(2 * Math.SQRT2);
		expect(curve.rate(4_000)).toBe(16);
	});

	test('does not shrink before it begins', () => {
		expect(new Doubling(2, 1_000).rate(0)).toBe(2);
	});

	test('goes over into that around what is known, and stays there', () => {
		const next = { rate: () => 5, advance: jest.fn() };
		const curve = new Doubling(2, 0, next);
		expect(curve.rate(1_000)).toBe(4);
		curve.advance(1_000);
		expect(next.advance).not.toHaveBeenCalled();
		expect(curve.rate(2_000)).toBe(5);
		next.rate = () => 9;
		expect(curve.rate(2_000)).toBe(9);
		curve.advance(2_500);
		expect(next.advance).toHaveBeenCalledWith(2_500);
	});
});
