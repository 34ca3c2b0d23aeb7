import path from 'node:path';

import { median } from './statistics.mjs';
import { LABELS, PEERS } from './throughput/cases.mjs';
import { CERTIFICATE_FILE } from './throughput/certificate.mjs';
import type { Order, Run } from './throughput/contestant.mjs';
import { installPeers } from './throughput/peers.mjs';
import type { Ports, ServerStats } from './throughput/server.mjs';
import { Worker } from './throughput/worker.mjs';

const file = (name: string) => path.join(import.meta.dirname, 'throughput', name);

const NAMES = Object.keys(LABELS).filter((name) => name !== 'oursInTurns');

export interface TurnsOptions {
	quick?: boolean;
	/** Only this package and what it is made of. */
	alone?: boolean;
}

const orderOf = (
	{ plain, tls, far }: Ports,
	isFar: boolean,
	items = 1,
	concurrency = 1,
): Order => ({
	items,
	concurrency,
	isStreaming: false,
	url: isFar ? `https://localhost:${far}` : `http://127.0.0.1:${plain}`,
	tlsPort: isFar ? far : tls,
});

interface Arena {
	server: Worker;
	ports: Ports;
	workers: Map<string, Worker>;
}

async function withArena(names: string[], warmUp: number, work: (arena: Arena) => Promise<void>) {
	const server = new Worker('The server', file('server.mts'));
	const workers = new Map<string, Worker>();
	try {
		const ports = await server.call<Ports>('ports');
		await server.call('reset', 0);
		for (const name of names) {
			const env = { NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE };
			const flags = ['--expose-gc', '--no-memory-reducer'];
			const worker = new Worker(LABELS[name], file('contestant.mts'), { args: [name], env, flags });
			workers.set(name, worker);
			process.stderr.write(`Warming up: ${LABELS[name]}\n`);
			for (let run = 0; run < warmUp; run++) await worker.call('run', orderOf(ports, false));
		}
		await work({ server, ports, workers });
	} finally {
		for (const worker of [server, ...workers.values()]) worker.stop();
	}
}

/** How long one item takes in an execution of its own, as in a chat, from the second execution on. */
export async function turns({ quick = false, alone = false }: TurnsOptions) {
	if (!alone) installPeers();
	const names = NAMES.filter((name) => !alone || !PEERS.includes(name));
	const repetitions = quick ? 11 : 41;
	await withArena(names, quick ? 30 : 200, async ({ server, ports, workers }) => {
		for (const isFar of [true, false]) {
			await server.call('reset', 0);
			const times = new Map(names.map((name) => [name, [] as number[]]));
			const cpu = new Map(names.map((name) => [name, [] as number[]]));
			// the first one opens the connections of those that keep any
			for (let repetition = -1; repetition < repetitions; repetition++) {
				for (const name of names) {
					const run = await workers.get(name)!.call<Run>('run', orderOf(ports, isFar));
					if (repetition < 0) continue;
					times.get(name)!.push(run.ms);
					cpu.get(name)!.push(run.cpuMs);
				}
			}
			const ms = (name: string) => median(times.get(name) ?? []);
			const where = isFar ? 'over TLS, 40 ms away' : 'on loopback';
			process.stdout.write(`\nOne item an execution, ${where}, median of ${repetitions}\n\n`);
			process.stdout.write(
				'| | time | ÷ kept-alive | ÷ engine | CPU |\n| --- | ---: | ---: | ---: | ---: |\n',
			);
			for (const name of names) {
				const cells = [
					LABELS[name],
					`${ms(name).toFixed(1)} ms`,
					(ms(name) / ms('kept')).toFixed(2),
					(ms(name) / ms('engine')).toFixed(2),
					`${median(cpu.get(name) ?? []).toFixed(1)} ms`,
				];
				process.stdout.write(`| ${cells.join(' | ')} |\n`);
			}
			const rivals = PEERS.filter((name) => names.includes(name)).map(ms);
			const toPeer =
				rivals.length > 0
					? `, ${(ms('ours') / Math.min(...rivals)).toFixed(2)} x the best peer (at most 0.4)`
					: '';
			process.stdout.write(
				isFar
					? `\n${(ms('ours') / ms('kept')).toFixed(2)} x kept-alive (at most 1.15)${toPeer}\n`
					: `\n${(ms('ours') / ms('engine')).toFixed(2)} x the engine (at most 1.15)\n`,
			);
		}
	});
}

/** How many connections it takes to send one request after the other. */
export async function sequence() {
	await withArena(['ours', 'oursInTurns'], 3, async ({ server, ports, workers }) => {
		const count = async (what: string, name: string, orders: Order[]) => {
			// another port of the same server is another base URL, to which no connection stands
			await server.call('reset', 0);
			for (const order of orders) await workers.get(name)!.call('run', order);
			const { connections, requests } = await server.call<ServerStats>('stats');
			process.stdout.write(`${what}: ${connections} connections for ${requests} requests\n`);
		};
		const ten = orderOf(ports, true, 10, 1);
		await count('10 items of one execution, one at a time', 'ours', [ten]);
		const turn = { ...orderOf(ports, true), url: `https://localhost:${ports.tls}` };
		await count('10 executions of one item', 'ours', Array<Order>(10).fill(turn));
		await count('10 answers of the chat model', 'oursInTurns', [ten]);
	});
}
