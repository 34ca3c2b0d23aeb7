import { setTimeout as sleep } from 'node:timers/promises';

/** How long what is left of a run may take to go away, ms. */
const GRACE_MS = 3_000;

type Counts = Map<string, number>;

const count = (names: string[]): Counts =>
	names.reduce((counts: Counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1), new Map());

const resources = () => count(process.getActiveResourcesInfo());

const listeners = (): Counts =>
	new Map(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));

const more = (before: Counts, after: Counts) =>
	[...after]
		.map(([name, now]) => ({ name, extra: now - (before.get(name) ?? 0) }))
		.filter(({ extra }) => extra > 0)
		.map(({ name, extra }) => `${extra} ${name}`);

/** Watches what a piece of work leaves behind in this process, and what goes wrong unseen meanwhile. */
export async function watchLeaks(work: () => Promise<void>): Promise<string[]> {
	const seen: string[] = [];
	const onRejection = (reason: unknown) => seen.push(`Unhandled rejection: ${String(reason)}`);
	// n8n and its libraries warn of their own deprecations
	const onWarning = ({ name, message }: Error) => {
		if (name === 'MaxListenersExceededWarning') seen.push(message);
	};
	const before = { resources: resources(), listeners: listeners() };
	process.on('unhandledRejection', onRejection);
	process.on('warning', onWarning);
	try {
		await work();
		// rejections and warnings are told a turn later
		await sleep(10);
	} finally {
		process.off('unhandledRejection', onRejection);
		process.off('warning', onWarning);
	}
	const left = () =>
		more(before.resources, resources()).filter((what) => !/ Immediate$/.test(what));
	for (const end = performance.now() + GRACE_MS; left().length > 0 && performance.now() < end; ) {
		await sleep(20);
	}
	return [
		...seen,
		...left().map((what) => `Left open: ${what}`),
		...more(before.listeners, listeners()).map((what) => `Left on process: ${what} listeners`),
	];
}
