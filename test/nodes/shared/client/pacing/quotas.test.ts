import { Quotas } from '../../../../../nodes/shared/client/pacing/quotas';

const headers = (kind: string, limit: number, left: number) => ({
	[`x-ratelimit-limit-${kind}`]: String(limit),
	[`x-ratelimit-remaining-${kind}`]: String(left),
});

describe('Of what answers say is left', () => {
	test('nothing is known before the first, nor without numbers', () => {
		const quotas = new Quotas();
		expect(quotas.wait(1e9, 0)).toBe(0);
		quotas.hear({ 'x-ratelimit-limit-requests': 'many' }, quotas.spend(1, 0));
		quotas.hear(headers('requests', 0, 0), quotas.spend(1, 0));
		expect(quotas.wait(1e9, 0)).toBe(0);
	});

	test('as many requests may go as are left', () => {
		const quotas = new Quotas();
		quotas.hear(headers('requests', 60, 2), quotas.spend(1, 0));
		for (let i = 0; i < 2; i++) {
			expect(quotas.wait(1, 0)).toBeLessThanOrEqual(0);
			quotas.spend(1, 0);
		}
		// one a second, and a little caution
		expect(quotas.wait(1, 0)).toBeCloseTo(1_000 / 0.98);
		expect(quotas.wait(1, 1_021)).toBeLessThanOrEqual(0);
	});

	test('what was sent since counts, and what was refused does not', () => {
		const quotas = new Quotas();
		const first = quotas.spend(1, 0);
		for (let i = 0; i < 2; i++) quotas.spend(1, 0);
		quotas.refund(quotas.spend(1, 0));
		quotas.hear(headers('requests', 60, 2), first);
		expect(quotas.wait(1, 0)).toBeCloseTo(1_000 / 0.98);
	});

	test('what was refused is given back, also where what is left was told', () => {
		const quotas = new Quotas();
		quotas.hear(headers('requests', 60, 1), quotas.spend(1, 0));
		quotas.refund(quotas.spend(1, 0));
		expect(quotas.wait(1, 0)).toBeLessThanOrEqual(0);
	});

	test.each(['', 'many', '-1', 'Infinity', '1e999', ['1', '2'], undefined])(
		'nothing is known by %p',
		(said) => {
			const quotas = new Quotas();
			const [limit, left] = ['x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests'];
			quotas.hear({ [limit]: '60', [left]: said }, quotas.spend(1, 0));
			quotas.hear({ [limit]: said, [left]: '0' }, quotas.spend(1, 0));
			expect(quotas.wait(1, 0)).toBe(0);
		},
	);

	test('it fills up to the limit and not beyond', () => {
		const quotas = new Quotas();
		quotas.hear(headers('requests', 10, 0), quotas.spend(1, 0));
		for (let i = 0; i < 10; i++) quotas.spend(1, 3_600_000);
		expect(quotas.wait(1, 3_600_000)).toBeGreaterThan(0);
	});

	test('what was spent comes back with time, also where no answer tells of it', () => {
		const quotas = new Quotas();
		quotas.hear(headers('requests', 10, 10), quotas.spend(1, 0));
		for (let i = 0; i < 10; i++) quotas.spend(1, 0);
		expect(quotas.wait(1, 0)).toBeGreaterThan(0);
		expect(quotas.wait(1, 7_000)).toBeLessThanOrEqual(0);
	});

	test('a limit far below what is in flight holds nobody back for more than two minutes', () => {
		const quotas = new Quotas();
		const first = quotas.spend(1e6, 0);
		for (let i = 0; i < 50; i++) quotas.spend(1e6, 0);
		quotas.hear(headers('tokens', 100, 0), first);
		expect(quotas.wait(1e6, 0)).toBeLessThan(125_000);
		expect(quotas.wait(1e6, 125_000)).toBeLessThanOrEqual(0);
	});

	test.each(['tokens-per-minute', 'tokens'])('tokens count, too: %s', (kind) => {
		const quotas = new Quotas();
		quotas.hear(headers(kind, 6_000, 300), quotas.spend(100, 0));
		// 0.3 tokens for each character, before anything else is known
		expect(quotas.wait(1_000, 0)).toBeLessThanOrEqual(0);
		expect(quotas.wait(2_000, 0)).toBeCloseTo(300 / (0.1 * 0.98));
	});

	test('a request that costs more than the limit waits for all of it, not for ever', () => {
		const quotas = new Quotas();
		quotas.hear(headers('tokens', 600, 0), quotas.spend(1, 0));
		expect(quotas.wait(1e9, 0)).toBeCloseTo(60_000 / 0.98);
	});

	test('what requests have cost corrects what the next is taken to cost', () => {
		const quotas = new Quotas();
		for (let i = 0; i < 50; i++) quotas.learn(100, 200);
		quotas.learn(0, 1_000);
		quotas.learn(100, 0);
		quotas.hear(headers('tokens', 6_000, 200), quotas.spend(0, 0));
		expect(quotas.wait(99, 0)).toBeLessThanOrEqual(0);
		expect(quotas.wait(110, 0)).toBeGreaterThan(0);
	});
});
