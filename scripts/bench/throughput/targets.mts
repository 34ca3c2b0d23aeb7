import type { Results } from './arena.mjs';
import { type Case, CONCURRENCY, LABELS, PEERS, waiting, wide, working } from './cases.mjs';

export interface Target {
	text: string;
	isReached: boolean;
}

const atMost = (what: string, value: number, limit: number): Target => ({
	text: `${what}: ${value.toFixed(2)}, at most ${limit}`,
	isReached: value <= limit,
});

const toFloor = ({ floor, ours }: Results) => ours.ms / floor.ms;

/** What was promised, next to what was measured. */
export function judge(all: Map<Case, Results>, sizes: Case[]): Target[] {
	const [ofWaiting, ofWorking] = [all.get(waiting)!, all.get(working)!];
	const peers = PEERS.filter((name) => name in ofWorking);
	const [fewCase, manyCase] = [sizes[0], sizes.at(-1)!];
	const [few, many] = [all.get(fewCase)!, all.get(manyCase)!];
	const perItem = (pick: (results: Results) => number) =>
		pick(many) / manyCase.items / (pick(few) / fewCase.items);
	const { heldBytes, outputBytes } = many.ours.memory!;
	const growth = `per item at ${manyCase.items} items ÷ at ${fewCase.items}`;
	return [
		atMost('200 items at 50 ms, time ÷ floor', toFloor(ofWaiting), 1.25),
		atMost('500 items at 0 ms, time ÷ floor', toFloor(ofWorking), 2.5),
		...wideTargets(all.get(wide.waiting)!, all.get(wide.working)!),
		...peers.map((name) =>
			atMost(
				`500 items at 0 ms, time ÷ ${LABELS[name]}`,
				ofWorking.ours.ms / ofWorking[name].ms,
				0.5,
			),
		),
		atMost(
			'connections ÷ concurrency',
			Math.max(ofWaiting.ours.connections, ofWorking.ours.connections) / CONCURRENCY,
			1,
		),
		atMost(
			`time ${growth}`,
			perItem(({ ours }) => ours.ms),
			1.2,
		),
		atMost(
			`live memory ${growth}`,
			perItem(({ ours }) => ours.memory!.peakLiveBytes),
			1.2,
		),
		atMost('held memory per item ÷ output item as JSON', heldBytes / outputBytes, 3),
	];
}

function wideTargets(ofWaiting: Results, ofWorking: Results): Target[] {
	const { ours, httpRequest } = ofWaiting;
	return [
		atMost('200 items at 50 ms, 200 at a time, time ÷ floor', toFloor(ofWaiting), 1.12),
		...(httpRequest
			? [atMost('the same, time ÷ n8n HTTP Request', ours.ms / httpRequest.ms, 0.6)]
			: []),
		atMost('500 items at 0 ms, 200 at a time, time ÷ floor', toFloor(ofWorking), 1.12),
	];
}
