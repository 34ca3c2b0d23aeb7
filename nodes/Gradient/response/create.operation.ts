import type { IDataObject, IExecuteFunctions, INode, INodeProperties } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';

import type { ResponseRequest, StructuredOutput, Usage } from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { isObject } from '../../shared/client/json';
import { type Searches, addSearches } from '../../shared/client/response/searches';
import { untilAborted } from '../../shared/client/transport/abort';
import { modelField } from '../../shared/form/model.fields';
import { optionsField } from '../../shared/form/options.fields';
import { DEFAULT_CONCURRENCY, readRequestOptions } from '../../shared/form/requestOptions';
import { requestOptionsField } from '../../shared/form/requestOptions.fields';
import { asScalar } from '../../shared/form/values';
import { isUsedAsTool } from '../../shared/host/asTool';
import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import { ChunkSender } from '../chunkSender';
import type { Unit } from '../operation';
import { readConnectedTools } from './connectedTools';
import { earlierTries, withoutRepetition } from './earlierTries';
import { groupByResponse } from './incomingItems';
import { inputFields } from './input.fields';
import { toOutputJson, toPartial, toPartialJson, toToolCallJson } from './output';
import { outputFields } from './output.fields';
import { outputFormatFields } from './outputFormat.fields';
import { wantedOutput } from './outputFormat';
import { readInputType, readItemsAre, readParameters } from './parameters';
import { buildRequest } from './request';
import { describeReading, describeShortcomings } from './shortcomings';
import { StrictTools } from './strictTools';
import { type StructuredResult, runStructuredLoop } from './structuredLoop';
import { type LoopResult, runToolLoop } from './toolLoop';
import { toolsField } from './tools.fields';

const TOO_MUCH_KEPT =
	"'Retry On Fail' is on, and there are too many answers to keep: if n8n repeats the node, it asks for some of them again, and they are billed again. Leave it off for so many items, or split them with Loop Over Items";

/** As many as n8n's AI Agent. */
const DEFAULT_MAX_TOOL_ITERATIONS = 10;

export const properties: INodeProperties[] = [
	modelField,
	...inputFields,
	...outputFormatFields,
	toolsField,
	...outputFields,
	optionsField,
	requestOptionsField,
];

/** One request for each item; or for Incoming Items one for all, or for each response that they answer. */
export function groupItems(context: IExecuteFunctions, count: number): number[][] {
	const indexes = Array.from({ length: count }, (_, index) => index);
	if (readInputType(context) !== 'items') return indexes.map((index) => [index]);
	return readItemsAre(context) === 'inputItems'
		? groupByResponse(context.getInputData().map(({ json }) => json))
		: [indexes];
}

/** How the units of one execution share the API: by the first item's form. */
export const readLimits = (context: IExecuteFunctions) => readRequestOptions(context, 0);

/**
 * Creates one response for a unit of items, tool rounds included. The form is read for the first item.
 * @returns the items of the Response output; and of the Tool Calls output, if there is one
 * @throws NodeOperationError, if the form cannot be sent or the model does not stop to call tools;
 * GradientApiError
 */
export async function execute(
	this: IExecuteFunctions,
	{ items, chat, hint }: Unit,
	connection: Connection,
): Promise<IDataObject[][]> {
	const { client, findViolations, toJsonSchema, signal } = connection;
	const [first] = items;
	const parameters = readParameters(this, first);
	const { timeout, maxRetries, maxRepairs, maxToolIterations, ...limits } = readRequestOptions(
		this,
		first,
	);
	const incoming = this.getInputData();
	const isListenedTo = ChunkSender.isListenedTo(this);
	// a tool node may hang while it connects, as an MCP client does
	const strict = new StrictTools(parameters.tools, connection);
	const supplied = await untilAborted(readConnectedTools(this, first, toJsonSchema), signal);
	const connected = limits.strictTools ? strict.bind(supplied) : supplied;
	const { request, problems } = buildRequest(
		parameters,
		items.map((index) => ({ json: incoming[index].json, index })),
		{ findViolations, isListenedTo, tools: connected.tools },
	);
	const tries = earlierTries(this);
	const hints: string[] = [];
	const planKey = `plan of ${first}`;
	const output = await wantedOutput(parameters, request, connection, {
		maxRepairs,
		known: tries?.recall(planKey),
		report: (problem) => problems.push(problem),
		hint: (words) => hints.push(words),
	});
	if (problems.length > 0) throw invalidFields(this.getNode(), problems);
	if (output) tries?.keep(planKey, output.start);

	const isLive = isListenedTo && request.stream === true;
	if (isLive) chat.begin();
	const { simplify, separateToolCalls, options } = parameters;
	let searches: Searches | undefined;
	const isJsonShown = !output || asScalar(options.showJson) === true;
	const create = async (round: ResponseRequest) => {
		const isShown = isJsonShown || !asksFor(output, round);
		const onText = isLive && isShown ? chat.newParagraph() : undefined;
		const call = {
			timeout,
			maxRetries,
			signal,
			onText,
			onLeftOut: (words: string) => hints.push(words),
		};
		const response = await client.createResponse(round, call).catch((error: unknown) => {
			if (isGradientApiError(error)) countTokens(this, error.details.partial?.usage);
			throw error;
		});
		countTokens(this, response.usage);
		searches = addSearches(searches, response.searches);
		hints.push(...describeReading(response, simplify));
		return await strict.read(response);
	};
	const maxIterations = maxToolIterations ?? DEFAULT_MAX_TOOL_ITERATIONS;
	const concurrency = limits.maxConcurrentRequests ?? DEFAULT_CONCURRENCY;
	const { sendToolPictures: sendPictures } = limits;
	const exchange = { create, toolbox: connected };
	const loop = {
		...(tries ? withoutRepetition(tries, first, exchange) : exchange),
		maxIterations,
		concurrency,
		sendPictures,
		timeout,
		signal,
	};
	const answering: Promise<LoopResult & Partial<StructuredResult>> = output
		? runStructuredLoop(request, loop, output)
		: runToolLoop(request, loop);
	const result = await answering.catch((error: unknown) => {
		if (isGradientApiError(error) && error.details.partial) {
			error.details.partial = toPartialJson(error.details.partial);
		}
		throw error;
	});
	if (tries?.isFull) hint(TOO_MUCH_KEPT);
	if (result.failure) throw unanswered(this.getNode(), maxIterations, result);

	hints.push(...(result.notes ?? []));
	hints.push(...describeShortcomings(result.response));
	new Set(hints).forEach(hint);
	const kind = {
		simplify,
		hasTools: connected.tools.length > 0,
		isTool: isUsedAsTool(this),
		searches,
		output: result.output,
	};
	const answers = [toOutputJson(result, kind)];
	return separateToolCalls ? [answers, toToolCallJson(result)] : [answers];
}

/** Whether the answer to a request must be the output, so that nobody wants to see it while it is written. */
const asksFor = (output: StructuredOutput, { text, tool_choice: choice }: ResponseRequest) =>
	(isObject(text) && 'format' in text) ||
	(isObject(choice) && isObject(choice.function) && choice.function.name === output.name);

/** Adds to what n8n counts for the node, from n8n-workflow 2.16 on. */
function countTokens(context: IExecuteFunctions, usage: Usage | undefined) {
	const { input_tokens, output_tokens } = usage ?? {};
	if (!input_tokens && !output_tokens) return;
	workflow.accumulateTokenUsage?.(context, input_tokens ?? 0, output_tokens ?? 0);
}

/** The model has not come to an answer: all that was paid for is in the error. */
function unanswered(node: INode, maxIterations: number, result: LoopResult) {
	const { message, advice } =
		result.failure === 'cutCall' ? cutOff(result) : limitReached(maxIterations);
	const description = `${advice} What was done so far is in the error's data.`;
	const error = new workflow.NodeOperationError(node, message, { description });
	error.context.data = { partial: toPartial(result) as unknown as IDataObject };
	return error;
}

function limitReached(maxIterations: number) {
	const requests = maxIterations === 1 ? 'one request' : `${maxIterations} requests`;
	return {
		message: `The model still calls tools after ${requests}`,
		advice:
			"Raise 'Max Tool Iterations' in 'Request Options', or say in 'Instructions' when to stop.",
	};
}

function cutOff({ response, toolCalls }: LoopResult) {
	const name = toolCalls.at(-1)?.name ?? '';
	return response.incompleteReason === 'content_filter'
		? {
				message: `The call of '${name}' was cut off by a content filter, so the tool was not run`,
				advice: 'Ask in other words, or choose another model.',
			}
		: {
				message: `The call of '${name}' was cut off by the limit of output tokens, so the tool was not run. Raise 'Max Output Tokens'`,
				advice: "'Max Output Tokens' is in 'Options'. What the model thinks counts as output too.",
			};
}
