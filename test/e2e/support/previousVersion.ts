/** An older version to update from: the same build under a lower number, and told apart by its name. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { cleanEnvironment, runProcess } from './processes';

/** Lower than any version that was published. */
export const PREVIOUS = '0.0.1';

const NAME = 'displayName: "DigitalOcean Gradient"';

/** Returns the path of its tarball, somewhere in `folder`. @throws if the build has no such name */
export async function repackAsPrevious(tarball: string, folder: string): Promise<string> {
	const target = path.join(folder, 'previous');
	mkdirSync(target);
	const options = { env: cleanEnvironment(folder), cwd: target };
	await runProcess('tar', 'tar', ['-xzf', tarball, '-C', target], options);
	const root = path.join(target, 'package');
	edit(path.join(root, 'package.json'), (text) => {
		const parsed = JSON.parse(text) as object;
		return JSON.stringify({ ...parsed, version: PREVIOUS });
	});
	edit(path.join(root, 'dist/nodes/Gradient/Gradient.node.js'), (text) => {
		if (!text.includes(NAME)) throw new Error(`The built node has no ${NAME}`);
		return text.replace(NAME, NAME.replace(/"$/, ' (previous)"'));
	});
	await runProcess('npm-pack', 'npm', ['pack', root], options);
	return path.join(target, `n8n-nodes-digitalocean-gradient-${PREVIOUS}.tgz`);
}

const edit = (file: string, change: (text: string) => string) =>
	writeFileSync(file, change(readFileSync(file, 'utf8')));
