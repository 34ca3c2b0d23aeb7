/** A registry of our own: verdaccio on loopback, without a way to any other registry. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { NODE, VERDACCIO } from './paths';
import { cleanEnvironment, freePort, runProcess, startProcess } from './processes';

export interface Registry {
	url: string;
	/** Publishes a tarball as npm would; the tag `latest` moves to it. */
	publish(tarball: string): Promise<void>;
	/** Publishes an empty package, so that npm could install it if it wanted to. */
	publishEmpty(name: string): Promise<void>;
	/** npm with this registry and no other setting of this machine; returns what it printed. */
	npm(folder: string, ...args: string[]): Promise<string>;
	/** Waits until it was asked for that; it writes its log with a delay. */
	asked(file: string): Promise<void>;
	stop(): Promise<void>;
}

/** Anybody may publish; nothing is asked elsewhere. */
const config = (storage: string) => `
storage: ${storage}
packages:
  '**':
    access: $all
    publish: $all
log: { type: stdout, format: pretty, level: http }
`;

export async function startRegistry(): Promise<Registry> {
	const folder = mkdtempSync(path.join(tmpdir(), 'gradient-registry-'));
	const file = path.join(folder, 'config.yaml');
	writeFileSync(file, config(path.join(folder, 'storage')));
	const port = await freePort();
	const args = [VERDACCIO, '--config', file, '--listen', `127.0.0.1:${port}`];
	const running = startProcess('verdaccio', NODE, args, {
		env: cleanEnvironment(folder),
		cwd: folder,
	});
	await running.printed('http address');

	const url = `http://127.0.0.1:${port}`;
	const homeOf = (name: string) => {
		const home = path.join(folder, name);
		mkdirSync(home);
		// npm does not publish without a token, which this registry does not look at
		const settings = `registry=${url}\n//127.0.0.1:${port}/:_authToken=any\n`;
		writeFileSync(path.join(home, '.npmrc'), settings);
		return cleanEnvironment(home);
	};
	// apart, because npm would take what it published from its cache, and not from the registry
	const [publisher, user] = [homeOf('publisher'), homeOf('user')];
	const publish = async (what: string) =>
		void (await runProcess('npm-publish', 'npm', ['publish', what], {
			env: publisher,
			cwd: folder,
		}));
	return {
		url,
		publish,
		async publishEmpty(name) {
			const empty = path.join(folder, 'empty', name);
			mkdirSync(empty, { recursive: true });
			writeFileSync(path.join(empty, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
			await publish(empty);
		},
		npm: async (cwd, ...npmArgs) => await runProcess('npm', 'npm', npmArgs, { env: user, cwd }),
		asked: async (asked) => await running.printed(asked, 10_000),
		async stop() {
			await running.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
