/** A Redis on loopback that keeps nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { cleanEnvironment, freePort, startProcess } from './processes';

export interface Redis {
	port: number;
	stop(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
	const folder = mkdtempSync(path.join(tmpdir(), 'gradient-redis-'));
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
	const running = startProcess(
		'redis',
		'redis-server',
		[...args, '--save', '', '--appendonly', 'no'],
		{
			env: cleanEnvironment(folder),
			cwd: folder,
		},
	);
	await running.printed('Ready to accept connections');
	return {
		port,
		async stop() {
			await running.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
