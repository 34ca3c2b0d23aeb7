import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';

import type { ResponseRequest, Usage } from '../../shared/client';
import { type PartialResponse, isGradientApiError } from '../../shared/client/errors';
import { type JsonObject, isObject } from '../../shared/client/json';
import { type Searches, addSearches } from '../../shared/client/response/searches';
import { untilAborted } from '../../shared/client/transport/abort';
import { modelField } from '../../shared/form/model.fields';
import { optionFields, optionsField } from '../../shared/form/options.fields';
import { inOrder } from '../../shared/form/optionOrder';
import { DEFAULT_CONCURRENCY, readRequestOptions } from '../../shared/form/requestOptions';
import { requestOptionsField } from '../../shared/form/requestOptions.fields';
import { isUsedAsTool } from '../../shared/host/asTool';
import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import { ChunkSender } from '../chunkSender';
import type { OutputItem, Unit } from '../operation';
import { isFirstVersion } from '../version';
import { readConnectedTools } from './connectedTools';
import { earlierTries, withoutRepetition } from './earlierTries';
import { groupByResponse } from './incomingItems';
import { inputFields } from './input.fields';
import { toOutputJson, toPartial, toPartialJson, toToolCallJson } from './output';
import { incomingWithCalls } from './linkedCalls';
import { Memory, hasMemory } from './memory/memory';
import { outputFields, outputOptionFields, toolCallsFields } from './output.fields';
import { readInputType, readItemsAre, readParameters } from './parameters';
import { keptOf as keptOfItems, placeAnswer, placeCall, readPlacement } from './placement';
import { describeUnsent } from './pictures';
import { describeFixed } from './prompt';
import { buildRequest } from './request';
import { describeReading, describeShortcomings } from './shortcomings';
import { type LoopResult, runToolLoop } from './toolLoop';
import { toolsField, toolsNotice } from './tools.fields';

const TOO_MUCH_KEPT =
	"'Retry On Fail' is on, and there are too many answers to keep: if n8n repeats the node, it asks for some of them again, and they are billed again. Leave it off for so many items, or split them with Loop Over Items";

/** As many as n8n's AI Agent. */
const DEFAULT_MAX_TOOL_ITERATIONS = 10;

export const properties: INodeProperties[] = [
	modelField,
	...inputFields,
	toolsNotice,
	toolsField,
	...toolCallsFields,
	...outputFields,
	{ ...optionsField, options: inOrder([...optionFields, ...outputOptionFields]) },
	requestOptionsField,
];

/** One request for each item; or for Incoming Items one for all, or for each response that they answer. */
export function groupItems(context: IExecuteFunctions, count: number): number[][] {
	const indexes = Array.from({ length: count }, (_, index) => index);
	if (readInputType(context) !== 'items') return indexes.map((index) => [index]);
	return readItemsAre(context) === 'userMessages'
		? [indexes]
		: groupByResponse(incomingWithCalls(context));
}

/** What 'Include' takes over from the incoming items. */
export const keptOf = (context: IExecuteFunctions, items: number[]) =>
	keptOfItems(context, items, readPlacement(context, items[0]));

/** How the units of one execution share the API: by the first item's form. */
export function readLimits(context: IExecuteFunctions) {
	const options = readRequestOptions(context, 0);
	// what is said next builds on what was said before
	const inTurn = hasMemory(context) ? 1 : undefined;
	return { ...options, maxConcurrentRequests: options.maxConcurrentRequests ?? inTurn };
}

/**
 * Creates one response for a unit of items, tool rounds included. The form is read for the first item.
 * @returns the items of the Response output; and of the Tool Calls output, if there is one
 * @throws NodeOperationError, if the form cannot be sent or the model does not stop to call tools;
 * GradientApiError
 */
export async function execute(
	this: IExecuteFunctions,
	{ items, chat, hint }: Unit,
	{ client, findViolations, toJsonSchema, signal }: Connection,
): Promise<OutputItem[][]> {
	const [first] = items;
	const isFirst = isFirstVersion(this);
	const parameters = readParameters(this, first);
	const placement = readPlacement(this, first);
	const { timeout, maxRetries, maxToolIterations, ...limits } = readRequestOptions(this, first);
	const incoming =
		parameters.inputType === 'items'
			? incomingWithCalls(this)
			: this.getInputData().map(({ json }): JsonObject => json);
	const isListenedTo = ChunkSender.isListenedTo(this);
	// a tool node may hang while it connects, as an MCP client does
	const connected = await untilAborted(readConnectedTools(this, first, toJsonSchema), signal);
	const { request: ownRequest, problems } = buildRequest(
		parameters,
		items.map((index) => ({ json: incoming[index], index })),
		{ findViolations, isListenedTo, tools: connected.tools },
	);
	if (problems.length > 0) throw invalidFields(this.getNode(), problems);
	const tries = earlierTries(this);
	const isCarried = parameters.inputType === 'items' && parameters.itemsAre === 'answers';
	// that of a database may hang, too
	const memory = await untilAborted(Memory.of(this, first, { isCarried, tries }), signal);
	const request = memory?.before(ownRequest) ?? ownRequest;

	const isLive = isListenedTo && request.stream === true;
	if (isLive) chat.begin();
	const { simplify, separateToolCalls } = parameters;
	let searches: Searches | undefined;
	const hints = describeFixed(this, parameters.inputType === 'text');
	const create = async (round: ResponseRequest) => {
		const onText = isLive ? chat.newParagraph() : undefined;
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
		return response;
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
	const result = await runToolLoop(request, loop).catch((error: unknown) => {
		if (isGradientApiError(error) && error.details.partial) {
			const { partial } = error.details;
			error.details.partial = toPartialJson(partial, isFirst) as unknown as PartialResponse;
		}
		throw error;
	});
	if (tries?.isFull) hint(TOO_MUCH_KEPT);
	if (result.failure) throw unanswered(this, maxIterations, result);

	await memory?.save(result, request.input).catch((error: unknown) => {
		hints.push(`The answer is not in the memory: ${String((error as Error).message)}`);
	});
	hints.push(...describeUnsent(this.getInputData()[first]?.binary, request));
	hints.push(...describeShortcomings(result.response));
	const kept = keptOf(this, items);
	const kind = {
		simplify,
		isFirstVersion: isFirst,
		hasTools: connected.tools.length > 0,
		mayCall: offersFunctions(request),
		mayReason: isObject(request.reasoning),
		// an agent would pay for it
		hasConversation: !isUsedAsTool(this) && (isFirst || placement.includes.conversation),
		searches,
	};
	const answer = toOutputJson(result, kind);
	const output = [placeAnswer(answer, kept, placement, (words) => hints.push(words))];
	new Set(hints).forEach(hint);
	if (!separateToolCalls) return [output];
	return [output, toToolCallJson(result, isFirst).map((call) => placeCall(call, kept))];
}

/** Whether the model may answer with a call of a function. */
const offersFunctions = ({ tools }: ResponseRequest) =>
	Array.isArray(tools) && tools.some((tool) => isObject(tool) && tool.type === 'function');

/** Adds to what n8n counts for the node, from n8n-workflow 2.16 on. */
function countTokens(context: IExecuteFunctions, usage: Usage | undefined) {
	const { input_tokens, output_tokens } = usage ?? {};
	if (!input_tokens && !output_tokens) return;
	workflow.accumulateTokenUsage?.(context, input_tokens ?? 0, output_tokens ?? 0);
}

/** The model has not come to an answer: all that was paid for is in the error. */
function unanswered(context: IExecuteFunctions, maxIterations: number, result: LoopResult) {
	const { message, advice } =
		result.failure === 'cutCall' ? cutOff(result) : limitReached(maxIterations);
	const description = `${advice} What was done so far is in the error's data.`;
	const error = new workflow.NodeOperationError(context.getNode(), message, { description });
	const partial = toPartial(result, isFirstVersion(context)) as unknown as IDataObject;
	error.context.data = { partial };
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
