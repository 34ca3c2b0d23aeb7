import { fork } from 'node:child_process';
import path from 'node:path';

import { startServer } from './limits/answers.mjs';
import { CASES, type Case } from './limits/cases.mjs';
import type { Measured } from './limits/child.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** After this a case counts as one that does not end, ms. */
const PATIENCE_MS = 180_000;

/** In a process of its own: some cases have ended it. */
async function measure(folder: string, name: string, { heap }: Case, urls: string[]) {
	const flags = heap ? [`--max-old-space-size=${heap}`] : [];
	const child = fork(path.join(import.meta.dirname, 'limits/child.mts'), [folder, name, ...urls], {
		execArgv: [...process.execArgv, ...flags],
		stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
	});
	return await new Promise<Measured | string>((resolve) => {
		const timer = setTimeout(() => {
			resolve(`not ended after ${PATIENCE_MS / 1000} s`);
			child.kill('SIGKILL');
		}, PATIENCE_MS);
		child.once('message', (measured: Measured) => resolve(measured));
		child.once('exit', (code, signal) => {
			clearTimeout(timer);
			resolve(`KILLED (${signal ?? code})`);
		});
	});
}

function line({ title }: Case, result: Measured | string, requests: number) {
	if (typeof result === 'string') return `${title}\n    ${result}`;
	const { ms, longestTurnMs, outcome } = result;
	const figures = [
		`${(ms / 1000).toFixed(2)} s`,
		`longest turn ${longestTurnMs.toFixed(0)} ms`,
		`${requests} request${requests === 1 ? '' : 's'}`,
	];
	return `${title}\n    ${figures.join(', ')}\n    ${outcome}`;
}

export interface LimitsOptions {
	/** The folder of another build of the package, which is measured beside this one. */
	against?: string;
	/** Names of cases, with commas. */
	only?: string;
}

/** What a hostile or broken server costs: how long, and how long n8n could do nothing else. */
export async function limits({ against, only }: LimitsOptions) {
	const server = await startServer();
	const folders = [...(against ? [path.resolve(against)] : []), ROOT];
	for (const [name, one] of Object.entries(CASES)) {
		if (only && !only.split(',').includes(name)) continue;
		for (const folder of folders) {
			const before = server.requestsOf(one.answer);
			const result = await measure(folder, name, one, [
				server.urlOf(one.answer),
				server.urlOf('healthy'),
			]);
			const which = folders.length === 1 ? '' : folder === ROOT ? '[this] ' : '[other] ';
			const requests = server.requestsOf(one.answer) - before;
			process.stdout.write(`${which}${line(one, result, requests)}\n`);
		}
	}
	server.close();
}
