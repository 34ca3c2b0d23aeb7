import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Arena, type Results, type Timings } from './throughput/arena.mjs';
import {
	APART,
	type Case,
	LABELS,
	PEERS,
	far,
	growing,
	streaming,
	waiting,
	wide,
	working,
} from './throughput/cases.mjs';
import { toSvg } from './throughput/chart.mjs';
import { installPeers } from './throughput/peers.mjs';
import { toMarkdown } from './throughput/table.mjs';
import { judge } from './throughput/targets.mjs';

const OUTPUT = path.resolve(import.meta.dirname, '../../bench');

export interface ThroughputOptions {
	/** Fewer repetitions and items. */
	quick?: boolean;
	/** Only this package and the floor, for which nothing is installed. */
	alone?: boolean;
	/** CPU profiles of all contestants into `bench/profiles`; they slow everything down. */
	profile?: boolean;
}

/** How fast many items pass, next to the nodes that a user would take otherwise and to the least possible. */
export async function throughput({ quick = false, alone = false, profile }: ThroughputOptions) {
	if (!alone) installPeers();
	const others = alone ? [...APART, ...PEERS] : APART;
	const names = Object.keys(LABELS).filter((name) => !others.includes(name));
	const arena = new Arena();
	const timed: Array<[Case, Timings]> = [];
	const sizes = growing(quick);
	try {
		await arena.open(names, profile ? path.join(OUTPUT, 'profiles') : undefined);
		const cases = [waiting, working, wide.waiting, wide.working, streaming];
		for (const one of [...cases, far(quick ? 50 : 100), ...sizes]) {
			const repetitions = quick || sizes.includes(one) ? 3 : 9;
			timed.push([one, await arena.run(one, repetitions, quick ? 5_000 : 25_000)]);
		}
		const all: Array<[Case, Results]> = [];
		for (const [one, timings] of timed) all.push([one, await arena.measureMemory(one, timings)]);

		const markdown = toMarkdown(all, judge(new Map(all), sizes));
		mkdirSync(OUTPUT, { recursive: true });
		writeFileSync(path.join(OUTPUT, 'throughput.md'), markdown);
		writeFileSync(path.join(OUTPUT, 'throughput.svg'), toSvg(all));
		process.stdout.write(markdown);
	} finally {
		arena.close();
	}
}
