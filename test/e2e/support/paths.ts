/** Where the tests find what setup.mts installed and run.mts packed. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

export const PACKAGE = 'n8n-nodes-digitalocean-gradient';

export const ROOT = path.resolve(__dirname, '../../..');
const E2E = path.resolve(__dirname, '..');
const MODULES = path.join(E2E, 'node_modules');

/** Node 24: n8n 2.38 and later refuse to start on an older one. */
export const NODE = path.join(MODULES, 'node/bin/node');
export const N8N = path.join(MODULES, 'n8n/bin/n8n');
export const VERDACCIO = path.join(MODULES, 'verdaccio/bin/verdaccio');

/** Screenshots, logs and figures; ignored by Git. */
export const OUTPUT = path.join(E2E, '.output');

/** The package as `npm publish` would send it, made by run.mts. */
export function packedTarball(): string {
	const folder = path.join(OUTPUT, 'package');
	const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error(`No tarball in ${folder}: start the tests with npm run test:e2e`);
	return path.join(folder, tarball);
}
