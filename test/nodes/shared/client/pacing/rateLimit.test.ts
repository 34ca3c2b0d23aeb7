import {
	requestLimit,
	retryAfter,
	waitOf,
} from '../../../../../nodes/shared/client/pacing/rateLimit';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const seconds = NOW / 1000;
const httpDate = (inSeconds: number) => new Date(NOW + inSeconds * 1000).toUTCString();

type Headers = Record<string, string | string[] | undefined>;

describe('The wait that a refusal asks for', () => {
	test.each<[Headers, number | undefined]>([
		[{}, undefined],
		[{ 'retry-after-ms': '20' }, 20],
		[{ 'retry-after-ms': '0.5' }, 0.5],
		[{ 'retry-after-ms': '20', 'retry-after': '3' }, 20],
		[{ 'retry-after-ms': '0', 'retry-after': '3' }, 3_000],
		[{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3_000],
		[{ 'retry-after': '20' }, 20_000],
		[{ 'retry-after': '0.1' }, 100],
		[{ 'retry-after': ' 7 ' }, 7_000],
		[{ 'retry-after': '60' }, 60_000],
		[{ 'retry-after': '86400' }, 86_400_000],
		[{ 'retry-after': '0' }, undefined],
		[{ 'retry-after': '-10' }, undefined],
		[{ 'retry-after': '' }, undefined],
		[{ 'retry-after': undefined }, undefined],
		[{ 'retry-after': 'soon' }, undefined],
		[{ 'retry-after': '1s' }, undefined],
		[{ 'retry-after': httpDate(20) }, 20_000],
		[{ 'retry-after': httpDate(0) }, undefined],
		[{ 'retry-after': httpDate(-20) }, undefined],
		[{ 'retry-after': httpDate(86_400) }, 86_400_000],
		[{ 'retry-after': '5', 'x-ratelimit-reset-requests': String(seconds + 30) }, 5_000],
		[{ 'retry-after': '31536000' }, 31_536_000_000],
		[{ 'retry-after': httpDate(364 * 86_400) }, 364 * 86_400_000],
		// more than a year: no server means that
		[{ 'retry-after': '31536001' }, undefined],
		[{ 'retry-after': '9999999999999' }, undefined],
		[{ 'retry-after': '1e400' }, undefined],
		[{ 'retry-after': 'Infinity' }, undefined],
		[{ 'retry-after': httpDate(366 * 86_400) }, undefined],
		[{ 'retry-after': '+275760-09-13T00:00:00.000Z' }, undefined],
		[{ 'retry-after-ms': '9999999999999' }, undefined],
		[{ 'retry-after-ms': '9999999999999', 'retry-after': '3' }, 3_000],
	])('by %j is %p ms', (headers, wait) => {
		expect(retryAfter(headers, 429, NOW)).toBe(wait);
		expect(retryAfter(headers, 503, NOW)).toBe(wait);
	});

	test.each<[string, Headers, number]>([
		['ahead', { 'x-ratelimit-reset-requests': String(seconds + 10) }, 10_000],
		['with a fraction', { 'x-ratelimit-reset-requests': String(seconds + 1.5) }, 1_500],
		['now, so at least a second', { 'x-ratelimit-reset-requests': String(seconds) }, 1_000],
		['just past, so a second', { 'x-ratelimit-reset-requests': String(seconds - 0.93) }, 1_000],
		['long past, so a second', { 'x-ratelimit-reset-requests': '1' }, 1_000],
		[
			'in several headers, the soonest',
			{
				'x-ratelimit-reset-requests': String(seconds + 40),
				'x-ratelimit-reset-tokens-per-minute': String(seconds + 20),
				'x-ratelimit-reset-tokens-per-day': String(seconds + 40_000),
			},
			20_000,
		],
		[
			'in several headers, a 0 being none',
			{
				'x-ratelimit-reset-requests': '0',
				'x-ratelimit-reset-tokens-per-minute': String(seconds + 20),
			},
			20_000,
		],
		[
			'in several headers, an unreadable one being none',
			{
				'x-ratelimit-reset-requests': '1s',
				'x-ratelimit-reset-tokens-per-minute': String(seconds + 20),
			},
			20_000,
		],
		[
			'beside a Retry-After of 0',
			{ 'retry-after': '0', 'x-ratelimit-reset-requests': String(seconds + 20) },
			20_000,
		],
		["of the platform's", { 'ratelimit-reset': String(seconds + 10) }, 10_000],
		[
			"of the platform's that is used up, though the others come sooner",
			{
				'ratelimit-remaining': '0',
				'ratelimit-reset': String(seconds + 40),
				'x-ratelimit-remaining-requests': '7',
				'x-ratelimit-reset-requests': String(seconds + 20),
			},
			40_000,
		],
		[
			'in two that are used up, the later one',
			{
				'x-ratelimit-remaining-tokens-per-minute': '0',
				'x-ratelimit-reset-tokens-per-minute': String(seconds + 20),
				'x-ratelimit-remaining-requests': '0',
				'x-ratelimit-reset-requests': String(seconds + 40),
			},
			40_000,
		],
		[
			"of the platform's that is not used up, beside one that is",
			{
				'ratelimit-remaining': '4990',
				'ratelimit-reset': String(seconds + 3_000),
				'x-ratelimit-remaining-requests': '0',
				'x-ratelimit-reset-requests': String(seconds + 20),
			},
			20_000,
		],
		['in milliseconds', { 'x-ratelimit-reset-requests': String(NOW + 10_000) }, 10_000],
		['in microseconds', { 'x-ratelimit-reset-requests': `${NOW + 10_000}000` }, 10_000],
		['in nanoseconds', { 'x-ratelimit-reset-requests': `${NOW + 10_000}000000` }, 10_000],
		[
			'in one of several headers, the others being years away',
			{
				'x-ratelimit-remaining-requests': '0',
				'x-ratelimit-reset-requests': '99999999999',
				'x-ratelimit-remaining-tokens-per-minute': '0',
				'x-ratelimit-reset-tokens-per-minute': String(seconds + 20),
			},
			20_000,
		],
		['a day away', { 'x-ratelimit-reset-tokens-per-day': String(seconds + 86_400) }, 86_400_000],
	])('by a reset %s has some jitter on top', (_when, headers, wait) => {
		const waits = Array.from({ length: 50 }, () => retryAfter(headers, 429, NOW) ?? 0);
		for (const one of waits) {
			expect(one).toBeGreaterThanOrEqual(wait + 250);
			expect(one).toBeLessThanOrEqual(wait + 500);
		}
		expect(new Set(waits).size).toBeGreaterThan(1);
	});

	test.each<[string, Headers]>([
		['0, which is no leave to retry now', { 'x-ratelimit-reset-requests': '0' }],
		['a text', { 'x-ratelimit-reset-requests': '1s' }],
		['a date', { 'x-ratelimit-reset-requests': httpDate(10) }],
		['another header', { 'ratelimit-resets': String(seconds + 10) }],
		['a header of another name', { 'old-ratelimit-reset': String(seconds + 10) }],
		['a limit', { 'ratelimit-limit': '250', 'ratelimit-remaining': '0' }],
		['a time in some years', { 'x-ratelimit-reset-requests': String(seconds + 366 * 86_400) }],
		['a time that no date has', { 'x-ratelimit-reset-requests': '9'.repeat(60) }],
		['a number without end', { 'x-ratelimit-reset-requests': '1e999' }],
	])('is not said by %s', (_what, headers) => {
		expect(retryAfter(headers, 429, NOW)).toBeUndefined();
	});

	test('is not said by the reset of a request that was no rate limit', () => {
		// the quota headers come with every answer
		const headers = { 'x-ratelimit-reset-requests': String(seconds + 10) };
		expect(retryAfter(headers, 503, NOW)).toBeUndefined();
	});
});

test.each([
	[-1, true],
	[0, true],
	[1, true],
	[1.5, undefined],
	[30, undefined],
])('A reset in %d s is due: %p', (inSeconds, isResetDue) => {
	const headers = { 'x-ratelimit-reset-requests': String(seconds + inSeconds) };
	expect(waitOf(headers, 429, NOW).isResetDue || undefined).toBe(isResetDue);
});

test.each([
	['600', 600],
	['0', undefined],
	['many', undefined],
	[undefined, undefined],
])('A limit of %p requests a minute is %p', (said, limit) => {
	expect(requestLimit({ 'x-ratelimit-limit-requests': said })).toBe(limit);
});
