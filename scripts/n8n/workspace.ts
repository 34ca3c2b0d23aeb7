/** What a fresh n8n needs for trying out the package: the examples, and a credential for the mock server. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import type { N8n } from '../../test/e2e/support/n8n';
import { ROOT } from '../../test/e2e/support/paths';
import type { NewWorkflow } from '../../test/e2e/support/workflows';

/** As the examples name it. */
export const CREDENTIAL = 'DigitalOcean Gradient account';

interface Saved {
	id: string;
	name: string;
	type: string;
}

/**
 * The credential, which leads to the address that the mock server has this time. One of the same name is
 * overwritten; any other is left alone.
 */
export async function putCredential(n8n: N8n, baseUrl: string): Promise<string> {
	const data = { apiKey: 'none-needed', baseUrl };
	const all = await n8n.rest<Saved[]>('GET', '/credentials');
	const found = all.find(({ name, type }) => name === CREDENTIAL && type === 'gradientApi');
	if (!found) return (await n8n.createCredential('gradientApi', CREDENTIAL, data)).id;
	const body = { name: CREDENTIAL, type: 'gradientApi', data };
	await n8n.rest('PATCH', `/credentials/${found.id}`, body);
	return found.id;
}

/** Imports the examples that are not there yet: those that are may have been changed. Returns their names. */
export async function putExamples(n8n: N8n, credentialId: string): Promise<string[]> {
	const folder = path.join(ROOT, 'examples');
	const there = new Set((await n8n.rest<Saved[]>('GET', '/workflows')).map(({ name }) => name));
	const examples = readdirSync(folder).map(
		(file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as NewWorkflow,
	);
	for (const example of examples.filter(({ name }) => !there.has(name))) {
		for (const { credentials } of example.nodes) {
			if (credentials?.gradientApi) credentials.gradientApi.id = credentialId;
		}
		await n8n.createWorkflow(example);
	}
	return examples.map(({ name }) => name);
}
