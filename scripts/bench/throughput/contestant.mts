/** One contestant in a process of its own, where it is measured. `argv`: its name in `contestants`. */
import { setTimeout as sleep } from 'node:timers/promises';

import { MARK } from './answers.mjs';
import { type Outcome, type Task, contestants } from './contestants.mjs';
import { answerCalls } from './worker.mjs';

/** A task without its items: those are made here. */
export type Order = Omit<Task, 'prompts'> & { items: number };

export interface Run {
	ms: number;
	cpuMs: number;
}

export interface Memory {
	/** More on the heap at the worst moment than afterwards; garbage does not count. */
	peakLiveBytes: number;
	/** What the finished execution holds. */
	heldBytes: number;
	/** The output items as JSON text. */
	outputBytes: number;
}

const collectGarbage = () => (globalThis as { gc?: () => void }).gc?.();

const used = () => {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
};

const makeTask = ({ items, ...order }: Order): Task => ({
	...order,
	prompts: Array.from({ length: items }, (_, index) => ({
		json: { prompt: `Question ${index}: What is the capital of France, and where does it lie?` },
	})),
});

function check({ outputs }: Outcome, { prompts }: Task) {
	const answered = outputs.filter((output) => JSON.stringify(output).includes(MARK));
	if (answered.length === prompts.length) return;
	const other = outputs.find((output) => !answered.includes(output));
	throw new Error(
		`${answered.length} of ${prompts.length} items were answered; another is ${JSON.stringify(other)}`,
	);
}

const start = await contestants[process.argv[2]]();

/** @returns the most that `look` saw during a run, and what the run gave */
async function watch(task: Task, look: () => number, pauseMs: number) {
	let peak = 0;
	const sample = () => {
		peak = Math.max(peak, look());
		sampler = setTimeout(sample, pauseMs);
	};
	let sampler = setTimeout(sample, pauseMs);
	const outcome = await start(task);
	clearTimeout(sampler);
	check(outcome, task);
	return { peak: Math.max(peak, look()), outcome };
}

function live() {
	collectGarbage();
	return used();
}

/** Takes the run, not its outputs: a frame that has touched them keeps them from being collected. */
function sizeOfOutputs({ outcome }: { outcome?: Outcome }): number {
	const texts = (outcome?.outputs ?? []).map((output) => JSON.stringify(output));
	return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

answerCalls({
	/** Nothing else is measured meanwhile: to force a collection, above all, makes V8 forget optimised code. */
	async run(order: Order): Promise<Run> {
		const task = makeTask(order);
		const cpu = process.cpuUsage();
		const started = performance.now();
		const outcome = await start(task);
		const ms = performance.now() - started;
		const { user, system } = process.cpuUsage(cpu);
		check(outcome, task);
		return { ms, cpuMs: (user + system) / 1000 };
	},

	/** How much more is on the heap and in buffers at the worst moment than before, bytes; garbage counts. */
	async peak(order: Order): Promise<number> {
		// closed connections are let go a little later
		await sleep(200);
		const before = live();
		const { peak } = await watch(makeTask(order), used, 5);
		return peak - before;
	},

	async memory(order: Order): Promise<Memory> {
		const run: { peak: number; outcome?: Outcome } = await watch(makeTask(order), live, 500);
		await sleep(200);
		const outputBytes = sizeOfOutputs(run);
		const whenDone = live();
		run.outcome = undefined;
		const after = live();
		return { peakLiveBytes: run.peak - after, heldBytes: whenDone - after, outputBytes };
	},
});
