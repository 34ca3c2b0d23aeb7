/**
 * Brings all that the end-to-end tests need: n8n and its Node, verdaccio and playwright-core into
 * test/e2e/node_modules, Chromium, Redis and PostgreSQL from Debian's packages where they are missing.
 * Does nothing where all of it is there. Prints on stderr only.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const E2E = path.dirname(fileURLToPath(import.meta.url));
const MODULES = path.join(E2E, 'node_modules');
const STAMP = path.join(MODULES, '.installed-lock');

const say = (text: string) => process.stderr.write(`${text}\n`);

export async function setUp() {
	await installPackages();
	await installDebianPackages();
}

export async function installPackages() {
	const lock = readFileSync(path.join(E2E, 'package-lock.json'));
	const hash = createHash('sha256').update(lock).digest('hex');
	if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;

	const started = Date.now();
	say('Setting up n8n: about 3 GB, three minutes, up to twenty on a slow machine, and only once.');
	// npm hands the settings of the project's .npmrc, JSON among them, to the scripts that it runs; and it
	// warns at length that n8n wants a newer Node
	const quiet = ['--no-json', '--loglevel=error'];
	const ci = ['ci', '--no-audit', '--no-fund', ...quiet];
	await run('1/3 npm ci: n8n, verdaccio, playwright-core', 'npm', ci, { cwd: E2E });
	await run('2/3 Node 24', process.execPath, ['installArchSpecificPackage.js'], {
		cwd: path.join(MODULES, 'node'),
		env: { ...process.env, npm_config_json: 'false', npm_config_loglevel: 'error' },
	});
	await run('3/3 sqlite3: downloads or builds it', 'npm', ['rebuild', 'sqlite3', ...quiet], {
		cwd: E2E,
		env: { ...process.env, npm_config_ignore_scripts: 'false', ...nodeHeaders() },
	});
	writeFileSync(STAMP, hash);
	say(`Set up in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Spares node-gyp the download of Node's headers where they were installed with Node. */
function nodeHeaders(): NodeJS.ProcessEnv {
	const prefix = path.resolve(process.execPath, '../..');
	const isThere = existsSync(path.join(prefix, 'include/node/node_api.h'));
	return isThere ? { npm_config_nodedir: prefix } : {};
}

async function installDebianPackages() {
	const missing = [
		...(process.env.CHROMIUM || existsSync('/usr/bin/chromium') ? [] : ['chromium']),
		...(isCommand('redis-server') ? [] : ['redis-server']),
		// Debian keeps the server out of the PATH
		...(isCommand('postgres') || existsSync('/usr/lib/postgresql') ? [] : ['postgresql']),
	];
	if (missing.length === 0) return;
	if (!isCommand('apt-get')) {
		throw new Error(
			`Missing: ${missing.join(', ')}. Install them; CHROMIUM may name a Chromium or Chrome.`,
		);
	}
	const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
	const [command, ...apt] = [...sudo, 'apt-get'];
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get update', command, [...apt, 'update', '-qq'], { env });
	const install = [...apt, 'install', '-qq', '-y', '--no-install-recommends', ...missing];
	await run(`apt-get install ${missing.join(' ')}`, command, install, { env });
}

const isCommand = (name: string) => spawnSync('which', [name]).status === 0;

/** Shows every 20 s that it still runs, since npm says nothing where it does not write to a terminal. */
async function run(
	title: string,
	command: string,
	args: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv },
) {
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	say(`${title} …`);
	const ticker = setInterval(() => say(`  … ${seconds()}`), 20_000);
	const status = await new Promise<number | null>((resolve, reject) => {
		const stdio = ['ignore', process.stderr, process.stderr] as const;
		spawn(command, args, { ...options, stdio: [...stdio] })
			.on('error', reject)
			.on('close', resolve);
	}).finally(() => clearInterval(ticker));
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
	say(`  ${seconds()}`);
}
