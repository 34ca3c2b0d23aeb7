/** The package in an n8n's user folder, as the manual installation puts it there. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { cleanEnvironment, runProcess } from './processes';

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
