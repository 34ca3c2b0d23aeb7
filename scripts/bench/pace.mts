import { median } from './statistics.mjs';
import { VirtualClock } from './pace/clock.mjs';
import { BY_CHANCE, EXHAUSTED, ROWS, type Row } from './pace/rows.mjs';
import { type Outcome, simulate } from './pace/simulate.mjs';

const SEEDS = 5;
const QUICK_SEEDS = 2;

const HEADERS = [
	'limit a minute, bucket',
	'at a time, latency',
	'refusals say',
	'goodput (worst)',
	'refused (most)',
	'failed',
	'shares, most ÷ least',
	'target',
];

const WORDS: Record<string, string> = {
	limit: 'the limit',
	all: 'the limit; answers: what is left',
	nothing: 'nothing',
};

const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;

function who({ items, atATime, executions, processes, latencyMs }: Row): string {
	const many = executions
		? `${executions} executions x `
		: processes
			? `${processes} processes x `
			: '';
	const each = processes ? `, ${items / processes} items each` : '';
	return `${many}${atATime}, ${latencyMs / 1_000} s${each}`;
}

function toLine(row: Row, outcomes: Outcome[]): string {
	const all = (key: keyof Outcome) => outcomes.map((outcome) => outcome[key]);
	const { goodput, refused } = row.target;
	const worst = Math.min(...all('goodput'));
	const most = Math.max(...all('refusedPart'));
	const failed = Math.max(...all('failed'));
	const unevenness = Math.max(...all('unevenness'));
	const isReached = worst >= goodput && most <= refused && failed === 0 && unevenness <= 2;
	const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
	return line([
		`${row.perMinute}, ${row.bucket}`,
		who(row),
		WORDS[String(row.says)],
		`${median(all('goodput')).toFixed(2)} (${worst.toFixed(2)})`,
		`${percent(median(all('refusedPart')))} (${percent(most)})`,
		String(failed),
		row.processes ? unevenness.toFixed(2) : '',
		`${isReached ? 'reached' : '**missed**'}: goodput ${goodput}${refused < 1 ? `, refused ${percent(refused)}` : ''}`,
	]);
}

/**
 * What becomes of 1,000 items against rate limits: the client of the package, its gate and its retries, and a token
 * bucket, in virtual time. A busy machine changes nothing. Runs last: afterwards this process has no time of its own.
 */
export async function pace({ quick = false }: { quick?: boolean }) {
	const clock = new VirtualClock();
	clock.install();
	const seeds = Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, seed) => seed + 1);
	process.stdout.write(
		`1,000 items against a rate limit, seeds 1 to ${seeds.length}, in virtual time\n\n`,
	);
	process.stdout.write(line(HEADERS) + line(HEADERS.map(() => '---')));
	for (const row of ROWS) {
		const outcomes: Outcome[] = [];
		for (const seed of seeds) outcomes.push(await simulate(row, clock, seed));
		process.stdout.write(toLine(row, outcomes));
	}
	const byChance: Outcome[] = [];
	for (const seed of seeds) byChance.push(await simulate(BY_CHANCE, clock, seed));
	const goodput = median(byChance.map((outcome) => outcome.goodput));
	process.stdout.write(`\nNo limit, 5 % refused by chance: goodput ${goodput.toFixed(2)}\n`);
	const { seconds, failed, refused } = await simulate(EXHAUSTED, clock, 1);
	process.stdout.write(
		`All refused, Retry-After 30: ${failed} items failed after ${seconds.toFixed(0)} s and ${refused} requests; at most 75 s\n`,
	);
}
