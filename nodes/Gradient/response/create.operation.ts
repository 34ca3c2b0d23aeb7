import type { IDataObject, IExecuteFunctions, INode, INodeProperties } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';

import type { ResponseRequest, Usage } from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { type Searches, addSearches } from '../../shared/client/response/searches';
import type { ServerToolCall } from '../../shared/client/response/serverToolCalls';
import { untilAborted } from '../../shared/client/transport/abort';
import { modelField } from '../../shared/form/model.fields';
import { optionFields, optionsField } from '../../shared/form/options.fields';
import { DEFAULT_CONCURRENCY, readRequestOptions } from '../../shared/form/requestOptions';
import { requestOptionsField } from '../../shared/form/requestOptions.fields';
import { affinityOf } from '../../shared/form/session';
import { isUsedAsTool } from '../../shared/host/asTool';
import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import { ChunkSender } from '../chunkSender';
import type { Unit } from '../operation';
import { readAttachments } from './attachments';
import { attachmentOptions } from './attachments.fields';
import { readConnectedTools } from './connectedTools';
import { earlierTries, withoutRepetition } from './earlierTries';
import { groupByResponse } from './incomingItems';
import { inputFields } from './input.fields';
import { readMcpServer } from './mcpServer';
import { toOutputJson, toPartial, toPartialJson, toToolCallJson } from './output';
import { outputFields } from './output.fields';
import { readInputType, readItemsAre, readParameters } from './parameters';
import { buildRequest } from './request';
import { describeReading, describeShortcomings } from './shortcomings';
import { type LoopResult, runToolLoop } from './toolLoop';
import { toolsField } from './tools.fields';

const TOO_MUCH_KEPT =
	"'Retry On Fail' is on, and there are too many answers to keep: if n8n repeats the node, it asks for some of them again, and they are billed again. Leave it off for so many items, or split them with Loop Over Items";

/** As many as n8n's AI Agent. */
const DEFAULT_MAX_TOOL_ITERATIONS = 10;

const byLabel = (one: INodeProperties, other: INodeProperties) =>
	one.displayName.localeCompare(other.displayName);

export const properties: INodeProperties[] = [
	modelField,
	...inputFields,
	toolsField,
	...outputFields,
	{ ...optionsField, options: [...optionFields, ...attachmentOptions].sort(byLabel) },
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
	{ client, findViolations, toJsonSchema, typeOfFile, signal }: Connection,
): Promise<IDataObject[][]> {
	const [first] = items;
	const parameters = readParameters(this, first);
	const { timeout, maxRetries, maxToolIterations, ...limits } = readRequestOptions(this, first);
	const incoming = this.getInputData();
	const isListenedTo = ChunkSender.isListenedTo(this);
	// a tool node may hang while it connects, as an MCP client does
	const connected = await untilAborted(readConnectedTools(this, first, toJsonSchema), signal);
	const reading = readAttachments(this, items, parameters, typeOfFile);
	const attachments = await untilAborted(reading, signal);
	const mcpServer = await readMcpServer(this, first, parameters);
	const { request, problems } = buildRequest(
		parameters,
		items.map((index) => ({
			json: incoming[index].json,
			index,
			attachments: attachments.get(index),
		})),
		{ findViolations, isListenedTo, tools: connected.tools, mcpServer },
	);
	if (problems.length > 0) throw invalidFields(this.getNode(), problems);

	const affinity = affinityOf(request.model, parameters.options.sessionId);
	const isLive = isListenedTo && request.stream === true;
	if (isLive) chat.begin();
	const { simplify, separateToolCalls } = parameters;
	let searches: Searches | undefined;
	const serverToolCalls: ServerToolCall[] = [];
	const hints: string[] = [];
	const create = async (round: ResponseRequest) => {
		const onText = isLive ? chat.newParagraph() : undefined;
		const call = {
			timeout,
			maxRetries,
			signal,
			affinity,
			hidden: mcpServer && [mcpServer.token],
			onText,
			onLeftOut: (words: string) => hints.push(words),
		};
		const response = await client.createResponse(round, call).catch((error: unknown) => {
			if (isGradientApiError(error)) countTokens(this, error.details.partial?.usage);
			throw error;
		});
		countTokens(this, response.usage);
		searches = addSearches(searches, response.searches);
		serverToolCalls.push(...(response.serverToolCalls ?? []));
		hints.push(...describeReading(response, simplify));
		return response;
	};
	const maxIterations = maxToolIterations ?? DEFAULT_MAX_TOOL_ITERATIONS;
	const concurrency = limits.maxConcurrentRequests ?? DEFAULT_CONCURRENCY;
	const { sendToolPictures: sendPictures } = limits;
	const tries = earlierTries(this);
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
			error.details.partial = toPartialJson(error.details.partial);
		}
		throw error;
	});
	if (tries?.isFull) hint(TOO_MUCH_KEPT);
	if (result.failure) throw unanswered(this.getNode(), maxIterations, result);

	hints.push(...describeShortcomings(result.response));
	new Set(hints).forEach(hint);
	const kind = {
		simplify,
		hasTools: connected.tools.length > 0,
		isTool: isUsedAsTool(this),
		searches,
		serverToolCalls,
	};
	const output = [toOutputJson(result, kind)];
	return separateToolCalls ? [output, toToolCallJson(result)] : [output];
}

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
