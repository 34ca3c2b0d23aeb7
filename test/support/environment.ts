/**
 * What n8n-core wants to find in the environment before it is first required. Jest runs this file before
 * each test file (`setupFiles`); a plain script imports it first.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// n8n writes <N8N_USER_FOLDER>/.n8n/config with the encryption key as soon as a node runs. Set, not
// defaulted: a developer's own n8n folder must not be used, and a leftover config with another key throws.
const userFolder = path.join(tmpdir(), 'n8n-nodes-digitalocean-gradient', String(process.pid));
rmSync(userFolder, { recursive: true, force: true });

process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'only for tests';
process.env.N8N_LOG_LEVEL ??= 'silent';

// A proxy of this machine must not catch the requests to the local servers.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
	delete process.env[name];
	delete process.env[name.toLowerCase()];
}
