// JavaScript, because n8n's lint rules forbid TypeScript files to start processes.
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { n8n } = require('../package.json');

const ROOT = path.resolve(__dirname, '..');
const FILES = [...n8n.credentials, ...n8n.nodes];

const run = (command, args, cwd = ROOT) =>
	execFileSync(command, args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});

let folder;
let packed;

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'package-test-'));
	[packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder]));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the packed package holds dist, README, LICENSE and package.json, and nothing else', () => {
	const paths = packed.files.map((file) => file.path);
	const expected = /^(dist\/.+|README\.md|LICENSE\.md|package\.json)$/;
	expect(paths.filter((file) => !expected.test(file))).toEqual([]);
	expect(paths).toEqual(
		expect.arrayContaining([
			...FILES,
			'README.md',
			'dist/nodes/shared/client/index.js',
			'dist/nodes/Gradient/Gradient.node.json',
			'dist/nodes/Gradient/gradient.svg',
			'dist/nodes/Gradient/gradient.dark.svg',
		]),
	);
});

test('installing the packed package adds one package', () => {
	const target = path.join(folder, 'install');
	run('npm', [
		'install',
		'--offline',
		'--no-audit',
		'--prefix',
		target,
		path.join(folder, packed.filename),
	]);
	const installed = readdirSync(path.join(target, 'node_modules')).filter(
		(name) => !name.startsWith('.'),
	);
	expect(installed).toEqual(['n8n-nodes-digitalocean-gradient']);
}, 60_000);

test('loading the node and the credential loads nothing but them and n8n-workflow', () => {
	const script = `
		require('n8n-workflow');
		const before = new Set(Object.keys(require.cache));
		for (const file of ${JSON.stringify(FILES)}) require('./' + file);
		const added = Object.keys(require.cache).filter((file) => !before.has(file));
		console.log(JSON.stringify(added));
	`;
	const added = JSON.parse(run(process.execPath, ['-e', script]));
	expect(added.map((file) => path.relative(ROOT, file).replaceAll(path.sep, '/')).sort()).toEqual(
		[...FILES].sort(),
	);
});
