import { Chance } from '../../../../../nodes/shared/client/pacing/chance';

/** So many requests in a second, of which one is refused. */
const span = (sent: number, refused = 1) => ({ sent, refused, ms: 1_000 });

/** Spans one after the other; what was said of the last. */
const told = (chance: Chance, spans: Array<ReturnType<typeof span>>) =>
	spans.map((one) => chance.refused(one)).at(-1);

const fast = Array<ReturnType<typeof span>>(5).fill(span(20));
const slow = Array<ReturnType<typeof span>>(5).fill(span(10));

const byChance = () => {
	const chance = new Chance();
	expect(told(chance, [...fast, ...slow])).toBe(true);
	expect(chance.isAll).toBe(true);
	return chance;
};

describe('Refusals are taken for chance', () => {
	test('where to go much slower has not helped', () => {
		byChance();
	});

	test('as soon as five of them say so, and not before', () => {
		const chance = new Chance();
		told(chance, fast);
		expect(slow.map((one) => chance.refused(one))).toEqual([false, false, false, true, true]);
	});

	test('also where all of the last five were slow after a fast one long ago', () => {
		const chance = new Chance();
		told(chance, fast);
		const between = Array<ReturnType<typeof span>>(20).fill(span(16));
		expect(told(chance, between)).toBe(false);
		expect(told(chance, slow)).toBe(true);
	});
});

describe('Refusals are a limit', () => {
	test.each([
		['as long as there are fewer than five', fast.slice(1)],
		['where the rate has stayed', [...fast, ...fast, ...fast]],
		['where it has fallen by less than three tenths', [...fast, ...Array(5).fill(span(15))]],
		['where more than a fifth is refused', [...fast, ...Array(9).fill(span(10, 3))]],
		[
			'where a rate that was refused too often is lowered',
			[...Array(5).fill(span(20, 5)), ...slow],
		],
	])('%s', (_when, spans: Array<ReturnType<typeof span>>) => {
		const chance = new Chance();
		expect(told(chance, spans)).toBe(false);
		expect(chance.isAll).toBe(false);
	});

	test('once the server names it, whatever came before', () => {
		const chance = byChance();
		chance.rulesOut();
		expect(chance.isAll).toBe(false);
		expect(told(chance, slow)).toBe(false);
		const other = new Chance();
		told(other, fast);
		other.rulesOut();
		expect(told(other, slow)).toBe(false);
	});
});

describe('What was taken for chance', () => {
	test('stays so as long as no more is refused', () => {
		const chance = byChance();
		expect(told(chance, Array(100).fill(span(10)))).toBe(true);
	});

	test('stays so where somewhat more is: up to twice as much, and a tenth of all', () => {
		const chance = byChance();
		expect(told(chance, Array(20).fill(span(20, 5)))).toBe(true);
	});

	test('is a limit again where much more is, after 50 requests', () => {
		const chance = byChance();
		expect(told(chance, Array(3).fill(span(10, 2)))).toBe(true);
		expect(chance.refused(span(10, 9))).toBe(false);
		expect(chance.isAll).toBe(false);
	});

	test('is a limit again at once where nearly all is refused', () => {
		const chance = byChance();
		expect(told(chance, Array(8).fill(span(1)))).toBe(true);
		expect(chance.refused(span(1))).toBe(false);
	});

	test('is looked at anew each time: an earlier peace does not outweigh what is refused now', () => {
		const chance = byChance();
		told(chance, Array(50).fill(span(50)));
		expect(told(chance, [span(25, 12), span(25, 12)])).toBe(false);
	});
});
