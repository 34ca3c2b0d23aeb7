/** The package in an n8n's user folder, and out of it again. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { PACKAGE } from './paths';
import { cleanEnvironment, runProcess } from './processes';
import type { Registry } from './registry';

/** Where n8n keeps community nodes. */
export const nodesFolder = (userFolder: string) => path.join(userFolder, '.n8n/nodes');

/** Installs a tarball without a registry: the package has no dependencies. */
export async function installTarball(userFolder: string, tarball: string): Promise<void> {
	const folder = nodesFolder(userFolder);
	mkdirSync(folder, { recursive: true });
	const args = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, tarball];
	await runProcess('npm-install-tarball', 'npm', args, {
		env: cleanEnvironment(userFolder),
		cwd: folder,
	});
}

/** A way to have the package of a registry in n8n. */
export interface Way {
	/** Also updates. `version` may be a tag. */
	install(userFolder: string, version: string): Promise<void>;
	uninstall(userFolder: string): Promise<void>;
}

/** As the README says. */
export const manually = (registry: Registry): Way => ({
	async install(userFolder, version) {
		const folder = nodesFolder(userFolder);
		const printed = await registry.npm(folder, 'install', `${PACKAGE}@${version}`);
		// "changed" after an update
		if (!/(added|changed) 1 package(?!s)/.test(printed)) throw new Error(printed);
	},
	async uninstall(userFolder) {
		await registry.npm(nodesFolder(userFolder), 'uninstall', PACKAGE);
	},
});

/**
 * The steps of n8n 2.41.1's installer (community-packages.service.js: downloadPackage, backup, removal).
 * n8n itself takes them with the public registry only, unless it has a licence. What is left out: its
 * record in n8n's database, which is for the list in the settings.
 */
export const installer = (registry: Registry): Way => ({
	async install(userFolder, version) {
		const folder = nodesFolder(userFolder);
		const target = path.join(folder, 'node_modules', PACKAGE);
		const backup = `${target}.backup`;
		if (existsSync(target)) renameSync(target, backup);
		mkdirSync(target, { recursive: true });

		const from = ['--registry', registry.url];
		const packed = await registry.npm(folder, 'pack', `${PACKAGE}@${version}`, '--quiet', ...from);
		const tarball = path.join(folder, packed.trim());
		await runProcess('tar', 'tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], {
			env: cleanEnvironment(userFolder),
		});
		const manifest = stripManifest(path.join(target, 'package.json'));
		const flags = ['--audit=false', '--fund=false', '--bin-links=false', '--package-lock=false'];
		const strategy = ['--install-strategy=shallow', '--ignore-scripts=true'];
		await registry.npm(target, 'install', ...flags, ...strategy, ...from);
		editLedger(folder, (dependencies) => ({ ...dependencies, [PACKAGE]: manifest.version }));
		rmSync(tarball);
		rmSync(backup, { recursive: true, force: true });
	},
	async uninstall(userFolder) {
		const folder = nodesFolder(userFolder);
		rmSync(path.join(folder, 'node_modules', PACKAGE), { recursive: true });
		editLedger(folder, (dependencies) =>
			Object.fromEntries(Object.entries(dependencies).filter(([name]) => name !== PACKAGE)),
		);
	},
});

interface Manifest {
	version: string;
	dependencies?: Record<string, string>;
	devDependencies?: object;
	peerDependencies?: object;
	optionalDependencies?: object;
}

function stripManifest(file: string): Manifest {
	const { devDependencies, peerDependencies, optionalDependencies, ...rest } = readJson(file);
	if (!devDependencies || !peerDependencies)
		throw new Error('Nothing to strip: is it our package?');
	if (optionalDependencies) throw new Error('n8n would not install the optional dependencies');
	writeFileSync(file, JSON.stringify(rest, null, 2));
	return rest;
}

/** n8n's list of what is installed: it has the form of a package.json. */
function editLedger(
	folder: string,
	edit: (dependencies: Record<string, string>) => Record<string, string>,
) {
	const file = path.join(folder, 'package.json');
	const ledger = readJson(file);
	writeFileSync(file, JSON.stringify({ ...ledger, dependencies: edit(ledger.dependencies ?? {}) }));
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
