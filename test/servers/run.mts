/**
 * npm run test:servers [-- names…], after a build: both nodes against real server software, which a model by
 * script answers through: vllm vllm-qwen3 transformers llama-server. Sets up what is missing.
 *
 *     --record       keeps what the servers answer in test/servers/recorded, for `npm test`
 *     --only PATTERN only the cases whose names match, as Jest's -t
 *     --prepare      only sets up
 *     --serve NAME   starts that one, prints where it is, and stays until Ctrl-C
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { run, runningCommands, say, start } from './software/commands.mjs';
import { FOLDER, prepare } from './software/parts.mjs';
import { SERVERS } from './software/servers.mjs';
import type { Server } from './software/servers.mjs';
import { startServer } from './software/startServer.mjs';
import type { TestServer } from './software/startServer.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const require = createRequire(import.meta.url);

/** What Jest says by --json, as far as it matters here. */
interface JestResult {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numRuntimeErrorTestSuites: number;
}

interface Options {
	record: boolean;
	/** Of the names of cases. */
	only?: string;
}

interface Counts {
	passed: number;
	failed: number;
	skipped: number;
}

/** The servers that were asked for; all of them where none was. @throws on a name that is none */
function serversNamed(names: string[]): Server[] {
	const known = SERVERS.map(({ name }) => name);
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length > 0) {
		throw new Error(`No server ${unknown.join(', ')}. There are: ${known.join(' ')}`);
	}
	return SERVERS.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function runJest(about: TestServer, { record, only }: Options): Promise<Counts> {
	const output = path.join(FOLDER, 'logs', `${about.name}-jest.json`);
	rmSync(output, { force: true });
	const args = [
		require.resolve('jest/bin/jest'),
		...['--config', path.join(HERE, 'jest.config.js')],
		...['--runInBand', '--json', '--outputFile', output],
		...(only ? ['--testNamePattern', only] : []),
	];
	const env = {
		...process.env,
		TEST_SERVER: JSON.stringify(about),
		...(record && { RECORD: '1' }),
	};
	const code = await start(process.execPath, args, { cwd: ROOT, env }).exited;
	const result = existsSync(output)
		? (JSON.parse(readFileSync(output, 'utf8')) as JestResult)
		: undefined;
	const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
	return {
		passed: result?.numPassedTests ?? 0,
		failed: code === 0 ? failed : Math.max(failed, 1),
		skipped: result?.numPendingTests ?? 0,
	};
}

/** For n8n's agent, where npm run test:e2e has installed an n8n: the package as a user would install it. */
async function pack() {
	const e2e = path.join(ROOT, 'test/e2e');
	if (!existsSync(path.join(e2e, 'node_modules/n8n'))) return;
	const folder = path.join(e2e, '.output/package');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const args = ['pack', '--silent', '--no-json', '--pack-destination', folder];
	await run('The package for n8n', 'npm', args, { cwd: ROOT });
}

/** Starts it, tests it and stops it, whatever happens. */
async function testServer(server: Server, options: Options): Promise<Counts> {
	const { about, stop } = await startServer(server);
	try {
		return await runJest(about, options);
	} finally {
		await stop();
	}
}

/** @returns whether nothing failed */
async function testAll(servers: Server[], options: Options): Promise<boolean> {
	const rows = [['server', 'software', 'passed', 'failed', 'skipped', 'seconds']];
	const total: Counts = { passed: 0, failed: 0, skipped: 0 };
	for (const server of servers) {
		const began = Date.now();
		const counts = await testServer(server, options).catch((error: Error) => {
			say(error.message);
			return { passed: 0, failed: 1, skipped: 0 };
		});
		if (interrupted) return false;
		total.passed += counts.passed;
		total.failed += counts.failed;
		total.skipped += counts.skipped;
		const seconds = Math.round((Date.now() - began) / 1000);
		const figures = [counts.passed, counts.failed, counts.skipped, seconds].map(String);
		rows.push([server.name, `${server.software} ${server.version}`, ...figures]);
	}
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	for (const row of rows) {
		const cells = row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
		console.log(cells.join('  '));
	}
	console.log(`servers: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
	return total.failed === 0;
}

async function serve(server: Server) {
	const { about, stop } = await startServer(server);
	console.log(JSON.stringify(about, null, 2));
	say('It stays until Ctrl-C.');
	await interruption;
	await stop();
}

let interrupted = false;
const interruption = new Promise<void>((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			interrupted = true;
			for (const command of runningCommands) void command.stop();
			resolve();
		});
	}
});

async function main(): Promise<boolean> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			record: { type: 'boolean', default: false },
			only: { type: 'string' },
			prepare: { type: 'boolean', default: false },
			serve: { type: 'string' },
		},
	});
	const servers = serversNamed(values.serve ? [values.serve] : positionals);
	await prepare(servers.flatMap((server) => server.parts()));
	if (values.prepare) return true;
	if (values.serve) {
		await serve(servers[0]);
		return true;
	}
	await pack();
	return await testAll(servers, values);
}

const succeeded = await main().catch((error: Error) => {
	say(error.message);
	return false;
});
process.exit(succeeded ? 0 : 1);
