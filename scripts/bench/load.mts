import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import packageJson from '../../package.json' with { type: 'json' };
import { median } from './statistics.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RUNS = 21;

const require = createRequire(import.meta.url);

/** Loads files as n8n does at its start, n8n-workflow being there already, and prints how long it took. */
const LOADER = `
	require('n8n-workflow');
	const files = JSON.parse(process.argv[1]);
	const started = performance.now();
	for (const file of files) for (const type of Object.values(require(file))) new type();
	const ms = performance.now() - started;
	const isLazy = !Object.keys(require.cache).some((file) => file.includes('client'));
	console.log(JSON.stringify({ ms, isLazy }));
`;

function loadInFreshProcess(files: string[]): { ms: number; isLazy: boolean } {
	const output = execFileSync(process.execPath, ['-e', LOADER, JSON.stringify(files)], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return JSON.parse(output) as { ms: number; isLazy: boolean };
}

/** What loading the client at n8n's start would cost, which comes with them. */
function requireInFreshProcess(files: string[]): number {
	const script = `
		require('n8n-workflow');
		const started = performance.now();
		for (const file of JSON.parse(process.argv[1])) require(file);
		console.log(performance.now() - started);
	`;
	const parameters = ['-e', script, JSON.stringify(files)];
	return Number(execFileSync(process.execPath, parameters, { cwd: ROOT, encoding: 'utf8' }));
}

/** What the package adds to n8n's start: loading all its files, next to loading an empty module. */
export function load() {
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-load-'));
	const empty = path.join(folder, 'empty.js');
	writeFileSync(empty, 'exports.Empty = class {};\n');
	const files = [...packageJson.n8n.credentials, ...packageJson.n8n.nodes].map((file) =>
		path.join(ROOT, file),
	);

	const libraries = ['undici', 'zod'].map((name) => require.resolve(name));
	const times = { package: [] as number[], empty: [] as number[], libraries: [] as number[] };
	let isLazy = true;
	for (let run = 0; run < RUNS; run++) {
		// in turn, so that a change of the machine's speed hits both
		const loaded = loadInFreshProcess(files);
		times.package.push(loaded.ms);
		isLazy &&= loaded.isLazy;
		times.empty.push(loadInFreshProcess([empty]).ms);
		times.libraries.push(requireInFreshProcess(libraries));
	}
	rmSync(folder, { recursive: true });

	const ms = (values: number[]) => `${median(values).toFixed(2)} ms`.padStart(10);
	process.stdout.write(
		[
			`Loading in a fresh process, median of ${RUNS}`,
			`  the whole package  ${ms(times.package)}`,
			`  an empty module    ${ms(times.empty)}`,
			`  undici and zod     ${ms(times.libraries)}`,
			`  the package ÷ undici and zod: ${(median(times.package) / median(times.libraries)).toFixed(2)}, at most 0.10`,
			`  the client (undici, zod) was ${isLazy ? 'not loaded' : 'LOADED'}`,
			'',
		].join('\n'),
	);
}
