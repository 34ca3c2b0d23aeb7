/**
 * npm run test:compat [-- words…]: the tests of the engine on the oldest n8n that is supported, on the oldest
 * that has chat models and on the one of development, with the Node and the expression engine that people
 * run them with. Words pick runs: those whose row in the table has all of them. Installs what is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPAT = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(COMPAT, '../..');
const require = createRequire(import.meta.url);

interface Run {
	n8n: string;
	/** Has n8n-core and n8n-workflow of that n8n in its node_modules. */
	host: string;
	node: 20 | 24;
	/**
	 * `vm` (isolated-vm) is what n8n's server uses by default; but not in 2.16, where it is an experiment
	 * without `$fromAI`. It wants Node 22 in 1.123, Node 24 in 2.41.
	 */
	expressions: 'legacy' | 'vm';
}

const OLDEST = { n8n: '1.123.81', host: path.join(COMPAT, 'n8n-1.123') };
const FIRST_WITH_CHAT_MODELS = { n8n: '2.16.1', host: path.join(COMPAT, 'n8n-2.16') };
const NEWEST = { n8n: '2.41.1', host: ROOT };

const RUNS: Run[] = [
	{ ...OLDEST, node: 20, expressions: 'legacy' },
	{ ...OLDEST, node: 24, expressions: 'vm' },
	{ ...FIRST_WITH_CHAT_MODELS, node: 24, expressions: 'legacy' },
	{ ...NEWEST, node: 20, expressions: 'legacy' },
	{ ...NEWEST, node: 24, expressions: 'vm' },
];

/** What Jest says by --json, as far as it matters here. */
interface JestResult {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numRuntimeErrorTestSuites: number;
}

interface Counts {
	passed: number;
	failed: number;
	skipped: number;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

function install(folder: string) {
	const { status } = spawnSync(process.execPath, [path.join(ROOT, 'scripts/setup.mjs'), folder], {
		stdio: ['ignore', process.stderr, process.stderr],
	});
	if (status !== 0) throw new Error(`Could not install ${folder}`);
}

/** This Node, if it is of that version, else one from npm. */
function nodeOf(version: number): string {
	if (process.version.startsWith(`v${version}.`)) return process.execPath;
	const folder = path.join(COMPAT, `node-${version}`);
	install(folder);
	const system = process.platform === 'win32' ? 'win' : process.platform;
	const node = path.join(folder, `node_modules/node-${system}-${process.arch}/bin/node`);
	const file = process.platform === 'win32' ? `${node}.exe` : node;
	if (!existsSync(file)) {
		throw new Error(
			`npm has no Node ${version} for this machine: install it, and run this with it`,
		);
	}
	return file;
}

const coreOf = (host: string) => {
	const file = path.join(host, 'node_modules/n8n-core/package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

function runJest({ host, node, expressions }: Run): Counts {
	const executable = nodeOf(node);
	if (host !== ROOT) install(host);
	const folder = mkdtempSync(path.join(tmpdir(), 'compat-'));
	const output = path.join(folder, 'result.json');
	const { status } = spawnSync(
		executable,
		[
			// n8n-workflow imports that engine, which Jest can only do with this
			...(expressions === 'vm' ? ['--experimental-vm-modules', '--no-warnings'] : []),
			require.resolve('jest/bin/jest'),
			...['--config', path.join(COMPAT, 'jest.config.js')],
			// one file after the other, in a process that makes way for a new one when it has grown
			...['--maxWorkers', '1', '--json', '--outputFile', output],
			// n8n-core 1.122 leaves a handle open as soon as it is loaded
			...(host === ROOT ? [] : ['--forceExit']),
		],
		{
			cwd: ROOT,
			stdio: ['ignore', process.stderr, process.stderr],
			env: {
				...process.env,
				COMPAT_HOST: host,
				COMPAT_CORE: coreOf(host),
				COMPAT_NODE: String(node),
				COMPAT_EXPRESSIONS: expressions,
			},
		},
	);
	const result = existsSync(output)
		? (JSON.parse(readFileSync(output, 'utf8')) as JestResult)
		: undefined;
	rmSync(folder, { recursive: true });
	const passed = result?.numPassedTests ?? 0;
	const skipped = result?.numPendingTests ?? 0;
	let failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
	if (status !== 0 && failed === 0) failed = 1;
	if (host === ROOT && skipped > 0) {
		say('Tests were skipped on the newest n8n: is what they ask for in test/support/host.ts gone?');
		failed += skipped;
	}
	return { passed, failed, skipped };
}

const columnsOf = ({ n8n, node, expressions }: Run) => [`n8n ${n8n}`, `Node ${node}`, expressions];

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const runs = RUNS.filter((run) => {
	const row = columnsOf(run).join(' ').toLowerCase();
	return words.every((word) => row.includes(word));
});
if (runs.length === 0) throw new Error(`No run has all of the words: ${words.join(' ')}`);

const rows = [['n8n', 'Node', 'expressions', 'passed', 'failed', 'skipped', 'seconds']];
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const run of runs) {
	say(`${columnsOf(run).join(', ')} …`);
	const started = Date.now();
	const { passed, failed, skipped } = runJest(run);
	total.passed += passed;
	total.failed += failed;
	total.skipped += skipped;
	const seconds = Math.round((Date.now() - started) / 1000);
	rows.push([...columnsOf(run), ...[passed, failed, skipped, seconds].map(String)]);
}

const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) {
	const cells = row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
	console.log(cells.join('  '));
}
console.log(`compat: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
