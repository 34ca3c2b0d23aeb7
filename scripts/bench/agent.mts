import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Order } from './agent/contestant.mjs';
import { ROUNDS } from './agent/rounds.mjs';
import type { AgentStats } from './agent/server.mjs';
import { median } from './statistics.mjs';
import type { Run } from './throughput/contestant.mjs';
import { installPeers } from './throughput/peers.mjs';
import { Worker } from './throughput/worker.mjs';

const file = (name: string) => path.join(import.meta.dirname, 'agent', name);

const PROFILES = path.resolve(import.meta.dirname, '../../bench/profiles');

const LABELS: Record<string, string> = {
	floor: 'a chat model that asks nobody (the floor)',
	ours: 'the chat model of this package',
	openAi: 'n8n OpenAI Chat Model 1.3',
	openAiResponses: 'n8n OpenAI Chat Model 1.3, Responses API',
};
const NAMES = Object.keys(LABELS);
const RIVALS = ['openAi', 'openAiResponses'];

/** Of both time and CPU, to the best rival. */
const TARGET = 0.7;

/** Executions that are measured together: one alone is too short for the clock of the CPU. */
const EXECUTIONS = 10;

export interface AgentOptions {
	/** Fewer repetitions. */
	quick?: boolean;
	/** CPU profiles of all contestants into `bench/profiles`; they slow everything down. */
	profile?: boolean;
}

/**
 * n8n's AI Agent 3.1 with n8n's Calculator, whose tools n8n's engine runs: four rounds call it, the fifth answers, each
 * at once. Only the chat model differs.
 */
export async function agent({ quick = false, profile = false }: AgentOptions) {
	installPeers();
	const [warmUp, repetitions] = quick ? [60, 11] : [100, 41];
	const server = new Worker('The server', file('server.mts'));
	const workers = new Map<string, Worker>();
	try {
		const order: Order = { url: await server.call<string>('url'), executions: EXECUTIONS };
		const measure = async (name: string): Promise<Run & AgentStats> => {
			// while the others had their turn, this one has cooled down
			await workers.get(name)!.call<Run>('run', order);
			await server.call('reset');
			const run = await workers.get(name)!.call<Run>('run', order);
			const stats = await server.call<AgentStats>('stats');
			if (stats.requests !== (name === 'floor' ? 0 : EXECUTIONS * ROUNDS)) {
				throw new Error(
					`${LABELS[name]} sent ${stats.requests} requests in ${EXECUTIONS} executions`,
				);
			}
			return { ...run, ...stats };
		};
		for (const name of NAMES) {
			workers.set(name, start(name, profile));
			process.stderr.write(`Warming up: ${LABELS[name]}\n`);
			// V8 takes some thousand rounds until all is optimised, as it is in an n8n that has run for a while
			for (let run = 0; run < warmUp; run++) await workers.get(name)!.call<Run>('run', order);
		}
		const runs = new Map(NAMES.map((name) => [name, [] as Array<Run & AgentStats>]));
		for (let repetition = 0; repetition < repetitions; repetition++) {
			for (const name of NAMES) runs.get(name)!.push(await measure(name));
			process.stderr.write('.');
		}
		process.stderr.write('\n');
		process.stdout.write(toTable(runs, repetitions));
	} finally {
		for (const worker of [server, ...workers.values()]) worker.stop();
	}
}

function start(name: string, profile: boolean): Worker {
	const folder = path.join(PROFILES, `agent-${name}`);
	if (profile) mkdirSync(folder, { recursive: true });
	// a collection in idle time would make V8 forget optimised code
	const flags = ['--no-memory-reducer'];
	if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${folder}`);
	return new Worker(LABELS[name], file('contestant.mts'), { args: [name], flags });
}

function toTable(runs: Map<string, Array<Run & AgentStats>>, repetitions: number): string {
	const all = (name: string, key: keyof (Run & AgentStats)) =>
		(runs.get(name) ?? []).map((run) => run[key]);
	const each = (name: string, key: 'ms' | 'cpuMs') => median(all(name, key)) / EXECUTIONS;
	const toBest = (key: 'ms' | 'cpuMs') =>
		each('ours', key) / Math.min(...RIVALS.map((name) => each(name, key)));
	const rows = NAMES.map((name) => {
		const connections = all(name, 'connections').reduce((sum, one) => sum + one, 0);
		const times = [each(name, 'ms'), each(name, 'cpuMs')].map((ms) => `${ms.toFixed(1)} ms`);
		return `| ${[LABELS[name], ...times, connections].join(' | ')} |\n`;
	});
	const executions = repetitions * EXECUTIONS;
	return [
		`\nAI Agent 3.1, ${ROUNDS} rounds, each answered at once, median of ${repetitions} times ${EXECUTIONS} executions\n\n`,
		`| | time | CPU | connections opened in ${executions} executions |\n`,
		'| --- | ---: | ---: | ---: |\n',
		...rows,
		`\n${toBest('ms').toFixed(2)} x the time and ${toBest('cpuMs').toFixed(2)} x the CPU of the best rival (at most ${TARGET})\n`,
	].join('');
}
