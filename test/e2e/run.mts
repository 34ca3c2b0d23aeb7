/**
 * npm run test:e2e [-- names…]: the package in a whole n8n. Sets up what is missing, builds and packs the
 * project, and runs the suites, or only the named ones: registry editor chat examples agent queue.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { setUp } from './setup.mjs';

const E2E = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(E2E, '../..');
const require = createRequire(import.meta.url);

/** At the project's root, with what it prints on stderr. */
function run(command: string, ...args: string[]) {
	const { status } = spawnSync(command, args, {
		cwd: ROOT,
		stdio: ['ignore', process.stderr, process.stderr],
	});
	if (status !== 0) process.exit(status ?? 1);
}

function pack() {
	const folder = path.join(E2E, '.output/package');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	run('npm', 'pack', '--silent', '--pack-destination', folder);
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
run(process.execPath, require.resolve('gulp/bin/gulp.js'), 'build');
run(process.execPath, require.resolve('typescript/bin/tsc'), '-p', E2E);
pack();
process.exit(await runJest(files));
