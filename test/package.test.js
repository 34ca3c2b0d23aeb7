// JavaScript, because n8n's lint rules forbid TypeScript files to start processes.
const { execFileSync } = require('node:child_process');
const {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { n8n } = require('../package.json');
const { thirdPartyNotices } = require('../scripts/thirdPartyNotices');

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
			'dist/THIRD-PARTY-NOTICES.md',
			'dist/nodes/Gradient/router.js',
			'dist/nodes/LmChatGradient/supplyChatModel.js',
			'dist/nodes/shared/client/index.js',
			'dist/nodes/shared/form/searchModels.js',
			'dist/nodes/Gradient/Gradient.node.json',
			'dist/nodes/Gradient/gradient.svg',
			'dist/nodes/Gradient/gradient.dark.svg',
		]),
	);
});

describe('The notices of bundled packages', () => {
	const notices = () => readFileSync(path.join(ROOT, 'dist/THIRD-PARTY-NOTICES.md'), 'utf8');

	/** The packages of which there is something in the built files: esbuild names each file before its code. */
	const bundled = () => {
		const built = packed.files.filter((file) => file.path.endsWith('.js'));
		const code = built.map((file) => readFileSync(path.join(ROOT, file.path), 'utf8')).join('\n');
		const names = [...code.matchAll(/^\s*\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)];
		return [...new Set(names.map(([, name]) => name))].sort();
	};

	test('hold the licence of each', () => {
		expect(bundled()).toEqual(
			expect.arrayContaining(['ajv', 'genson-js', 'jsonrepair', 'undici', 'zod']),
		);
		const sections = [...notices().matchAll(/^## (\S+) (\S+) \((\S+)\)$/gm)];
		expect(sections.map(([, name]) => name)).toEqual(bundled());
		for (const [, name, version, license] of sections) {
			const own = JSON.parse(
				readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
			);
			expect([version, license]).toEqual([own.version, own.license]);
			const folder = path.join(ROOT, 'node_modules', name);
			const file = readdirSync(folder).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
			const text = readFileSync(path.join(folder, file), 'utf8');
			expect(notices()).toContain(text.trim());
		}
		// a part of undici by another author
		expect(notices()).toContain('Ethan Arrowood');
		expect(notices()).toContain('Apache License');
	});

	describe('of a package', () => {
		const place = () => path.join(folder, 'node_modules', '@scope', 'lib');
		const made = () =>
			thirdPartyNotices(
				[{ outputs: { 'x.js': { inputs: { 'node_modules/@scope/lib/a/b.js': {}, 'x.ts': {} } } } }],
				folder,
			);
		beforeEach(() => {
			mkdirSync(path.join(place(), 'a'), { recursive: true });
			const about = { name: '@scope/lib', version: '1.2.3', license: 'MIT' };
			writeFileSync(path.join(place(), 'package.json'), JSON.stringify(about));
		});
		afterEach(() => rmSync(place(), { recursive: true }));

		test.each(['LICENSE', 'licence.md', 'License-MIT', 'COPYING'])('are read from %s', (file) => {
			writeFileSync(path.join(place(), file), 'Do as you like\n');
			expect(made()).toContain('## @scope/lib 1.2.3 (MIT)');
			expect(made()).toContain('\nDo as you like\n');
		});

		test('hold a NOTICE, too', () => {
			writeFileSync(path.join(place(), 'LICENSE'), 'Do as you like\n');
			writeFileSync(path.join(place(), 'NOTICE'), 'By us\n');
			expect(made()).toContain('\nBy us\n');
		});

		test.each([[], ['README.md'], ['NOTICE']])(
			'without a licence text fail the build: it has only %s',
			(...files) => {
				for (const file of files) writeFileSync(path.join(place(), file), 'x');
				expect(made).toThrow('@scope/lib 1.2.3 is bundled, but has no licence text');
			},
		);
	});
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
