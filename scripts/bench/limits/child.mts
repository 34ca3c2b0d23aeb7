/** One case in a process of its own. `argv`: the package's folder, the name of the case, the server's addresses. */
import { createRequire } from 'node:module';
import path from 'node:path';

import type * as Client from '../../../nodes/shared/client/index.js';
import { CASES, type Case } from './cases.mjs';

export interface Measured {
	ms: number;
	/** The most CPU time in which nothing else could run: other work on the machine does not count. */
	longestTurnMs: number;
	outcome: string;
}

const [folder, name, url, healthyUrl] = process.argv.slice(2);

/** What came of a run; `check` is looked at afterwards, as it takes its own time. */
interface Outcome {
	words: string;
	check?(): string;
}

type Run = (baseUrl: string, isWarmUp?: boolean) => Promise<Outcome>;

const shown = (text: string) => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

async function byClient({ stream = false, maxRetries }: Case): Promise<Run> {
	const built = path.join(folder, 'dist/nodes/shared/client/index.js');
	const { GradientClient } = createRequire(import.meta.url)(built) as typeof Client;
	return async (baseUrl) => {
		const client = new GradientClient({ apiKey: 'sk-do-bench-only', baseUrl, userAgent: 'bench' });
		const request = { model: 'bench', input: 'Hello', stream };
		const options = { timeout: 20_000, maxRetries };
		const words = await client.createResponse(request, options).then(
			({ text }) => `text of ${text.length} characters`,
			({ message, details }: Client.GradientApiError) => {
				const { kind, status, attempts = 1, partial } = details ?? {};
				const kept = partial ? `, ${partial.text.length} characters kept` : '';
				return `${kind} ${status ?? ''} after ${attempts}${kept}: ${shown(message)}`;
			},
		);
		await client.close();
		return { words };
	};
}

async function byEngine({ items = 1, form, hasTool = false }: Case): Promise<Run> {
	await import('../../../test/support/environment.js');
	const { MANUAL_TRIGGER, chain, loadPackage, node, runWorkflow } = await import(
		'../../../test/support/engine.js'
	);
	const { pluggedInto } = await import('../../../test/support/toolNodes.js');
	const { parse, stringify } = await import('flatted');
	let running = 0;
	let peak = 0;
	const invoke = async () => {
		peak = Math.max(peak, ++running);
		await new Promise((resolve) => setTimeout(resolve, 5));
		running--;
		return 'sunny';
	};
	const schema = { type: 'object', properties: {} };
	const tools: Record<string, () => unknown> = hasTool
		? { Weather: () => ({ name: 'get_weather', description: 'w', schema, invoke }) }
		: {};
	const plugged = pluggedInto('Gradient', tools);
	const parameters = {
		model: { __rl: true, mode: 'id', value: 'bench' },
		prompt: 'Hello',
		requestOptions: { maxConcurrentRequests: 50 },
		...form,
	};
	const main = chain(
		node('Start', MANUAL_TRIGGER),
		node('Gradient', 'n8n-nodes-digitalocean-gradient.gradient', parameters, {
			credentials: { gradientApi: { id: 'gradientApi', name: 'Bench' } },
		}),
	);
	const loader = await loadPackage(folder);
	return async (baseUrl, isWarmUp) => {
		const count = isWarmUp ? 1 : items;
		const { result } = runWorkflow({
			loader,
			nodes: [...main.nodes, ...plugged.nodes],
			connections: { ...main.connections, ...plugged.connections },
			extraNodeTypes: plugged.extraNodeTypes,
			credentials: { gradientApi: { apiKey: 'sk-do-bench-only', baseUrl } },
			items: Array.from({ length: count }, (_, index) => ({ json: { content: `Row ${index}` } })),
		});
		const run = await result;
		const tool = hasTool ? `, ${peak} tools at the same moment` : '';
		const outcome = run.error
			? shown(run.error.message)
			: `${run.json('Gradient').length} items, ${run.hints('Gradient').length} hints`;
		const check = () => opens(() => JSON.stringify(parse(stringify(run.run.data))));
		return { words: outcome + tool, check };
	};
}

/** Whether n8n could open the execution that it stores. */
function opens(read: () => unknown) {
	try {
		read();
		return 'opens';
	} catch (error) {
		return `does not open: ${shown(String(error))}`;
	}
}

/** Watches the turns of the event loop until `stop()`. */
function watchTurns() {
	let longestTurnMs = 0;
	let before = process.cpuUsage();
	const look = () => {
		const { user, system } = process.cpuUsage(before);
		longestTurnMs = Math.max(longestTurnMs, (user + system) / 1000);
		before = process.cpuUsage();
		timer = setTimeout(look, 1);
	};
	let timer = setTimeout(look, 1);
	return {
		stop() {
			clearTimeout(timer);
			look();
			clearTimeout(timer);
			return longestTurnMs;
		},
	};
}

const run = await (CASES[name].by === 'client' ? byClient : byEngine)(CASES[name]);
// the first request of a process loads the client and is compiled while it runs
await run(healthyUrl, true);
const turns = watchTurns();
const started = performance.now();
const { words, check } = await run(url);
const ms = performance.now() - started;
const longestTurnMs = turns.stop();
const outcome = [words, check?.()].filter(Boolean).join(', ');
process.send?.({ ms, longestTurnMs, outcome } satisfies Measured);
process.exit();
