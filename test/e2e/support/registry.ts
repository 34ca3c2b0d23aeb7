/** A registry of our own: verdaccio on loopback, without a way to any other registry. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { NODE, PACKAGE, VERDACCIO } from './paths';
import { cleanEnvironment, freePort, runProcess, startProcess } from './processes';

export interface Registry {
	url: string;
	/** Publishes a tarball as npm would; the tag `latest` moves to it. */
	publish(tarball: string): Promise<void>;
	/** npm with this registry and no other setting of this machine; returns what it printed. */
	npm(folder: string, ...args: string[]): Promise<string>;
	stop(): Promise<void>;
}

/** Anybody may publish our package; there is nothing else, and nothing is asked elsewhere. */
const config = (storage: string) => `
storage: ${storage}
packages:
  '${PACKAGE}':
    access: $all
    publish: $all
log: { type: stdout, format: pretty, level: http }
`;

export async function startRegistry(): Promise<Registry> {
	const folder = mkdtempSync(path.join(tmpdir(), 'gradient-registry-'));
	const home = path.join(folder, 'home');
	mkdirSync(home);
	const file = path.join(folder, 'config.yaml');
	writeFileSync(file, config(path.join(folder, 'storage')));
	const port = await freePort();
	const env = cleanEnvironment(home);
	const args = [VERDACCIO, '--config', file, '--listen', `127.0.0.1:${port}`];
	const running = startProcess('verdaccio', NODE, args, { env, cwd: folder });
	await running.printed('http address');

	const url = `http://127.0.0.1:${port}`;
	// npm does not publish without a token, which this registry does not look at
	writeFileSync(
		path.join(home, '.npmrc'),
		`registry=${url}\n//127.0.0.1:${port}/:_authToken=any\n`,
	);
	const npm = async (cwd: string, ...npmArgs: string[]) =>
		await runProcess('npm', 'npm', npmArgs, { env, cwd });
	return {
		url,
		npm,
		publish: async (tarball) => void (await npm(folder, 'publish', tarball)),
		async stop() {
			await running.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
