import { type ChildProcess, fork } from 'node:child_process';

type Calls = Record<string, (argument: never) => Promise<unknown>>;

interface Reply {
	value?: unknown;
	error?: string;
}

/** In the child process: answers what the parent calls, one call at a time, and lives as long as it. */
export function answerCalls(calls: Calls) {
	process.on('message', ({ name, argument }: { name: string; argument: never }) => {
		const reply = (message: Reply) => void process.send?.(message);
		calls[name](argument).then(
			(value) => reply({ value }),
			(error: unknown) => reply({ error: error instanceof Error ? error.stack : String(error) }),
		);
	});
	process.on('disconnect', () => process.exit());
}

/** A module in a process of its own, so that its time and memory are its own. */
export class Worker {
	private readonly child: ChildProcess;

	constructor(
		private readonly label: string,
		file: string,
		{
			args = [],
			env = {},
			flags = [],
		}: { args?: string[]; env?: NodeJS.ProcessEnv; flags?: string[] } = {},
	) {
		this.child = fork(file, args, {
			env: { ...process.env, ...env },
			// those of this process make Node read TypeScript
			execArgv: [...process.execArgv, ...flags],
			stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
		});
	}

	/** @throws what the call threw there; also if the process has ended */
	async call<T>(name: string, argument: unknown = null): Promise<T> {
		return await new Promise<T>((resolve, reject) => {
			const end = (code: number | null) => {
				this.child.off('message', answered);
				reject(new Error(`${this.label} ended with code ${code}`));
			};
			const answered = ({ value, error }: Reply) => {
				this.child.off('exit', end);
				if (error === undefined) resolve(value as T);
				else reject(new Error(`${this.label}: ${error}`));
			};
			if (!this.child.connected) return end(this.child.exitCode);
			this.child.once('exit', end).once('message', answered);
			this.child.send({ name, argument });
		});
	}

	stop() {
		if (this.child.connected) this.child.disconnect();
	}
}
