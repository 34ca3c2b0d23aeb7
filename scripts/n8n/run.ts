/** Starts n8n with all that belongs to it, and ends all of it together. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { OWNER, type N8n, startN8n } from '../../test/e2e/support/n8n';
import { PACKAGE, ROOT } from '../../test/e2e/support/paths';
import { type Watcher, buildOnChange } from './build';
import { startMockApi } from './mockApi';
import { copyPackage, removePackage } from './package';
import { CREDENTIAL, putCredential, putExamples } from './workspace';

const USER_FOLDER = path.join(ROOT, '.n8n');

/** n8n's own; another one where it is taken. */
const PORT = 5678;

const tell = (line: string) => void process.stderr.write(`${line}\n`);

/** @returns once n8n is ready; the process ends with a signal, or with n8n */
export async function run() {
	const open: Array<() => Promise<void>> = [];
	let isEnding = false;
	const end = async (code: number, why: string) => {
		if (isEnding) return;
		isEnding = true;
		tell(why);
		for (const close of open.reverse()) await close();
		process.exit(code);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => void end(0, 'Stopping n8n …'));
	}

	const api = await startMockApi();
	open.push(api.close);
	tell('Starting n8n …');
	mkdirSync(USER_FOLDER, { recursive: true });
	removePackage(USER_FOLDER);
	copyPackage(USER_FOLDER);
	const port: Record<string, string> = (await isFree(PORT)) ? { N8N_PORT: String(PORT) } : {};
	const starting = startN8n({
		name: 'npm-run-n8n',
		userFolder: USER_FOLDER,
		install: 'none',
		env: { N8N_DEV_RELOAD: 'true', ...port },
	});
	// Ctrl-C reaches n8n too, so that it may never become ready
	open.push(async () => await starting.then(({ stop }) => stop()).catch(() => undefined));
	const n8n = await starting.catch((error: Error) => end(1, error.message));
	if (!n8n) return;
	// where this process fails, nothing else would end n8n
	process.on('exit', () => isEnding || process.kill(n8n.process.pid));
	void n8n.process.exited.then((code) => end(1, `n8n has ended (${code}):\n${n8n.log()}`));

	const examples = await putExamples(n8n, await putCredential(n8n, api.url));
	const watcher = watch(n8n);
	open.push(async () => await watcher.close());
	describe(n8n, examples);
}

const isFree = async (port: number) =>
	await new Promise<boolean>((resolve) => {
		const server = createServer().once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});

const watch = (n8n: N8n): Watcher =>
	buildOnChange(
		async () =>
			tell((await reload(n8n)) ? 'Built and loaded.' : 'Built, but not loaded: start anew.'),
		(output) => tell(`Not built:\n${output}`),
	);

/** Copies again where n8n has not noticed: it is ready some seconds before it watches its folders. */
async function reload(n8n: N8n): Promise<boolean> {
	const reloads = () => n8n.log().split(`Hot reload triggered for ${PACKAGE}`).length;
	const before = reloads();
	for (let i = 0; i < 30; i++) {
		if (i % 10 === 0) copyPackage(USER_FOLDER);
		await sleep(300);
		if (reloads() > before) return true;
	}
	return false;
}

function describe({ url }: N8n, examples: string[]) {
	tell(`
n8n         ${url}
sign in     ${OWNER.email}, password ${OWNER.password}
workflows   ${examples.join('\n            ')}
credential  '${CREDENTIAL}' leads to aimock, a mock server: no key, no costs
            (rewritten at each start; for the real API, make another one)

Changes in nodes/ and credentials/ are built and loaded while n8n runs. Ctrl-C ends it.`);
}
