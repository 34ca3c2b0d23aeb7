/**
 * `npm run bench -- NAME`: runs one benchmark, or all of them; figures are only true side by side.
 * `throughput`, `turns`, `agent` and `pace` know --quick, the first two and `columns` also --alone (without the nodes of
 * others), `throughput` and `agent` --profile; `limits` knows --against FOLDER (of another build) and --only CASE,CASE.
 */
import { parseArgs } from 'node:util';

import { agent } from './agent.mjs';
import { columns } from './columns.mjs';
import { type LimitsOptions, limits } from './limits.mjs';
import { load } from './load.mjs';
import { pace } from './pace.mjs';
import { stream } from './stream.mjs';
import { type ThroughputOptions, throughput } from './throughput.mjs';
import { sequence, turns } from './turns.mjs';

type Benchmark = (options: ThroughputOptions & LimitsOptions) => void | Promise<void>;

const BENCHMARKS: Record<string, Benchmark> = {
	agent,
	columns,
	limits,
	load,
	stream,
	throughput,
	turns,
	sequence,
	// leaves no real time behind
	pace,
};

const FLAG = { type: 'boolean' } as const;
const TEXT = { type: 'string' } as const;

async function main() {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { quick: FLAG, alone: FLAG, profile: FLAG, against: TEXT, only: TEXT },
	});
	const unknown = positionals.filter((name) => !(name in BENCHMARKS));
	if (unknown.length > 0) {
		process.stderr.write(
			`No benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}\n`,
		);
		process.exitCode = 1;
		return;
	}
	for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
		await BENCHMARKS[name](values);
	}
}

void main();
