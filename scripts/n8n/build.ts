/** The project's own build, on each change of a source. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../../test/e2e/support/paths';

const load = createRequire(path.join(ROOT, 'package.json'));

/** Not a path that gulp exports. */
const GULP = path.join(ROOT, 'node_modules/gulp/bin/gulp.js');

/** gulp has no types of its own. */
const { watch } = load('gulp') as {
	watch(globs: string[], options: object, task: () => Promise<void>): Watcher;
};

export interface Watcher {
	on(event: 'error', listener: (error: Error) => void): Watcher;
	close(): Promise<void>;
}

/** Calls `onBuilt` after each build, `onFailed` with what the build printed. */
export function buildOnChange(
	onBuilt: () => void | Promise<void>,
	onFailed: (output: string) => void,
): Watcher {
	const build = async () =>
		await promisify(execFile)(process.execPath, [GULP, 'bundle'], {
			cwd: ROOT,
		}).then(onBuilt, ({ stdout, stderr }: { stdout: string; stderr: string }) =>
			onFailed(stdout + stderr),
		);
	const watcher = watch(['nodes/**', 'credentials/**'], { cwd: ROOT }, build);
	return watcher.on('error', ({ message }) => onFailed(message));
}
