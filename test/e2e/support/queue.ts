/** n8n's queue mode: a main process, workers with a user folder of their own each, Redis and PostgreSQL. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { installTarball } from './install';
import { n8nEnvironment, newUserFolder, startN8n, type N8n } from './n8n';
import { N8N, NODE, packedTarball } from './paths';
import { startPostgres } from './postgres';
import { startProcess } from './processes';
import { startRedis } from './redis';

export interface Worker {
	/** Also in its environment, as WORKER_NAME. */
	name: string;
	/** The IDs of the executions that it has begun so far. */
	begun(): string[];
	/** Those of them that it has not ended. */
	underWay(): string[];
	log(): string;
	stop(): Promise<void>;
	/** SIGKILL, as when it runs out of memory. */
	kill(): Promise<void>;
}

export interface Queue {
	n8n: N8n;
	workers: Worker[];
	stop(): Promise<void>;
}

/**
 * How soon a worker that died is noticed. By default the lock of a job lasts 60 s, and is looked at every
 * 30 s. n8n 2.41.1 waits another 30 s, which cannot be set. Since n8n 2.0 a job that was begun is never
 * run again: QUEUE_WORKER_MAX_STALLED_COUNT has been removed, and is taken as 0.
 */
const STALLED = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};

/**
 * Starts all of it, with the package installed in the main process and in each worker.
 * @param executionsPerWorker how many each worker runs at the same time
 */
export async function startQueue(names: string[], executionsPerWorker: number): Promise<Queue> {
	const redis = await startRedis();
	const postgres = await startPostgres();
	const env = {
		...postgres.env,
		...STALLED,
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		N8N_CONCURRENCY_PRODUCTION_LIMIT: String(executionsPerWorker),
		// so that a request can say which worker has sent it
		N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false',
		WORKER_NAME: 'main',
	};
	const n8n = await startN8n({ env, name: 'queue-main' });
	// after the main process, which makes the database's tables
	const workers = await Promise.all(names.map(async (name) => await startWorker(name, env)));
	return {
		n8n,
		workers,
		async stop() {
			await Promise.all(workers.map(async (worker) => await worker.stop()));
			await n8n.stop();
			await postgres.stop();
			await redis.stop();
		},
	};
}

async function startWorker(name: string, shared: Record<string, string>): Promise<Worker> {
	const userFolder = newUserFolder();
	await installTarball(userFolder, packedTarball());
	const env = await n8nEnvironment(userFolder, { ...shared, WORKER_NAME: name });
	const running = startProcess(`queue-${name}`, NODE, [N8N, 'worker'], { env, cwd: userFolder });
	await running.printed('n8n worker is now ready', 120_000);

	const logged = (verb: string) => {
		const lines = running.log().matchAll(new RegExp(`Worker ${verb} execution (\\d+)`, 'g'));
		return [...lines].map(([, id]) => id);
	};
	const end = async (how: 'stop' | 'kill') => {
		await running[how]();
		rmSync(userFolder, { recursive: true, force: true, maxRetries: 3 });
	};
	return {
		name,
		begun: () => logged('started'),
		underWay: () => {
			const ended = new Set(logged('finished'));
			return logged('started').filter((id) => !ended.has(id));
		},
		log: () => running.log(),
		stop: async () => await end('stop'),
		kill: async () => await end('kill'),
	};
}

/**
 * Waits until a webhook answers: n8n 2.41.1 says that a workflow is active before it has registered it.
 * Asked with the wrong method, so that nothing is executed.
 * @throws after 20 s
 */
export async function registered(n8n: N8n, webhook: string): Promise<void> {
	for (let attempt = 0; attempt < 200; attempt++) {
		const response = await n8n.fetch(`/webhook/${webhook}`);
		if ((await response.text()).includes('Did you mean to make a POST request?')) return;
		await sleep(100);
	}
	throw new Error(`n8n has not registered the webhook ${webhook}:\n${n8n.log()}`);
}

export interface StoredExecution {
	id: string;
	status: string;
	/** `webhook`, or `error` where it was started for the failure of another. */
	mode: string;
	workflowId: string;
}

/** The executions of a workflow, newest first; at most 100. */
export async function executionsOf(n8n: N8n, workflowId: string): Promise<StoredExecution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const target = `/executions?filter=${filter}&limit=100`;
	return (await n8n.rest<{ results: StoredExecution[] }>('GET', target)).results;
}
