/** Commands that take long or stay: each ends when this process does, with all that it has started. */
import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('keeper.mjs', import.meta.url));

export const say = (text: string) => process.stderr.write(`${text}\n`);

export interface CommandOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Where its outputs go, as `spawn` wants it; stderr if left out. */
	output?: 'inherit' | number;
}

export interface RunningCommand {
	/** Settles with the exit code when nothing of it runs any more. */
	exited: Promise<number>;
	/** SIGTERM for the whole process group, SIGKILL ten seconds later. */
	stop(): Promise<void>;
}

/** For whoever wants them all to end. */
export const runningCommands = new Set<RunningCommand>();

export function start(command: string, args: string[], options: CommandOptions = {}) {
	const { output = process.stderr, ...rest } = options;
	const stdio: StdioOptions = ['pipe', output, output];
	// a group of its own: a terminal's Ctrl-C would end the keeper before what it keeps
	const keeper = spawn(process.execPath, [KEEPER, command, ...args], {
		...rest,
		stdio,
		detached: true,
	});
	const started: RunningCommand = {
		exited: new Promise((resolve, reject) => {
			keeper.on('error', reject);
			keeper.on('close', (code) => {
				runningCommands.delete(started);
				resolve(code ?? 1);
			});
		}),
		async stop() {
			keeper.stdin?.end();
			await started.exited;
		},
	};
	runningCommands.add(started);
	return started;
}

/**
 * Waits for a command, and says every 20 s that it still runs: pip and ninja say nothing where they do not
 * write to a terminal.
 *
 * @throws if it does not end with 0
 */
export async function run(
	title: string,
	command: string,
	args: string[],
	options: CommandOptions = {},
) {
	const began = Date.now();
	const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
	say(`${title} …`);
	const ticker = setInterval(() => say(`  … ${seconds()}`), 20_000);
	const code = await start(command, args, options).exited.finally(() => clearInterval(ticker));
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
	say(`  ${seconds()}`);
}

/** What a command prints; undefined where there is no such command or it fails. */
export function outputOf(command: string, ...args: string[]): string | undefined {
	const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
	return status === 0 ? stdout.trim() : undefined;
}

export const isCommand = (name: string) => spawnSync('which', [name]).status === 0;
