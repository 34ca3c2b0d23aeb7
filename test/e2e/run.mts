/**
 * npm run test:e2e [-- names…], after a build: the package in a whole n8n. Sets up what is missing, packs the
 * package, and runs the suites, or only the named ones: registry editor jobs chat agent
 * chatModel chatModelAgent examples queue.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { setUp } from './setup.mjs';

const E2E = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(E2E, '../..');
const OUTPUT = path.join(E2E, '.output');
// from the root: n8n brings a TypeScript of its own
const require = createRequire(path.join(ROOT, 'package.json'));

/** At the project's root, with what it prints on stderr. */
function run(command: string, ...args: string[]) {
	const { status } = spawnSync(command, args, {
		cwd: ROOT,
		stdio: ['ignore', process.stderr, process.stderr],
	});
	if (status !== 0) process.exit(status ?? 1);
}

function pack() {
	const folder = path.join(OUTPUT, 'package');
	mkdirSync(folder, { recursive: true });
	run('npm', 'pack', '--silent', '--no-json', '--pack-destination', folder);
}

/** The test files that were asked for; all of them where none was. @throws on a name that is none */
function suites(names: string[]): string[] {
	const all = readdirSync(E2E).filter((file) => file.endsWith('.test.ts'));
	const unknown = names.filter((name) => !all.includes(`${name}.test.ts`));
	if (unknown.length > 0) {
		const known = all.map((file) => file.replace('.test.ts', ''));
		throw new Error(`No suite ${unknown.join(', ')}. There are: ${known.join(' ')}`);
	}
	return (names.length > 0 ? names.map((name) => `${name}.test.ts`) : all).map((file) =>
		path.join(E2E, file),
	);
}

/** In a process group of its own, so that nothing that a failed test left running outlives it. */
async function runJest(files: string[]): Promise<number> {
	const args = [
		require.resolve('jest/bin/jest'),
		'--config',
		path.join(E2E, 'jest.config.js'),
		'--runInBand',
		'--forceExit',
		'--runTestsByPath',
		...files,
	];
	const jest = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', detached: true });
	const end = () => endGroup(jest.pid);
	process.once('SIGINT', end).once('SIGTERM', end);
	const status = await new Promise<number | null>((resolve) => jest.on('close', resolve));
	end();
	return status ?? 1;
}

/** What the suites measured. */
function printFigures() {
	const folder = path.join(OUTPUT, 'figures');
	if (!existsSync(folder)) return;
	for (const file of readdirSync(folder)) {
		const { text } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { text: string };
		console.log(text);
	}
}

function endGroup(leader = 0) {
	try {
		process.kill(-leader, 'SIGKILL');
	} catch (error) {
		// the group is empty, as it should be
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

const files = suites(process.argv.slice(2));
await setUp();
run(process.execPath, require.resolve('typescript/bin/tsc'), '-p', E2E);
rmSync(OUTPUT, { recursive: true, force: true });
pack();
const status = await runJest(files);
printFigures();
process.exit(status);
