/** The built package, where n8n looks for community packages. */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';

import { nodesFolder } from '../../test/e2e/support/install';
import { PACKAGE, ROOT } from '../../test/e2e/support/paths';

const target = (userFolder: string) => path.join(nodesFolder(userFolder), 'node_modules', PACKAGE);

/**
 * Copies it, because n8n's hot reload (2.41) looks for files below this folder only, so not beyond a link;
 * and N8N_CUSTOM_EXTENSIONS would name the node CUSTOM.gradient, which the examples do not know.
 */
export function copyPackage(userFolder: string) {
	cpSync(path.join(ROOT, 'package.json'), path.join(target(userFolder), 'package.json'));
	cpSync(path.join(ROOT, 'dist'), path.join(target(userFolder), 'dist'), { recursive: true });
}

export const removePackage = (userFolder: string) =>
	rmSync(target(userFolder), { recursive: true, force: true });
