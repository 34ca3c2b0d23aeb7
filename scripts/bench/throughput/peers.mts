import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LOCK = path.resolve(import.meta.dirname, '../peers');

/** The packages that are compared with; not in git, and not in the package's own node_modules. */
export const PEERS_FOLDER = path.resolve(import.meta.dirname, '../../../bench/peers');

/**
 * Installs the peers, if they are not there as the lock file has them.
 * @throws if npm does not succeed
 */
export function installPeers() {
	// npm's own note of what it has installed, written last
	const isInstalled = existsSync(path.join(PEERS_FOLDER, 'node_modules', '.package-lock.json'));
	const lockOf = (folder: string) => readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
	if (isInstalled && lockOf(PEERS_FOLDER) === lockOf(LOCK)) return;
	process.stderr.write(
		'Installing the nodes to compare with into bench/peers (about 2 GB, two to three minutes) …\n',
	);
	const started = Date.now();
	mkdirSync(PEERS_FOLDER, { recursive: true });
	cpSync(LOCK, PEERS_FOLDER, { recursive: true });
	const { status } = spawnSync(
		'npm',
		['ci', '--ignore-scripts', '--no-json', '--no-audit', '--no-fund', '--loglevel=error'],
		{
			cwd: PEERS_FOLDER,
			stdio: ['ignore', process.stderr, process.stderr],
			shell: process.platform === 'win32',
		},
	);
	if (status !== 0) throw new Error('The nodes to compare with could not be installed');
	process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}
