import type { PackageDirectoryLoader } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';

import { ChaosServer, answerTo } from '../support/chaosServer';
import { MANUAL_TRIGGER, chain, loadPackage, node, runWorkflow } from '../support/engine';
import { API_KEY, NODE, TEXT, gradientNode } from '../support/gradientNode';
import { watchLeaks } from './leaks';
import { judge, type Verdict } from './verdict';

export interface Round extends Verdict {
	seed: number;
	items: number;
	requests: number;
	/** How often the server did each of its faults, and each kind of refusal. */
	faults: Map<string, number>;
	refusals: Map<string, number>;
	seconds: number;
}

export const CONCURRENCY = 20;

/** Many times what an answer takes on the busiest machine, ms. */
const TIMEOUT_MS = 20_000;

/** Of items that wait for nothing: a run should not take minutes, ms. */
const HANG_TIMEOUT_MS = 750;

/** The built package, after a first run: what n8n opens once for good is no leak. */
export async function loadBuiltPackage(directory: string): Promise<PackageDirectoryLoader> {
	const loader = await loadPackage(directory);
	const server = await new ChaosServer({ seed: 0, rate: 0, slowShare: 0 }).listen();
	await runItems(loader, server.url, itemsFor(['Hello', 'Hello again']));
	await server.close();
	return loader;
}

/** The Gradient node for these items, on this server; it goes on where items fail. */
export async function runItems(
	loader: PackageDirectoryLoader,
	baseUrl: string,
	items: IDataObject[],
) {
	const parameters = {
		...TEXT,
		prompt: '={{ $json.prompt }}',
		options: { stream: '={{ $json.stream }}' },
		requestOptions: { maxConcurrentRequests: CONCURRENCY, timeout: '={{ $json.timeout }}' },
	};
	const result = await runWorkflow({
		loader,
		...chain(
			node('Start', MANUAL_TRIGGER),
			gradientNode(parameters, { onError: 'continueRegularOutput' }),
		),
		credentials: { gradientApi: { apiKey: API_KEY, baseUrl } },
		items: items.map((json) => ({ json })),
	}).result;
	return result.items(NODE);
}

/** Every second one is streamed. */
export const itemsFor = (prompts: string[]): IDataObject[] =>
	prompts.map((prompt, i) => ({ prompt, stream: i % 2 ? 'on' : 'off', timeout: TIMEOUT_MS }));

/** Runs so many items against a server that fails by this seed, and says what is wrong with the outcome. */
export async function runRound(
	loader: PackageDirectoryLoader,
	server: ChaosServer,
	{ seed, items }: { seed: number; items: number },
): Promise<Round> {
	server.reset(seed);
	const prompts = Array.from({ length: items }, (_, i) => `What is number ${i} of seed ${seed}?`);
	const given = itemsFor(prompts).map((item, i) =>
		server.willHang(prompts[i], item.stream === 'on')
			? { ...item, timeout: HANG_TIMEOUT_MS }
			: item,
	);
	const started = performance.now();
	let verdict: Verdict | undefined;
	const leaks = await watchLeaks(async () => {
		const output = await runItems(loader, server.url, given);
		verdict = judge(output, server.ledger, { prompts, answerTo });
	});
	const seconds = (performance.now() - started) / 1_000;
	if (!verdict) throw new Error('The run came to no end');

	const { problems, retries, ...rest } = verdict;
	const requests = server.ledger.length;
	const sum = items + retries;
	return {
		...rest,
		retries,
		seed,
		items,
		requests,
		seconds,
		faults: countOf(server.ledger.map(({ fault }) => fault)),
		refusals: countOf(
			server.ledger.filter(({ fault }) => fault === 'rate limit').map(({ kind }) => kind),
		),
		problems: [
			...problems,
			...leaks,
			...(requests === sum ? [] : [`${requests} requests, but ${sum} items and retries`]),
			// what is idle waits for the next execution
			...(server.openSockets <= CONCURRENCY
				? []
				: [`${server.openSockets} sockets are open on the server`]),
		],
	};
}

export const countOf = (names: string[]) =>
	names.reduce(
		(counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1),
		new Map<string, number>(),
	);
