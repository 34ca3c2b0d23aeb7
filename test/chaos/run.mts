/**
 * `npm run chaos -- --seed N --rounds R --items I`: runs the built package in n8n's engine against a
 * server that fails by seed, and holds the output against what the server did. Fails if anything is wrong.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { REFUSALS, faults } from '../support/chaosFaults.js';
import { ChaosServer } from '../support/chaosServer.js';
import { runAimockRound } from './aimock.js';
import { CONCURRENCY, countOf, loadBuiltPackage, runRound, type Round } from './round.js';

/** The same as `node --expose-gc`. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const RATE = 0.05;
const SLOW_SHARE = 8;

/** What ten rounds may add to the memory, MB: less than the output of one round. */
const GROWTH_LIMIT_MB = 4;

const print = (line = '') => process.stdout.write(`${line}\n`);

async function usedMegabytes(): Promise<number> {
	// what one collection frees may hold what only the next one can
	for (let i = 0; i < 3; i++) {
		collectGarbage();
		await new Promise((resolve) => setImmediate(resolve));
	}
	const { heapUsed, external } = process.memoryUsage();
	return (heapUsed + external) / 2 ** 20;
}

const sumOf = (rounds: Round[], value: (round: Round) => number) =>
	rounds.reduce((sum, round) => sum + value(round), 0);

function sumUp(rounds: Round[], which: 'faults' | 'refusals', names: string[]) {
	for (const name of names) {
		const count = sumOf(rounds, (round) => round[which].get(name) ?? 0);
		print(`  ${name.padEnd(26)}${String(count).padStart(6)}`);
	}
}

async function main() {
	const { values } = parseArgs({
		options: {
			seed: { type: 'string', default: String(Date.now() % 1_000_000) },
			rounds: { type: 'string', default: '10' },
			items: { type: 'string', default: '1000' },
		},
	});
	const [seed, count, items] = [values.seed, values.rounds, values.items].map(Number);
	print(
		`Seed ${seed}: ${count} rounds of ${items} items, ${CONCURRENCY} at a time, each fault at 5 %`,
	);

	const loader = await loadBuiltPackage(path.resolve(import.meta.dirname, '../..'));
	const server = await new ChaosServer({ seed, rate: RATE, slowShare: SLOW_SHARE }).listen();
	const rounds: Round[] = [];
	const memory: number[] = [];
	const problems: string[] = [];
	for (let i = 0; i < count; i++) {
		const round = await runRound(loader, server, {
			seed: seed + i,
			items,
		});
		rounds.push({ ...round, problems: [] });
		problems.push(...round.problems.map((problem) => `Seed ${round.seed}: ${problem}`));
		memory.push(await usedMegabytes());
		print(
			`  seed ${round.seed}: ${round.requests} requests = ${items} items + ${round.retries} retries; ` +
				`${round.answered} answered, ${round.failed} failed; ${round.problems.length} problems; ` +
				`${round.seconds.toFixed(1)} s, then ${memory[i].toFixed(1)} MB`,
		);
	}
	await server.close();

	print('Faults');
	sumUp(rounds, 'faults', ['none', ...Object.keys(faults)]);
	print('Refusals, by what they say of the wait');
	sumUp(rounds, 'refusals', REFUSALS);

	// the first rounds fill caches of n8n and Node
	const growth = memory[memory.length - 1] - memory[Math.min(2, memory.length - 1)];
	print(`Memory after the third round and after the last: ${growth.toFixed(1)} MB more`);
	if (growth > GROWTH_LIMIT_MB) problems.push(`Memory grew by ${growth.toFixed(1)} MB`);

	const aimock = await runAimockRound(loader, Math.min(items, 300));
	const actions = [...countOf(aimock.requests.map(({ fault }) => fault))];
	print(
		`aimock's chaos: ${aimock.requests.length} requests (${actions.map(([name, n]) => `${n} ${name}`).join(', ')}); ` +
			`${aimock.answered} answered, ${aimock.failed} failed; ${aimock.problems.length} problems`,
	);
	problems.push(...aimock.problems.map((problem) => `aimock: ${problem}`));

	for (const problem of problems.slice(0, 50)) print(`PROBLEM ${problem}`);
	print(
		problems.length === 0
			? 'All is well.'
			: `${problems.length} problems. Replay: npm run chaos -- --seed ${seed} --rounds ${count} --items ${items}`,
	);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
