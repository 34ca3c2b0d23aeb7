/** Child processes whose output is kept, and which end with the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';

import { NODE, OUTPUT } from './paths';

export { freePort } from '../../support/freePort';

export interface RunningProcess {
	pid: number;
	/** What it has printed so far, on both outputs. */
	log(): string;
	/** Waits until it has printed that. */
	printed(text: string | RegExp, timeoutMs?: number): Promise<void>;
	/** Settles with the exit code when it has ended; null after a signal. */
	exited: Promise<number | null>;
	/** SIGTERM, and SIGKILL if that did not end it within ten seconds. */
	stop(): Promise<void>;
	/** SIGKILL: what a crash looks like. */
	kill(): Promise<void>;
}

/**
 * Nothing of the developer's environment: neither a proxy nor an npm or n8n setting may reach the tests.
 * Node 24 comes first in the PATH, because n8n starts its task runner and npm by name.
 */
export function cleanEnvironment(
	home: string,
	more: Record<string, string> = {},
): Record<string, string> {
	const PATH = [path.dirname(NODE), process.env.PATH].join(path.delimiter);
	return { PATH, HOME: home, LANG: 'C.UTF-8', ...more };
}

/** How often a process of that name was started. */
const starts = new Map<string, number>();

/** Starts a process; its output is also kept in .output/logs/<name>.log, of later ones in <name>-2.log. */
export function startProcess(
	name: string,
	command: string,
	args: string[],
	options: { env: Record<string, string>; cwd?: string },
): RunningProcess {
	const logs = path.join(OUTPUT, 'logs');
	mkdirSync(logs, { recursive: true });
	const count = (starts.get(name) ?? 0) + 1;
	starts.set(name, count);
	const file = createWriteStream(path.join(logs, `${name}${count > 1 ? `-${count}` : ''}.log`));
	const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	const lookers = new Set<() => void>();
	const keep = (chunk: Buffer) => {
		text += chunk.toString();
		file.write(chunk);
		for (const look of lookers) look();
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const exited = new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			file.end();
			for (const look of lookers) look();
			resolve(code);
		});
	});

	return {
		pid: child.pid ?? 0,
		log: () => text,
		async printed(wanted, timeoutMs = 60_000) {
			const isThere = () =>
				typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
			await new Promise<void>((resolve, reject) => {
				const end = (error?: Error) => {
					lookers.delete(look);
					clearTimeout(timer);
					if (error) reject(error);
					else resolve();
				};
				const look = () => {
					if (isThere()) end();
					else if (hasEnded(child)) end(new Error(`${name} ended early:\n${text}`));
				};
				const timer = setTimeout(
					() => end(new Error(`${name} did not print ${String(wanted)}:\n${text}`)),
					timeoutMs,
				);
				lookers.add(look);
				look();
			});
		},
		exited,
		async stop() {
			const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
			child.kill('SIGTERM');
			await exited;
			clearTimeout(timer);
		},
		async kill() {
			child.kill('SIGKILL');
			await exited;
		},
	};
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Runs a command to its end. @throws with its output if it fails */
export async function runProcess(
	name: string,
	command: string,
	args: string[],
	options: { env: Record<string, string>; cwd?: string },
): Promise<string> {
	const running = startProcess(name, command, args, options);
	const code = await running.exited;
	if (code !== 0) throw new Error(`${name} ended with ${code}:\n${running.log()}`);
	return running.log();
}
