/** Starts a server on a free port, and waits until it answers. */
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { freePort } from '../../support/freePort';
import { limits } from '../model/tokens';
import { say, start } from './commands.mjs';
import { MODEL } from './model.mjs';
import { FOLDER } from './parts.mjs';
import { API_KEY, type Server } from './servers.mjs';

/** What the tests are told of the server, as JSON in the variable TEST_SERVER. */
export interface TestServer {
	name: string;
	software: string;
	version: string;
	baseUrl: string;
	apiKey: string;
	model: string;
	/** Also there without the key. */
	healthUrl: string;
	metricsUrl: string | null;
	/** Both its outputs. */
	logFile: string;
	/** For max_output_tokens, so that the script of that name is cut where it is most trouble. */
	limits: ReturnType<typeof limits>;
}

export interface RunningServer {
	about: TestServer;
	stop(): Promise<void>;
}

/** vLLM takes half a minute, and several times that on a busy machine. */
const START_TIMEOUT_MS = 300_000;

/** @throws with the end of what it printed, if it ends or does not answer in five minutes */
export async function startServer(server: Server): Promise<RunningServer> {
	const port = await freePort();
	const address = `http://127.0.0.1:${port}`;
	const logFile = path.join(FOLDER, 'logs', `${server.name}.log`);
	mkdirSync(path.dirname(logFile), { recursive: true });
	const about: TestServer = {
		name: server.name,
		software: server.software,
		version: server.version,
		baseUrl: `${address}/v1`,
		apiKey: API_KEY,
		model: MODEL,
		healthUrl: `${address}/health`,
		metricsUrl: server.metrics ? `${address}/metrics` : null,
		logFile,
		limits: limits(),
	};

	const began = Date.now();
	say(`${server.name} starts …`);
	const { command, args, env } = server.command(port);
	const output = openSync(logFile, 'w');
	const process_ = start(command, args, { env: { ...cleanEnvironment(), ...env }, output });
	closeSync(output);
	const failed = await Promise.race([
		isHealthy(about.healthUrl).then(() => undefined),
		process_.exited.then((code) => `${server.name} ended with ${code}`),
		new Promise<string>((resolve) =>
			setTimeout(resolve, START_TIMEOUT_MS, `${server.name} does not answer`).unref(),
		),
	]);
	if (failed) {
		await process_.stop();
		const end = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
		throw new Error(`${failed}. ${path.relative('.', logFile)} ends with:\n${end}`);
	}
	say(`  answers after ${Math.round((Date.now() - began) / 1000)} s`);
	return { about, stop: process_.stop };
}

/** No proxy and no setting of the developer's for one of these servers. */
function cleanEnvironment(): Record<string, string> {
	const { PATH = '', HOME = '' } = process.env;
	return { PATH, HOME, LANG: 'C.UTF-8' };
}

async function isHealthy(url: string) {
	for (;;) {
		const answer = await fetch(url).catch(() => undefined);
		if (answer?.ok) return;
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
}
