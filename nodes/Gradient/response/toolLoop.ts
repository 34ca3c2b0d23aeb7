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
import { toldOfUnread } from '../../shared/client/response/unreadCall';
import { addUsage } from '../../shared/client/response/usage';
import { type RoundCall, readCalls } from './roundCalls';
import { answerCalls } from './toolCalls';
import { picturesOf } from './toolPictures';
import { type AnsweredCall, type ToolLimits, type ToolRun, notRun, withLimits } from './toolRun';
import type { Toolbox } from './toolbox';

export interface LoopOptions extends ToolLimits {
	/** Sends one request. */
	create(request: ResponseRequest): Promise<GradientResponse>;
	toolbox: Toolbox;
	/** Requests to the model, at most. */
	maxIterations: number;
	/** Tools that run at the same time, at most. */
	concurrency: number;
	/** Whether the model is shown the pictures that tools give. */
	sendPictures?: boolean;
}

/** A response, and all that led to it. */
export interface LoopResult {
	/** The last one. */
	response: GradientResponse;
	/** What it answers. */
	request: ResponseRequest;
	/** The calls that are left to the workflow; one that was cut off says so in its `arguments_error`. */
	toolCalls: ToolCall[];
	/** Those of them that the workflow should answer: not what was cut off. */
	openCalls: ToolCall[];
	/** The calls that were answered here. */
	toolRuns: ToolRun[];
	/** Of all rounds. */
	usage: Usage;
	/**
	 * All input and output, fit to be sent again, each call that was answered with its output. It may be made only when
	 * it is asked for, as most answers are not sent again.
	 */
	readonly conversation: InputItem[];
	/** A call that came as text and could not be read: the model was told, and asked once more. */
	unreadCall?: string;
	/**
	 * Why there is no answer: the model still called tools when no request was left to tell it what they gave; or
	 * the limit of its tokens cut off what it called.
	 */
	failure?: 'iterations' | 'cutCall';
}

/**
 * Asks the model, runs the connected tools that it calls, tells it what they gave, and so on, until it
 * calls none. A call of a function that the request offers but nobody connected is left to the workflow
 * and ends the loop. Without connected tools this is one request, and all calls are left. A call that was cut
 * off is never run, nor one that came as text and cannot be read: the model is told, and asked once more.
 * @throws what `create` throws, which then says what earlier rounds had done; the signal's reason
 */
export async function runToolLoop(
	request: ResponseRequest,
	options: LoopOptions,
): Promise<LoopResult> {
	const { create, toolbox, maxIterations } = options;
	const connected = toolbox.tools.map(({ definition }) => definition);
	const result: Pick<LoopResult, 'conversation' | 'toolRuns' | 'unreadCall'> = {
		conversation: inputItems(request.input),
		toolRuns: [],
	};
	const ids = new CallIds(result.conversation.flatMap(callIdOf));
	let usage: Usage | undefined;
	/** Whether the last answer was nothing but a call that was cut off or cannot be read. */
	let wasLost = false;
	/** A call that cannot be read, and what is said of it: for the next round, and not for the conversation. */
	let retold: InputItem[] = [];
	for (let iteration = 1; ; iteration++) {
		let round = request;
		if (iteration > 1) {
			const tools = await currentTools(request.tools, connected, options);
			const input = [...result.conversation, ...retold];
			const later = { ...request, ...(tools && { tools }), input };
			// where nothing was run, what must be done is still to be done
			round = result.toolRuns.length > 0 ? withFreeChoice(later, toolbox) : later;
		}
		const response = await create(round).catch((error: unknown) => {
			throw usage ? withEarlierRounds(error, { ...result, usage }) : error;
		});
		usage = usage ? addUsage(usage, response.usage) : response.usage;
		const { output, calls } = readCalls(response, round, ids);
		const isLeft = ({ call: { name } }: RoundCall) =>
			toolbox.tools.length === 0 || isOnlyOffered(name, round.tools, toolbox);
		const left = calls.filter(isLeft);
		const open = left.filter(({ isCut }) => !isCut);
		const toRun = calls.filter((one) => !isLeft(one));
		const hasCut = calls.some(({ isCut }) => isCut);

		const mustGoOn = toolbox.tools.length > 0 && calls.length > 0 && open.length === 0;
		const isLost = calls.every(({ isCut }) => isCut);
		const isOver = iteration >= maxIterations || (isLost && wasLost);
		wasLost = isLost;
		const { callAsText } = response;
		if (toolbox.tools.length > 0 && callAsText !== undefined && !isOver) {
			const told = [...output(), toldOfUnread(response, round)];
			retold = fitHistory(told, { isContinued: true });
			result.unreadCall = callAsText;
			continue;
		}
		retold = [];
		const failure = mustGoOn && isOver ? (hasCut ? 'cutCall' : 'iterations') : undefined;
		const answered = failure
			? toRun.map((one) => notRun(one.call, toolbox, one.isCut ? CUT_OFF : LIMIT_REACHED))
			: await answer(toRun, request, options);
		if (!failure) result.toolRuns.push(...answered.map(({ run }) => run));
		const results = [
			...answered.map(({ run: { call_id, output: text } }) => toOutputItem(call_id, text)),
			...left.flatMap(({ call, isCut }) =>
				isCut ? toOutputItem(call.call_id, `Error: ${CUT_OFF}`) : [],
			),
		];
		const isOpen = open.length > 0;
		const said = () => [
			...fitHistory([...output(), ...results], { isContinued: true, isOpen }),
			...(options.sendPictures && !isOpen ? picturesOf(answered) : []),
		];
		if (failure || !mustGoOn) {
			const { conversation: before, ...others } = result;
			let conversation: InputItem[] | undefined;
			return {
				response,
				request: round,
				toolCalls: (failure ? calls : left).map(({ call }) => call),
				openCalls: open.map(({ call }) => call),
				usage,
				failure,
				...others,
				get conversation() {
					return (conversation ??= [...before, ...said()]);
				},
			};
		}
		result.conversation.push(...said());
	}
}

export const CUT_OFF =
	'The call was cut off by the limit of output tokens, so the tool was not run. Call it again, and write less before and in the call';

const LIMIT_REACHED = 'The tool was not run, because the limit of tool iterations was reached';

/** In the order of the calls. */
async function answer(
	calls: RoundCall[],
	request: ResponseRequest,
	{ toolbox, concurrency, timeout, signal }: LoopOptions,
): Promise<AnsweredCall[]> {
	const whole = calls.flatMap(({ call, isCut }) => (isCut ? [] : call));
	const isInTurn = request.parallel_tool_calls === false;
	const limits = { concurrency, isInTurn, timeout, signal };
	const answers = new Map(
		(await answerCalls(whole, toolbox, limits)).map((one) => [one.run.call_id, one]),
	);
	return calls.map(({ call }) => answers.get(call.call_id) ?? notRun(call, toolbox, CUT_OFF));
}

/** What is offered in a later round: toolkits may have other tools by then. */
async function currentTools(
	tools: ResponseRequest['tools'],
	connected: unknown[],
	{ toolbox, timeout, signal }: LoopOptions,
): Promise<ResponseRequest['tools']> {
	try {
		await withLimits(toolbox.renew(), { timeout, signal });
	} catch {
		// a server that does not answer in time still has the tools that it had
		signal?.throwIfAborted();
	}
	const own = (tools ?? []).filter((tool) => !connected.includes(tool));
	const now = toolbox.tools
		.map(({ definition }) => definition)
		.filter(({ name }) => !own.some((tool) => tool.name === name));
	const place = Math.max(
		0,
		(tools ?? []).findIndex((tool) => connected.includes(tool)),
	);
	return tools && [...own.slice(0, place), ...now, ...own.slice(place)];
}

/**
 * The model has done what it must: under a `tool_choice` that only connected tools satisfy it would call
 * them until the limit, and never answer.
 */
function withFreeChoice(request: ResponseRequest, toolbox: Toolbox): ResponseRequest {
	const { tool_choice: choice, tools } = request;
	const canEnd = (tools ?? []).some(({ name }) => name && isOnlyOffered(name, tools, toolbox));
	const isDone = choice === 'required' ? !canEnd : isObject(choice);
	return isDone ? { ...request, tool_choice: 'auto' } : request;
}

/** A function of the form, which the workflow runs; not one that the model has made up. */
const isOnlyOffered = (name: string, tools: ResponseRequest['tools'], toolbox: Toolbox) =>
	(tools ?? []).some((tool) => tool.name === name) && !toolbox.find(name);

const toOutputItem = (call_id: string, output: string): InputItem => ({
	type: 'function_call_output',
	call_id,
	output,
});

const callIdOf = (item: InputItem) => (item.type === 'function_call' ? item.call_id : []);

/**
 * Rounds that went well are paid for, whatever comes after.
 * @param usage where the error does not count it yet
 */
export function withEarlierRounds(
	error: unknown,
	{
		conversation,
		toolRuns,
		usage,
	}: Pick<LoopResult, 'conversation' | 'toolRuns'> & { usage?: Usage },
) {
	if (!isGradientApiError(error)) return error;
	const { partial } = error.details;
	const nothing = { id: '', text: '', reasoning: null, tool_calls: [] };
	const said = partial ?? (usage && { ...nothing, usage });
	if (!said) return error;
	error.details.partial = {
		...said,
		...(partial && usage && { usage: addUsage(usage, partial.usage) }),
		tool_runs: toolRuns,
		conversation,
	};
	return error;
}
