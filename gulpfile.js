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
const CLIENT = path.resolve(__dirname, 'nodes/shared/client/index.ts');

/** dist/x/Y.js, as n8n loads it, was built from x/Y.ts. */
const sourceOf = (built) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

/**
 * `import('../client')` stays a lazy require of dist/nodes/shared/client/index.js: the client brings
 * undici and zod, which take longer to load than n8n should wait for at its start.
 */
const lazyClient = (entry) => ({
	name: 'lazy-client',
	setup(build) {
		build.onResolve({ filter: /\/client$/ }, ({ kind, path: specifier, resolveDir }) => {
			const target = path.resolve(resolveDir, specifier, 'index.ts');
			if (kind !== 'dynamic-import' || target !== CLIENT) return undefined;
			const relative = path.relative(path.dirname(path.resolve(__dirname, entry)), CLIENT);
			const built = relative.replaceAll(path.sep, '/').replace(/\.ts$/, '.js');
			return {
				path: built.startsWith('.') ? built : `./${built}`,
				external: true,
			};
		});
	},
});

const bundleEntry = async (entry) =>
	await esbuild.build({
		entryPoints: [entry],
		outfile: path.join(DIST, entry.replace(/\.ts$/, '.js')),
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		sourcemap: true,
		sourcesContent: false,
		external: ['n8n-workflow', '@n8n/ai-node-sdk'],
		// a lazy require: import() does not exist in Jest, where the tests load dist
		supported: { 'dynamic-import': false },
		plugins: [lazyClient(entry)],
		metafile: true,
		logLevel: 'warning',
	});

async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

async function bundle() {
	const entries = [...n8n.nodes, ...n8n.credentials].map(sourceOf);
	const bundles = await Promise.all(
		[...entries, path.relative(__dirname, CLIENT)].map(bundleEntry),
	);
	const metafiles = bundles.map(({ metafile }) => metafile);
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
