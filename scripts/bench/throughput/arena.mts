import path from 'node:path';

import { median } from '../statistics.mjs';
import { type Case, CONCURRENCY, LABELS } from './cases.mjs';
import { CERTIFICATE_FILE } from './certificate.mjs';
import type { Memory, Order, Run } from './contestant.mjs';
import type { Ports, ServerStats } from './server.mjs';
import { Worker } from './worker.mjs';

/** Medians of the repetitions; of connections and requests in flight the most. */
export interface Result extends Run, Omit<ServerStats, 'requests'> {
	runs: number;
	/** More at the worst moment than before, garbage included. */
	peakBytes: number;
	/** Of cases that ask for it. */
	memory?: Memory;
}

/** By contestant. */
export type Results = Record<string, Result>;
export type Timing = Omit<Result, 'memory' | 'peakBytes'>;
export type Timings = Record<string, Timing>;

/** V8 takes some thousand items until all is optimised, as it is in an n8n that has run for a while. */
const WARM_UP = { runs: 10, items: 500 };

const file = (name: string) => path.join(import.meta.dirname, name);

/** One server, and the contestants that call it in turn. */
export class Arena {
	private readonly server = new Worker('The server', file('server.mts'));
	private readonly workers = new Map<string, Worker>();
	private ports!: Ports;

	/** @param profiles where V8 writes a CPU profile of each contestant; undefined: none */
	async open(names: string[], profiles?: string) {
		this.ports = await this.server.call('ports');
		for (const name of names) {
			const profile = profiles && ['--cpu-prof', `--cpu-prof-dir=${path.join(profiles, name)}`];
			const worker = new Worker(LABELS[name], file('contestant.mts'), {
				args: [name],
				env: { NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE },
				// a collection in idle time would make V8 forget optimised code
				flags: ['--expose-gc', '--no-memory-reducer', ...(profile || [])],
			});
			this.workers.set(name, worker);
			process.stderr.write(`Warming up: ${LABELS[name]}\n`);
			await this.server.call('reset', 0);
			for (let run = 0; run < WARM_UP.runs; run++) await worker.call('run', this.order(WARM_UP));
		}
	}

	/**
	 * Repeats a case with its contestants in turn, so that a change of the machine's speed hits all.
	 * @param budgetMs of each contestant: a slow one is repeated less often, but runs at least once
	 */
	async run(one: Case, repetitions: number, budgetMs: number): Promise<Timings> {
		process.stderr.write(`${one.title} `);
		const runs: Record<string, Array<Run & ServerStats>> = {};
		const names = one.contestants.filter((name) => this.workers.has(name));
		for (let repetition = 0; repetition < repetitions; repetition++) {
			for (const name of names) {
				const earlier = (runs[name] ??= []);
				const spent = earlier.reduce((sum, { ms }) => sum + ms, 0);
				if (earlier.length > 0 && spent + spent / earlier.length > budgetMs) continue;
				earlier.push(await this.measure(name, one));
				process.stderr.write('.');
			}
		}
		process.stderr.write('\n');
		return Object.fromEntries(names.map((name) => [name, summary(runs[name])]));
	}

	/** To be called last: it makes what was optimised slow again. */
	async measureMemory(one: Case, results: Timings): Promise<Results> {
		process.stderr.write(`Memory: ${one.title} `);
		await this.server.call('reset', one.latencyMs);
		const all: Results = {};
		for (const [name, timing] of Object.entries(results)) {
			const worker = this.workers.get(name)!;
			all[name] = { ...timing, peakBytes: await worker.call('peak', this.order(one)) };
			if (one.memory) all[name].memory = await worker.call('memory', this.order(one));
			process.stderr.write('.');
		}
		process.stderr.write('\n');
		return all;
	}

	close() {
		for (const worker of [this.server, ...this.workers.values()]) worker.stop();
	}

	private async measure(name: string, one: Case): Promise<Run & ServerStats> {
		const worker = this.workers.get(name)!;
		// while the others had their turn, this one has cooled down
		await this.server.call('reset', 0);
		await worker.call('run', this.order({ items: WARM_UP.items }));
		await this.server.call('reset', one.latencyMs);
		const run = await worker.call<Run>('run', this.order(one));
		const stats = await this.server.call<ServerStats>('stats');
		if (stats.requests !== one.items) {
			throw new Error(`${LABELS[name]} sent ${stats.requests} requests for ${one.items} items`);
		}
		return { ...run, ...stats };
	}

	private order({
		items,
		concurrency = CONCURRENCY,
		isStreaming = false,
		isFar,
	}: Partial<Case> & { items: number }): Order {
		const { plain, tls, far } = this.ports;
		return {
			items,
			isStreaming,
			concurrency,
			url: isFar ? `https://localhost:${far}` : `http://127.0.0.1:${plain}`,
			tlsPort: isFar ? far : tls,
		};
	}
}

function summary(runs: Array<Run & ServerStats>): Timing {
	const all = (key: keyof (Run & ServerStats)) => runs.map((run) => run[key]);
	return {
		runs: runs.length,
		ms: median(all('ms')),
		cpuMs: median(all('cpuMs')),
		connections: Math.max(...all('connections')),
		peakInFlight: Math.max(...all('peakInFlight')),
	};
}
