import type { ResponseRequest, StructuredOutput } from '../../shared/client';
import { omit } from '../../shared/client/json';
import { inputItems } from '../../shared/client/response/conversation';
import { fitHistory } from '../../shared/client/response/history';
import { addUsage } from '../../shared/client/response/usage';
import { type LoopOptions, type LoopResult, runToolLoop, withEarlierRounds } from './toolLoop';

export interface StructuredResult extends LoopResult {
	/** null: the model has called functions that the workflow answers first. */
	output: unknown;
	/** What the user should know. */
	notes: string[];
}

/**
 * The tool loop, with structured output as its last answer. By Text Format the rounds go without the format, which
 * would forbid calls (vLLM 0.32), and only the last answer is asked for with it. By Function Call, the output is one
 * more function among the tools.
 * @throws what `runToolLoop` throws; GradientApiError `output`, where the answer does not fit in the end
 */
export async function runStructuredLoop(
	request: ResponseRequest,
	options: LoopOptions,
	output: StructuredOutput,
): Promise<StructuredResult> {
	if (!output.mayCall(request)) return await settle(request, options, output);
	const { way } = output;
	const isByCall = way === 'functionCall';
	const send = async (round: ResponseRequest) => await output.send(round, way, options.create);
	const result = isByCall
		? await runToolLoop(output.amongTools(request), { ...options, create: send })
		: await runToolLoop(request, options);
	const others = result.toolCalls.filter(({ name }) => name !== output.name);
	if (result.failure || others.length > 0) return withoutOutput(result, output.name);

	const response = { ...result.response, toolCalls: result.toolCalls, usage: result.usage };
	const reading = output.read(response, way);
	const isThere = reading.value !== undefined && response.finishReason !== 'length';
	// by Text Format nobody has asked for it yet
	const first = isThere || isByCall ? { response, way } : undefined;
	return await settle(lastRequest(result, output.name), options, output, { result, first });
}

interface Earlier {
	result: LoopResult;
	/** The last answer, with the usage of all. */
	first?: Parameters<StructuredOutput['settle']>[2];
}

/** Asks for the output, after the rounds that there were. */
async function settle(
	request: ResponseRequest,
	{ create }: LoopOptions,
	output: StructuredOutput,
	{ result, first }: Partial<Earlier> = {},
): Promise<StructuredResult> {
	const toolRuns = result?.toolRuns ?? [];
	const usage = first ? undefined : result?.usage;
	const settled = await output.settle(request, create, first).catch((error: unknown) => {
		const conversation = inputItems(request.input);
		throw result ? withEarlierRounds(error, { conversation, toolRuns, usage }) : error;
	});
	const { response, value, notes } = settled;
	return {
		response,
		request,
		toolCalls: [],
		openCalls: [],
		toolRuns,
		usage: usage ? addUsage(usage, settled.usage) : settled.usage,
		conversation: [
			...inputItems(request.input),
			...fitHistory(response.outputAsInput, { isContinued: true }),
		],
		output: value,
		notes,
	};
}

/** What was sent last, for an answer that calls nothing any more. */
function lastRequest({ request }: LoopResult, name: string): ResponseRequest {
	const tools = (request.tools ?? []).filter((tool) => tool.name !== name);
	const rest = omit(request, ['tools', 'tool_choice']) as ResponseRequest;
	return tools.length > 0 ? { ...rest, tools, tool_choice: 'none' } : rest;
}

/** What the workflow has to answer first. A call that only gave the output would wait for an answer for ever. */
function withoutOutput(result: LoopResult, name: string): StructuredResult {
	const isOther = (call: { name: string }) => call.name !== name;
	return {
		...result,
		toolCalls: result.toolCalls.filter(isOther),
		openCalls: result.openCalls.filter(isOther),
		conversation: result.conversation.filter(
			(item) => item.type !== 'function_call' || isOther(item),
		),
		output: null,
		notes: [],
	};
}
