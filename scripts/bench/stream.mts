import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import '../../test/support/environment.js';
import {
	MANUAL_TRIGGER,
	chain,
	loadPackage,
	node,
	runWorkflow,
} from '../../test/support/engine.js';
import { median } from './statistics.mjs';

const DELTAS = 200;
const DELTA_GAP_MS = 5;
const LARGE_MB = 50;

const delta = (text: string) =>
	`data: ${JSON.stringify({ type: 'response.output_text.delta', output_index: 0, delta: text })}\n\n`;
const END = `data: ${JSON.stringify({ type: 'response.completed', response: { status: 'completed', output: [] } })}\n\n`;

/** A server that notes when it wrote each delta, or writes a large answer as fast as it is read. */
async function startServer(writtenAt: number[]) {
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		if (body.includes('large')) {
			const event = delta('x'.repeat(1000));
			for (let sent = 0; sent < LARGE_MB * 1e6; sent += event.length) {
				if (!response.write(event)) await new Promise((resolve) => response.once('drain', resolve));
			}
		} else {
			for (let i = 0; i < DELTAS; i++) {
				writtenAt.push(performance.now());
				response.write(delta(`${i} `));
				await sleep(DELTA_GAP_MS);
			}
		}
		response.end(END);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** How soon a written delta reaches n8n's chat, and what a large stream costs in memory. */
export async function stream() {
	const writtenAt: number[] = [];
	const server = await startServer(writtenAt);
	const loader = await loadPackage(path.resolve(import.meta.dirname, '../..'));
	const start = (prompt: string) =>
		runWorkflow({
			loader,
			...chain(
				node('Start', MANUAL_TRIGGER),
				node(
					'Gradient',
					'n8n-nodes-digitalocean-gradient.gradient',
					{ model: { __rl: true, mode: 'id', value: 'bench' }, prompt },
					{ credentials: { gradientApi: { id: 'gradientApi', name: 'Bench' } } },
				),
			),
			credentials: { gradientApi: { apiKey: 'none', baseUrl: server.url } },
			mode: 'webhook',
			streaming: true,
		});

	const arrivedAt: number[] = [];
	const run = start('small');
	const push = run.chunks.push.bind(run.chunks);
	run.chunks.push = (...chunks) => {
		// pieces that came together are one chunk: each number in it has arrived now
		for (const { type, content = '' } of chunks) {
			if (type !== 'item') continue;
			for (const number of String(content).trim().split(' ')) {
				arrivedAt[Number(number)] = performance.now();
			}
		}
		return push(...chunks);
	};
	await run.result;
	const delays = writtenAt.map((written, index) => arrivedAt[index] - written);

	const before = process.memoryUsage().rss;
	let peak = before;
	const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
	const started = performance.now();
	const result = await start('large').result;
	const seconds = (performance.now() - started) / 1000;
	clearInterval(sampler);
	const text = result.json('Gradient')[0].text as string;
	server.close();

	process.stdout.write(
		[
			`Streaming through n8n's engine`,
			`  from the server's write to sendChunk   ${median(delays).toFixed(2)} ms (median of ${delays.length} deltas)`,
			`  a stream of ${LARGE_MB} MB (${(text.length / 1e6).toFixed(0)} MB of text)     ${seconds.toFixed(1)} s, ${((peak - before) / 1e6).toFixed(0)} MB more memory at the peak`,
			'',
		].join('\n'),
	);
}
