import { promise as createQueue } from 'fastq';

import type { ToolCall } from '../../shared/client';
import { type AnsweredCall, type ToolLimits, notRun, runTool } from './toolRun';
import type { Toolbox } from './toolbox';

/** Calls of one answer that are run. No model means more, and each may cost or change something. */
export const MAX_CALLS = 64;

export interface CallLimits extends ToolLimits {
	/** Tools that run at the same time, at most. */
	concurrency: number;
	/** Whether the calls are run one after the other, as the user wants it. */
	isInTurn: boolean;
}

/**
 * Answers the calls of one answer. Those that go to one node are run in their order, as they may build on each
 * other: of four edits of one file at once, one stays. Different nodes work side by side.
 * @returns the answers, in the order of the calls
 * @throws only the signal's reason
 */
export async function answerCalls(
	calls: ToolCall[],
	toolbox: Toolbox,
	{ concurrency, isInTurn, ...limits }: CallLimits,
): Promise<AnsweredCall[]> {
	if (calls.length === 0) return [];
	const answers = new Map<ToolCall, AnsweredCall>();
	for (const call of calls.slice(MAX_CALLS)) answers.set(call, notRun(call, toolbox, TOO_MANY));
	const sources = new Map<unknown, ToolCall[]>();
	for (const call of calls.slice(0, MAX_CALLS)) {
		// a call of no tool waits for nobody
		const source = isInTurn ? '' : (toolbox.find(call.name)?.source ?? call);
		const ofSource = sources.get(source);
		if (ofSource) ofSource.push(call);
		else sources.set(source, [call]);
	}
	const answerInTurn = async (ofSource: ToolCall[]) => {
		for (const call of ofSource) answers.set(call, await runTool(call, toolbox, limits));
	};
	const queue = createQueue(answerInTurn, concurrency);
	await Promise.all([...sources.values()].map(async (one) => await queue.push(one)));
	return calls.flatMap((call) => answers.get(call) ?? []);
}

const TOO_MANY = `Only ${MAX_CALLS} calls of one answer are run, so this one was not. Call the tool again if it is still needed`;
