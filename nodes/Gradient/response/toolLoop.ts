import { promise as createQueue } from 'fastq';

import type {
	GradientResponse,
	InputItem,
	ResponseRequest,
	ToolCall,
	Usage,
} from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { isObject } from '../../shared/client/json';
import { CallIds } from '../../shared/client/response/callIds';
import { inputItems } from '../../shared/client/response/conversation';
import { fitHistory } from '../../shared/client/response/history';
import { addUsage } from '../../shared/client/response/usage';
import type { ConnectedTool } from './connectedTools';
import { type ToolRun, runTool } from './toolRun';

export interface LoopOptions {
	/** Sends one request. */
	create(request: ResponseRequest): Promise<GradientResponse>;
	tools: ConnectedTool[];
	/** Requests to the model, at most. */
	maxIterations: number;
	/** For each call of a tool, ms; 0: no limit. */
	timeout?: number;
	signal?: AbortSignal;
}

/** A response, and all that led to it. */
export interface LoopResult {
	/** The last one. */
	response: GradientResponse;
	/** The calls that are left to the workflow. */
	toolCalls: ToolCall[];
	/** The calls that were answered here. */
	toolRuns: ToolRun[];
	/** Of all rounds. */
	usage: Usage;
	/** All input and output, each call that was answered with its output. */
	conversation: InputItem[];
	/** The model still called tools when no request was left to tell it what they gave. */
	isLimitReached: boolean;
}

/**
 * Asks the model, runs the connected tools that it calls, tells it what they gave, and so on, until it
 * calls none. A call of a function that the request offers but nobody connected is left to the workflow
 * and ends the loop. Without connected tools this is one request, and all calls are left.
 * @throws what `create` throws, which then says what earlier rounds had done; the signal's reason
 */
export async function runToolLoop(
	request: ResponseRequest,
	options: LoopOptions,
): Promise<LoopResult> {
	const { create, tools, maxIterations } = options;
	const result = { conversation: inputItems(request.input), toolRuns: [] as ToolRun[] };
	let usage: Usage | undefined;
	for (let iteration = 1; ; iteration++) {
		const round = iteration === 1 ? request : laterRound(request, result.conversation, tools);
		const response = await create(round).catch((error: unknown) => {
			throw usage ? withEarlierRounds(error, { ...result, usage }) : error;
		});
		usage = usage ? addUsage(usage, response.usage) : response.usage;
		const { output, calls } = withOwnCallIds(response, result.conversation);
		const history = (items: InputItem[], isOpen = false) =>
			result.conversation.push(...fitHistory([...output, ...items], { isContinued: true, isOpen }));

		const isLeft = ({ name }: ToolCall) =>
			tools.length === 0 || isOnlyOffered(name, request, tools);
		const toolCalls = calls.filter(isLeft);
		const toRun = calls.filter((call) => !isLeft(call));
		const isLimitReached = toRun.length > 0 && toolCalls.length === 0 && iteration >= maxIterations;
		if (isLimitReached) {
			history(toRun.map(notRun));
			return { response, toolCalls: toRun, usage, isLimitReached, ...result };
		}
		const runs = await runTools(toRun, request, options);
		result.toolRuns.push(...runs);
		history(runs.map(toOutputItem), toolCalls.length > 0);
		if (toRun.length === 0 || toolCalls.length > 0) {
			return { response, toolCalls, usage, isLimitReached: false, ...result };
		}
	}
}

/** All at once, or one after the other where the request says so. */
async function runTools(
	calls: ToolCall[],
	request: ResponseRequest,
	options: LoopOptions,
): Promise<ToolRun[]> {
	if (calls.length === 0) return [];
	const concurrency = request.parallel_tool_calls === false ? 1 : Infinity;
	const run = async (call: ToolCall) => await runTool(call, options.tools, options);
	const queue = createQueue(run, concurrency);
	return await Promise.all(calls.map(async (call) => await queue.push(call)));
}

/**
 * The model has done what it must: under a `tool_choice` that only connected tools satisfy it would call
 * them until the limit, and never answer.
 */
function laterRound(
	request: ResponseRequest,
	conversation: InputItem[],
	connected: ConnectedTool[],
): ResponseRequest {
	const round = { ...request, input: [...conversation] };
	const { tool_choice: choice, tools } = request;
	const canEnd = (tools ?? []).some(({ name }) => name && isOnlyOffered(name, request, connected));
	const isDone = choice === 'required' ? !canEnd : isObject(choice);
	return isDone ? { ...round, tool_choice: 'auto' } : round;
}

/** A function of the form, which the workflow runs; not one that the model has made up. */
const isOnlyOffered = (name: string, { tools }: ResponseRequest, connected: ConnectedTool[]) =>
	(tools ?? []).some((tool) => tool.name === name) &&
	!connected.some(({ definition }) => definition.name === name);

const toOutputItem = ({ call_id, output }: ToolRun): InputItem => ({
	type: 'function_call_output',
	call_id,
	output,
});

const notRun = ({ call_id }: ToolCall): InputItem => ({
	type: 'function_call_output',
	call_id,
	output: 'Error: The tool was not run, because the limit of tool iterations was reached',
});

/**
 * The output of a response and its calls, under ids that the conversation does not have yet. Some
 * servers number calls anew in each response; two calls of one id could not be answered apart.
 */
function withOwnCallIds(response: GradientResponse, conversation: InputItem[]) {
	const ids = new CallIds(conversation.map(callIdOf));
	const renamed: string[] = [];
	const output = response.outputAsInput.map((item): InputItem => {
		if (item.type !== 'function_call') return item;
		const id = ids.own(item.call_id);
		renamed.push(id);
		return { ...item, call_id: id };
	});
	const calls = response.toolCalls.map((call, index) => ({ ...call, call_id: renamed[index] }));
	return { output, calls };
}

const callIdOf = (item: InputItem) => (item.type === 'function_call' ? item.call_id : undefined);

/** Rounds that went well are paid for, whatever comes after. */
function withEarlierRounds(
	error: unknown,
	{ conversation, toolRuns, usage }: Pick<LoopResult, 'conversation' | 'toolRuns' | 'usage'>,
) {
	if (!isGradientApiError(error)) return error;
	const { partial } = error.details;
	const nothing = { id: '', text: '', reasoning: null, tool_calls: [] };
	error.details.partial = {
		...(partial ?? nothing),
		usage: partial ? addUsage(usage, partial.usage) : usage,
		tool_runs: toolRuns,
		conversation,
	};
	return error;
}
