/** What `npm run test:servers` says before it begins, where something is missing that only the user can install. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const NOWHERE = path.join(ROOT, 'nowhere');

function run(args: string[], env: NodeJS.ProcessEnv) {
	const command = ['--import', 'tsx', ...args];
	const { status, stdout, stderr } = spawnSync(process.execPath, command, {
		cwd: ROOT,
		env: { ...process.env, LLAMA_SERVER: undefined, ...env },
		encoding: 'utf8',
	});
	return { status, stdout, stderr };
}

const prepare = (server: string, env: NodeJS.ProcessEnv) =>
	run(['test/servers/run.mts', '--prepare', server], env);

/** What a program prints that has these parts of ours. */
const print = (imports: string, program: string, env: NodeJS.ProcessEnv = {}) =>
	run(['--input-type=module', '--eval', `import ${imports}; console.log(${program})`], env).stdout;

const FROM_LLAMA_SERVER = "{ llamaServer } from './test/servers/software/llamaServer.mts'";

test.each(['vllm', 'transformers', 'llama-server'])('%s: which Python to install', (server) => {
	const { status, stderr } = prepare(server, { PYTHON: NOWHERE });
	expect(status).toBe(1);
	expect(stderr).toContain(
		`Python 3.11 to 3.14 with its venv module is missing: PYTHON=${NOWHERE} is none. ` +
			'Install it (on Debian and Ubuntu: apt-get install python3 python3-venv)',
	);
});

test('which compiler to install, and how to do without', () => {
	const missing = print(FROM_LLAMA_SERVER, 'llamaServer().parts.flatMap((one) => one.missing())', {
		PATH: '',
	});
	expect(missing).toContain('A compiler for C and C++ is missing. Install one');
	expect(missing).toContain('apt-get install g++');
	expect(missing).toContain('LLAMA_SERVER');
});

test('how much it will take, and that the disk is too small for it', () => {
	const huge = `{
		name: 'huge', minutes: 3, gigabytes: 1_000_000, content: [], needs: [],
		missing: () => [], make: async () => console.log('made'),
	}`;
	const { stdout, stderr } = run(
		[
			'--input-type=module',
			'--eval',
			`import { prepare } from './test/servers/software/parts.mts';
			await prepare([${huge}]).catch((error) => console.log(error.message));`,
		],
		{},
	);
	expect(stderr).toMatch(/^Preparing huge in .*: about 3 min, 1000000\.0 GB, only once\./);
	expect(stdout).toMatch(/^Only [\d.]+ GB are free there\. Make room, or name fewer servers\.$/m);
	expect(stdout).not.toContain('made');
});

describe('A llama-server that LLAMA_SERVER names', () => {
	test('is taken as it is, and none is built', () => {
		const own = process.execPath;
		const { command, parts } = JSON.parse(
			print(FROM_LLAMA_SERVER, 'JSON.stringify(llamaServer())', { LLAMA_SERVER: own }),
		) as { command: string; parts: unknown[] };
		expect(command).toBe(own);
		expect(parts).toEqual([]);
	});

	test('has to be there', () => {
		const { status, stderr } = prepare('llama-server', { LLAMA_SERVER: NOWHERE });
		expect(status).toBe(1);
		expect(stderr).toContain(`LLAMA_SERVER=${NOWHERE} is not there`);
	});
});
