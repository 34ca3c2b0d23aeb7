/** A whole n8n as a child process: its own user folder, free ports, an owner who is logged in. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { ExecutionStatus, INode, IRunExecutionData } from 'n8n-workflow';

import { Execution } from './execution';
import { installTarball } from './install';
import { N8N, NODE, packedTarball } from './paths';
import {
	cleanEnvironment,
	freePort,
	runProcess,
	startProcess,
	type RunningProcess,
} from './processes';
import type { CredentialLink, NewWorkflow } from './workflows';

export { Execution } from './execution';

export interface StartOptions {
	/** Over the defaults below. */
	env?: Record<string, string>;
	/** `package` (default) installs the packed tarball; `none` leaves ~/.n8n/nodes as it is. */
	install?: 'package' | 'none';
	/** Kept when n8n stops. Left out: a fresh one, removed by `stop()`. */
	userFolder?: string;
	/** Of the log file in .output/logs. */
	name?: string;
}

export interface N8n {
	url: string;
	/** Holds .n8n, as a home folder would. */
	userFolder: string;
	/** From the start of the process until it was ready for requests. */
	startedInMs: number;
	/** The environment that it runs in, for workers and for its command line. */
	env: Record<string, string>;
	process: RunningProcess;
	/** The session of the owner, as `name=value`. */
	cookie: string;
	browserId: string;
	log(): string;
	/** Asks /rest, as the editor does, and returns the `data` of the answer. */
	rest<T>(method: string, path: string, body?: unknown): Promise<T>;
	/** Any other address of this n8n, with the session: webhooks, /types/nodes.json. */
	fetch(path: string, init?: RequestInit): Promise<Response>;
	createCredential(type: string, name: string, data: object): Promise<CredentialLink>;
	/** Returns its ID. */
	createWorkflow(workflow: NewWorkflow): Promise<string>;
	/** Publishes a workflow, so that its webhooks and its chat answer. */
	activate(id: string): Promise<void>;
	/** Runs it to its end as 'Execute workflow' does; from its only trigger, or from the named one. */
	run(workflowId: string, trigger?: string, timeoutMs?: number): Promise<Execution>;
	/** An execution as it is now. */
	execution(id: string): Promise<Execution>;
	/** An execution when it has ended, or waits for somebody. */
	ended(id: string, timeoutMs?: number): Promise<Execution>;
	/** An execution when it has ended, whatever it waits for meanwhile. */
	finished(id: string, timeoutMs?: number): Promise<Execution>;
	/** n8n's command line on the same user folder, such as `import:workflow`. Returns what it printed. */
	cli(...args: string[]): Promise<string>;
	stop(): Promise<void>;
}

export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Test',
	lastName: 'Owner',
	password: 'Only4tests',
};

/** Nothing of n8n calls home, asks for feedback or wants HTTPS for its cookie. */
const SETTINGS = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_ENCRYPTION_KEY: 'only-for-e2e-tests',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	// the editor would ask n8n's server for the list of verified packages
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	// asks n8n's server for MCP servers, at every start
	N8N_DISABLED_MODULES: 'mcp-registry',
	GENERIC_TIMEZONE: 'Europe/Berlin',
};

export const newUserFolder = () => mkdtempSync(path.join(tmpdir(), 'gradient-e2e-'));

/** Environment of an n8n in that folder; ports are free ones. */
export async function n8nEnvironment(userFolder: string, more: Record<string, string> = {}) {
	mkdirSync(userFolder, { recursive: true });
	return cleanEnvironment(userFolder, {
		...SETTINGS,
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(await freePort()),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...more,
	});
}

/**
 * Starts n8n and waits until it is ready.
 * @throws with its log if it ends or takes longer than two minutes
 */
export async function startN8n(options: StartOptions = {}): Promise<N8n> {
	const userFolder = options.userFolder ?? newUserFolder();
	const env = await n8nEnvironment(userFolder, options.env);
	if ((options.install ?? 'package') === 'package')
		await installTarball(userFolder, packedTarball());

	const name = options.name ?? `n8n-${path.basename(userFolder)}`;
	const started = performance.now();
	const running = startProcess(name, NODE, [N8N, 'start'], { env, cwd: userFolder });
	const url = `http://127.0.0.1:${env.N8N_PORT}`;
	const browserId = randomUUID();
	let startedInMs: number;
	let cookie: string;
	try {
		await untilReady(url, running);
		startedInMs = Math.round(performance.now() - started);
		cookie = await logIn(url, browserId);
	} catch (error) {
		await running.kill();
		throw new Error(`n8n did not come up. Its log:\n${running.log()}`, { cause: error });
	}

	const send = async (target: string, init: RequestInit = {}) =>
		await fetch(url + target, {
			...init,
			headers: { cookie, 'browser-id': browserId, ...(init.headers as Record<string, string>) },
		});

	const n8n: N8n = {
		url,
		userFolder,
		startedInMs,
		env,
		process: running,
		cookie,
		browserId,
		log: () => running.log(),
		fetch: send,
		async rest<T>(method: string, target: string, body?: unknown) {
			const response = await send(`/rest${target}`, {
				method,
				...(body !== undefined && {
					body: JSON.stringify(body),
					headers: { 'content-type': 'application/json' },
				}),
			});
			const text = await response.text();
			if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
			return (JSON.parse(text) as { data: T }).data;
		},
		async createCredential(type, credentialName, data) {
			const body = { name: credentialName, type, data };
			const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', body);
			return { id, name: credentialName };
		},
		async createWorkflow({ settings, ...workflow }) {
			const body = { ...workflow, settings: { executionOrder: 'v1', ...settings } };
			return (await n8n.rest<{ id: string }>('POST', '/workflows', body)).id;
		},
		async activate(id) {
			const { versionId } = await n8n.rest<{ versionId: string }>('GET', `/workflows/${id}`);
			await n8n.rest('POST', `/workflows/${id}/activate`, { versionId });
		},
		async run(workflowId, trigger, timeoutMs) {
			const name = trigger ?? (await onlyTrigger(n8n, workflowId));
			const started = await n8n.rest<{ executionId?: string }>(
				'POST',
				`/workflows/${workflowId}/run`,
				{ triggerToStartFrom: { name } },
			);
			if (!started.executionId) {
				throw new Error(`'${name}' waits for a request: activate the workflow and send one`);
			}
			return await n8n.ended(started.executionId, timeoutMs);
		},
		async execution(id) {
			const { status, mode, data } = await n8n.rest<StoredExecution>('GET', `/executions/${id}`);
			return new Execution(id, status, mode, parse(data) as IRunExecutionData);
		},
		ended: async (id, timeoutMs) => await untilNot(n8n, id, ['new', 'running'], timeoutMs),
		finished: async (id, timeoutMs) =>
			await untilNot(n8n, id, ['new', 'running', 'waiting'], timeoutMs),
		cli: async (...args) => await runCli(userFolder, env, args),
		async stop() {
			await running.stop();
			if (!options.userFolder) rmSync(userFolder, { recursive: true, force: true, maxRetries: 3 });
		},
	};
	return n8n;
}

type StoredExecution = Pick<Execution, 'status' | 'mode'> & { data: string };

/** The execution as soon as its status is none of these. @throws if it still is one after `timeoutMs` */
async function untilNot(
	n8n: N8n,
	id: string,
	statuses: ExecutionStatus[],
	timeoutMs = 60_000,
): Promise<Execution> {
	const latest = performance.now() + timeoutMs;
	for (;;) {
		const { status } = await n8n.rest<StoredExecution>('GET', `/executions/${id}`);
		if (!statuses.includes(status)) return await n8n.execution(id);
		if (performance.now() > latest) throw new Error(`Execution ${id} is still ${status}`);
		await sleep(100);
	}
}

/** n8n's command line; it needs a broker port of its own while n8n runs. */
export async function runCli(userFolder: string, env: Record<string, string>, args: string[]) {
	const own = { ...env, N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
	return await runProcess(`cli-${args[0].replace(':', '-')}`, NODE, [N8N, ...args], {
		env: own,
		cwd: userFolder,
	});
}

async function untilReady(url: string, running: RunningProcess) {
	const latest = performance.now() + 120_000;
	let hasEnded = false;
	void running.exited.then(() => (hasEnded = true));
	for (;;) {
		// refused until it listens, 503 until the database is there
		const response = await fetch(`${url}/healthz/readiness`).catch(() => undefined);
		if (response?.ok) return;
		if (hasEnded) throw new Error('It ended');
		if (performance.now() > latest) throw new Error('It was not ready within two minutes');
		await sleep(20);
	}
}

/** Sets up the owner of a fresh n8n, or logs in where there is one. */
async function logIn(url: string, browserId: string): Promise<string> {
	const post = async (target: string, body: object) =>
		await fetch(`${url}/rest${target}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'browser-id': browserId },
			body: JSON.stringify(body),
		});
	const { email: emailOrLdapLoginId, password } = OWNER;
	let response = await post('/owner/setup', OWNER);
	if (!response.ok) response = await post('/login', { emailOrLdapLoginId, password });
	const [cookie] = response.headers.getSetCookie();
	if (!response.ok || !cookie)
		throw new Error(`No login: ${response.status} ${await response.text()}`);
	return cookie.split(';')[0];
}

async function onlyTrigger(n8n: N8n, workflowId: string): Promise<string> {
	const { nodes } = await n8n.rest<{ nodes: INode[] }>('GET', `/workflows/${workflowId}`);
	const triggers = nodes.filter(({ type }) => /trigger$|\.webhook$/i.test(type));
	if (triggers.length !== 1) {
		throw new Error(
			`Name the trigger to start from: ${triggers.map(({ name }) => name).join(', ')}`,
		);
	}
	return triggers[0].name;
}
