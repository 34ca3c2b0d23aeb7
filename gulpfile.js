const { existsSync } = require('node:fs');
const { rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { dest, parallel, series, src, watch } = require('gulp');
const { n8n } = require('./package.json');
const { thirdPartyNotices } = require('./scripts/thirdPartyNotices');

const DIST = path.resolve(__dirname, 'dist');
const NOTICES = path.join(DIST, 'THIRD-PARTY-NOTICES.md');

/** dist/x/Y.js, as n8n loads it, was built from x/Y.ts. */
const sourceOf = (built) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

/** x/Y.ts -> dist/x/Y.js */
const builtOf = (source) => path.join(DIST, source.replace(/\.ts$/, '.js'));

/**
 * `import('./x')` stays a lazy require of a file of its own. n8n loads all nodes at its start: the form
 * is all that it needs then. What runs them is loaded with the first run, undici and zod with the first
 * request.
 * @param found is told of each of these files
 */
const lazyImports = (entry, found) => ({
	name: 'lazy-imports',
	setup(build) {
		build.onResolve({ filter: /^\./ }, ({ kind, path: specifier, resolveDir }) => {
			if (kind !== 'dynamic-import') return undefined;
			const target = path.resolve(resolveDir, specifier);
			const file = [`${target}.ts`, path.join(target, 'index.ts')].find(existsSync);
			if (!file) return undefined;
			const source = path.relative(__dirname, file).replaceAll(path.sep, '/');
			found(source);
			const built = path.relative(path.dirname(builtOf(entry)), builtOf(source));
			return { path: `./${built.replaceAll(path.sep, '/')}`, external: true };
		});
	},
});

const bundleEntry = async (entry, found) =>
	await esbuild.build({
		entryPoints: [entry],
		outfile: builtOf(entry),
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		sourcemap: true,
		sourcesContent: false,
		external: ['n8n-workflow', '@n8n/ai-node-sdk'],
		// a lazy require: import() does not exist in Jest, where the tests load dist
		supported: { 'dynamic-import': false },
		plugins: [lazyImports(entry, found)],
		metafile: true,
		logLevel: 'warning',
	});

/** Builds the files, and those that they import lazily, each once. @returns esbuild's metafiles */
async function bundleAll(entries) {
	const files = new Set(entries);
	const bundles = [];
	// grows while it is gone through
	for (const file of files) bundles.push(await bundleEntry(file, (lazy) => files.add(lazy)));
	return bundles.map(({ metafile }) => metafile);
}

async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

async function bundle() {
	const entries = [...n8n.nodes, ...n8n.credentials].map(sourceOf);
	const metafiles = await bundleAll(entries);
	// the licences of what is bundled want their texts to go along
	await writeFile(NOTICES, thirdPartyNotices(metafiles, __dirname));
}

/** Icons and codex files, to where n8n looks for them: beside the built node and credential. */
function assets() {
	return src(['nodes/**/*.{svg,png}', 'nodes/**/*.node.json', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest(DIST));
}

async function types() {
	const tsc = require.resolve('typescript/bin/tsc');
	await promisify(execFile)(process.execPath, [tsc, '-p', __dirname]).catch(({ stdout }) => {
		throw new Error(`Type check failed:\n${stdout}`);
	});
}

/** The paths that package.json promises to n8n must exist. */
async function promises() {
	const missing = [...n8n.nodes, ...n8n.credentials].filter((file) => !existsSync(file));
	if (missing.length > 0) throw new Error(`Not built: ${missing.join(', ')}`);
}

const build = series(clean, parallel(bundle, assets, types), promises);

exports.clean = clean;
exports.bundle = series(bundle, assets);
exports.types = types;
exports.build = build;
exports.watch = series(build, () => watch(['nodes/**', 'credentials/**'], series(bundle, assets)));
exports.default = build;
