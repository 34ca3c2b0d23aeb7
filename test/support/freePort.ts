import { createServer } from 'node:net';

const taken = new Set<number>();

/**
 * A port that is free now. Not one that the kernel gives out (Linux: from 32768): an outgoing connection
 * could have it before the process that is told to listen there.
 */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		if (taken.has(port)) continue;
		const isFree = await new Promise<boolean>((resolve) => {
			const server = createServer().once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
		});
		if (!isFree) continue;
		taken.add(port);
		return port;
	}
}
