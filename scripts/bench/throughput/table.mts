import { cpus, loadavg } from 'node:os';

import type { Result, Results } from './arena.mjs';
import { type Case, CONCURRENCY, LABELS } from './cases.mjs';
import type { Target } from './targets.mjs';

const row = (cells: Array<string | number>) => `| ${cells.join(' | ')} |`;

const HEADERS = [
	'',
	'runs',
	'total',
	'÷ floor',
	'÷ ours',
	'CPU per item',
	'connections',
	'most in flight',
	'memory at the peak',
];

const MB = 2 ** 20;

function toTable(one: Case, results: Results): string {
	const { floor, ours } = results;
	const rows = Object.entries(results).map(([name, result]) =>
		row([
			name === 'ours' ? `**${LABELS[name]}**` : LABELS[name],
			result.runs,
			`${result.ms.toFixed(0)} ms`,
			(result.ms / floor.ms).toFixed(2),
			(result.ms / ours.ms).toFixed(2),
			`${(result.cpuMs / one.items).toFixed(2)} ms`,
			result.connections,
			result.peakInFlight,
			`${(result.peakBytes / MB).toFixed(0)} MB`,
		]),
	);
	return [row(HEADERS), `| --- |${' ---: |'.repeat(HEADERS.length - 1)}`, ...rows].join('\n');
}

const MEMORY_HEADERS = [
	'',
	'items',
	'output as JSON',
	'live at the peak',
	'held at the end',
	'held ÷ output',
];

function toMemoryTable(all: Array<[Case, Results]>): string {
	const rows = all.flatMap(([{ items }, results]) =>
		Object.entries(results).flatMap(([name, { memory }]: [string, Result]) => {
			if (!memory) return [];
			const { outputBytes, peakLiveBytes, heldBytes } = memory;
			const each = (bytes: number) => `${(bytes / items / 1000).toFixed(2)} kB`;
			const cells = [outputBytes, peakLiveBytes, heldBytes].map(each);
			return [row([LABELS[name], items, ...cells, (heldBytes / outputBytes).toFixed(2)])];
		}),
	);
	return [
		row(MEMORY_HEADERS),
		`| --- |${' ---: |'.repeat(MEMORY_HEADERS.length - 1)}`,
		...rows,
	].join('\n');
}

/** Everything that was measured, as Markdown. */
export function toMarkdown(all: Array<[Case, Results]>, targets: Target[]): string {
	const [{ model }] = cpus();
	return [
		"# Throughput through n8n's engine",
		`Node ${process.versions.node}, ${cpus().length} × ${model.trim()}, load ${loadavg()[0].toFixed(1)} at the end. Medians of interleaved runs after a warm-up; ${CONCURRENCY} requests at a time for the floor and this package, where no other number is named. The nodes of n8n and DigitalOcean have no such setting: OpenAI sends one request after the other, the two others send all at once. Peak memory is what the heap and buffers grow by, garbage included.`,
		...all.flatMap(([one, results]) => [`## ${one.title}`, toTable(one, results)]),
		'## Memory per item',
		toMemoryTable(all),
		'## Targets',
		targets
			.map(({ isReached, text }) => `- ${isReached ? 'reached' : '**missed**'}: ${text}`)
			.join('\n'),
	]
		.join('\n\n')
		.concat('\n');
}
