import path from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';

import { PEERS_FOLDER } from '../throughput/peers.mjs';

export const LANGCHAIN = '@n8n/n8n-nodes-langchain';
export const MODEL = { __rl: true, mode: 'id', value: 'bench' };

/** Some nodes of an installed package, by n8n's own loader; all would take minutes. */
export function loadPeer(files: string[]) {
	const loader = new PackageDirectoryLoader(path.join(PEERS_FOLDER, 'node_modules', LANGCHAIN));
	for (const file of files) loader.loadNodeFromFile(`dist/nodes/${file}`);
	loader.loadCredentialFromFile('../../n8n-nodes-base/dist/credentials/OpenAiApi.credentials.js');
	return loader;
}
