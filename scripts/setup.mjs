// Brings node_modules in line with package-lock.json; does nothing where it already is. The project's own,
// or that of the folder that the argument names.
// Plain Node, because it runs before anything is installed. Prints on stderr only.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(root, process.argv[2] ?? '.');
const what =
	folder === root
		? 'the development packages (about 1 GB, one to two minutes)'
		: `the packages of ${path.relative(root, folder)}`;
const stamp = path.join(folder, 'node_modules', '.installed-lock');
const lock = createHash('sha256')
	.update(readFileSync(path.join(folder, 'package-lock.json')))
	.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
	process.stderr.write(`Installing ${what} …\n`);
	const started = Date.now();
	const { status } = spawnSync('npm', ['ci', '--no-json', '--no-audit', '--no-fund'], {
		cwd: folder,
		stdio: ['ignore', process.stderr, process.stderr],
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
	writeFileSync(stamp, lock);
	process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}
