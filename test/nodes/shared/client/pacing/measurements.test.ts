import { Measurements } from '../../../../../nodes/shared/client/pacing/measurements';

/** Refusals of the requests with these numbers at these seconds; what is known after the last. */
function after(
	refusals: Array<[seconds: number, number: number]>,
	{ rate = 1, unusedMs = 0, limit }: { rate?: number; unusedMs?: number; limit?: number } = {},
) {
	const measurements = new Measurements();
	const all = refusals.map(([seconds, number]) =>
		measurements.refused({ at: seconds * 1_000, number }, rate, unusedMs, limit),
	);
	return { measurements, known: all.at(-1) };
}

const aSecond = (known?: { rate: number }) => known && known.rate * 1_000;

describe('Two refusals tell the limit', () => {
	test('by what was let through between them, and the time', () => {
		// eleven a second, and one of them refused
		const { known, measurements } = after(
			[
				[0, 0],
				[10, 101],
			],
			{ rate: 10 / 1_000 },
		);
		expect(aSecond(known)).toBeCloseTo(10 * 0.995, 5);
		expect(known).toMatchObject({ accepted: 100, isTold: false });
		expect(measurements.last).toBe(100);
		expect(measurements.lastSpan).toEqual({ sent: 101, refused: 1, ms: 10_000 });
	});

	test('one alone tells nothing', () => {
		expect(after([[0, 5]]).known).toBeUndefined();
	});

	test('and two of nearly the same time neither', () => {
		expect(
			after([
				[0, 0],
				[1, 3],
			]).known,
		).toBeUndefined();
	});

	test('the limit lies between what was let through and what was refused', () => {
		const { known } = after(
			[
				[0, 0],
				[10, 51],
			],
			{ rate: 5.1 / 1_000 },
		);
		expect(aSecond(known)).toBeCloseTo(5.05 * 0.995, 5);
	});

	test('what was sent before the refusal was known, and refused too, was not let through', () => {
		const measurements = new Measurements();
		measurements.refused({ at: 0, number: 10 }, 1, 0);
		for (const number of [9, 10, 11, 12]) measurements.refusedToo({ at: 0, number });
		measurements.refused({ at: 10_000, number: 31 }, 2 / 1_000, 0);
		expect(measurements.last).toBe(18);
		expect(measurements.lastSpan).toEqual({ sent: 21, refused: 3, ms: 10_000 });
	});

	test('before the first refusal, others count for nothing', () => {
		const measurements = new Measurements();
		measurements.refusedToo({ at: 0, number: 7 });
		measurements.refused({ at: 0, number: 8 }, 1, 0);
		measurements.refused({ at: 1_000, number: 19 }, 1, 0);
		expect(measurements.last).toBe(10);
	});
});

describe('Several spans', () => {
	const steady = Array.from({ length: 5 }, (_, index): [number, number] => [
		index * 10,
		index * 21,
	]);

	test('are more exact together, as long as they agree', () => {
		expect(after(steady, { rate: 2 / 1_000 }).known).toMatchObject({ accepted: 80 });
	});

	test('count for nothing once a new one contradicts them', () => {
		const { known } = after([...steady, [50, 84 + 6]], { rate: 0.5 / 1_000 });
		expect(known).toMatchObject({ accepted: 5 });
		expect(aSecond(known)).toBeCloseTo(0.5 * 0.995, 5);
	});

	test('are not added up beyond a hundred requests', () => {
		const { known } = after(
			Array.from({ length: 30 }, (_, index): [number, number] => [index * 10, index * 21]),
			{ rate: 2 / 1_000 },
		);
		expect(known).toMatchObject({ accepted: 100 });
	});

	test('count for nothing where there was less to send than the rate allows', () => {
		const two: Array<[number, number]> = [
			[0, 0],
			[10, 21],
		];
		expect(after(two, { unusedMs: 900 }).known).toBeDefined();
		expect(after(two, { unusedMs: 1_100 }).known).toBeUndefined();
	});
});

describe('A limit that the server names', () => {
	test('counts at once, and for as much as fifty requests', () => {
		const { known, measurements } = after([[0, 0]], { limit: 600 });
		expect(aSecond(known)).toBeCloseTo(10 * 0.98, 5);
		expect(known).toMatchObject({ accepted: 50, isTold: true });
		expect(measurements.last).toBe(50);
	});

	test('counts as long as what is let through agrees with it', () => {
		const { known } = after(
			[
				[0, 0],
				[10, 101],
			],
			{ limit: 600 },
		);
		expect(known).toMatchObject({ accepted: 150, isTold: true });
	});

	/** A limit of ten a second, of which two are given; the second refusal names it, and a third follows. */
	const third = (rate: number, number: number, said: { limit?: number } = { limit: 600 }) => {
		const { measurements } = after(
			[
				[0, 0],
				[10, 21],
			],
			{ rate: 3 / 1_000, limit: 600 },
		);
		expect(aSecond({ rate: measurements.sharedLimit ?? NaN })).toBeCloseTo(10);
		measurements.refused({ at: 20_000, number }, rate / 1_000, 0, said.limit);
		return measurements.sharedLimit;
	};

	test('is shared with others where far less is let through, until one has nearly all of it', () => {
		expect(third(3, 42)).toBeDefined();
		// what is let through tells nothing against the limit
		expect(third(9.4, 115)).toBeDefined();
		expect(third(9.6, 115)).toBeUndefined();
		expect(third(3, 42, {})).toBeUndefined();
	});

	test.each([
		[10 / 31, true],
		[10 / 33, false],
	])(
		'is another than that which refuses where nearly nothing is let through: %d, %p',
		(rate, isShared) => {
			const { measurements } = after(
				[
					[0, 0],
					[100, 31],
				],
				{ rate: rate / 1_000, limit: 600 },
			);
			expect(measurements.sharedLimit !== undefined).toBe(isShared);
		},
	);

	test("is nobody else's before a second refusal", () => {
		expect(after([[0, 0]], { limit: 600 }).measurements.sharedLimit).toBeUndefined();
	});

	test('is not the limit where more is let through, and nobody shares it', () => {
		const { known, measurements } = after(
			[
				[0, 0],
				[10, 101],
			],
			{ rate: 10.1 / 1_000, limit: 300 },
		);
		expect(measurements.sharedLimit).toBeUndefined();
		expect(known).toMatchObject({ accepted: 100, isTold: false });
		expect(aSecond(known)).toBeGreaterThan(9.5);
	});
});
