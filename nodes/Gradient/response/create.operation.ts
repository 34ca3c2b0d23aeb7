import type { IExecuteFunctions } from 'n8n-workflow';

import type { ResponseRequest } from '../../shared/client';
import { type PartialResponse, isGradientApiError } from '../../shared/client/errors';
import { isObject } from '../../shared/client/json';
import { untilAborted } from '../../shared/client/transport/abort';
import { DEFAULT_CONCURRENCY, readRequestOptions } from '../../shared/form/requestOptions';
import { affinityOf } from '../../shared/form/session';
import { asScalar } from '../../shared/form/values';
import { isUsedAsTool } from '../../shared/host/asTool';
import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import { ChunkSender } from '../chunkSender';
import type { OutputItem, Unit } from '../operation';
import { isFirstVersion } from '../version';
import { hasAttachments, readAttachments } from './attachments';
import { hasConnectedTools, readConnectedTools } from './connectedTools';
import { earlierTries, withoutRepetition } from './earlierTries';
import { groupByResponse } from './incomingItems';
import { incomingWithCalls } from './linkedCalls';
import { readMcpServer } from './mcpServer';
import { Memory, hasMemory } from './memory/memory';
import { toOutputJson, toPartialJson, toToolCallJson } from './output';
import { wantedOutput } from './outputFormat';
import { readInputType, readItemsAre, readParameters } from './parameters';
import { keptOf as keptOfItems, placeAnswer, placeCall, readPlacement } from './placement';
import { describeUnsent } from './pictures';
import { describeFixed } from './prompt';
import { buildRequest } from './request';
import { Requests } from './requests';
import { describeShortcomings, describeUnread } from './shortcomings';
import { StrictTools } from './strictTools';
import { type StructuredResult, runStructuredLoop } from './structuredLoop';
import { type LoopResult, runToolLoop } from './toolLoop';
import { Toolbox } from './toolbox';
import { unanswered } from './unanswered';

const TOO_MUCH_KEPT =
	"'Retry On Fail' is on, and there are too many answers to keep: if n8n repeats the node, it asks for some of them again, and they are billed again. Leave it off for so many items, or split them with Loop Over Items";

/** As many as n8n's AI Agent. */
const DEFAULT_MAX_TOOL_ITERATIONS = 10;

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
	connection: Connection,
): Promise<OutputItem[][]> {
	const { client, findViolations, toJsonSchema, signal } = connection;
	const [first] = items;
	const parameters = readParameters(this, first);
	const placement = readPlacement(this, first);
	const { timeout, maxRetries, maxRepairs, ...limits } = readRequestOptions(this, first);
	const incoming = this.getInputData();
	const withCalls = parameters.inputType === 'items' ? incomingWithCalls(this) : undefined;
	const isListenedTo = ChunkSender.isListenedTo(this);
	const strict = new StrictTools(parameters.tools, connection);
	// a tool node may hang while it connects, as an MCP client does
	const supplied = hasConnectedTools(this)
		? await untilAborted(readConnectedTools(this, first, toJsonSchema), signal)
		: new Toolbox([]);
	const toolbox = limits.strictTools ? strict.bind(supplied) : supplied;
	const attachments = hasAttachments(parameters)
		? await untilAborted(readAttachments(this, items, parameters), signal)
		: undefined;
	const mcpServer = await readMcpServer(this, first, parameters);
	const { request: ownRequest, problems } = buildRequest(
		parameters,
		items.map((index) => ({
			json: withCalls?.[index] ?? incoming[index].json,
			index,
			attachments: attachments?.get(index),
		})),
		{ findViolations, isListenedTo, tools: toolbox.tools, mcpServer },
	);
	const tries = earlierTries(this);
	const hints = describeFixed(this, parameters.inputType === 'text');
	const planKey = `plan of ${first}`;
	const wanted = await wantedOutput(parameters, ownRequest, connection, {
		maxRepairs,
		known: tries?.recall(planKey),
		report: (problem) => problems.push(problem),
		hint: (words) => hints.push(words),
	});
	if (problems.length > 0) throw invalidFields(this.getNode(), problems);
	if (wanted) tries?.keep(planKey, wanted.start);
	const isCarried = parameters.inputType === 'items' && parameters.itemsAre === 'answers';
	// that of a database may hang, too
	const memory = hasMemory(this)
		? await untilAborted(Memory.of(this, first, { isCarried, tries }), signal)
		: undefined;
	const request = memory?.before(ownRequest) ?? ownRequest;

	const { simplify, separateToolCalls, options } = parameters;
	const isLive = isListenedTo && request.stream === true;
	if (isLive) chat.begin();
	const isJsonHidden = wanted !== undefined && asScalar(options.showJson) !== true;
	const requests = new Requests(this, client, {
		call: {
			timeout,
			maxRetries,
			signal,
			affinity: affinityOf(request.model, options.sessionId),
			hidden: mcpServer && [mcpServer.token],
			isUnreadKept: toolbox.tools.length > 0,
		},
		chat: isLive ? chat : undefined,
		isShown: (round) => !isJsonHidden || !wanted.isAskedBy(round),
		simplify,
		hints,
		read: (response) => strict.read(response),
	});
	const { create } = requests;
	const loop = {
		...(tries ? withoutRepetition(tries, first, { create, toolbox }) : { create, toolbox }),
		maxIterations: limits.maxToolIterations ?? DEFAULT_MAX_TOOL_ITERATIONS,
		concurrency: limits.maxConcurrentRequests ?? DEFAULT_CONCURRENCY,
		sendPictures: limits.sendToolPictures,
		timeout,
		signal,
	};
	const answering: Promise<LoopResult & Partial<StructuredResult>> = wanted
		? runStructuredLoop(request, loop, wanted)
		: runToolLoop(request, loop);
	const isFirst = isFirstVersion(this);
	const result = await answering.catch((error: unknown) => {
		if (isGradientApiError(error) && error.details.partial) {
			const { partial } = error.details;
			error.details.partial = toPartialJson(partial, isFirst) as unknown as PartialResponse;
		}
		throw error;
	});
	if (tries?.isFull) hint(TOO_MUCH_KEPT);
	if (result.failure) throw unanswered(this, loop.maxIterations, result);

	if (result.response.callAsText !== undefined) requests.sayUnheard(result.response.text);
	if (result.unreadCall !== undefined) hints.push(describeUnread(result.unreadCall));
	await memory?.save(result, request.input).catch((error: unknown) => {
		hints.push(`The answer is not in the memory: ${String((error as Error).message)}`);
	});
	hints.push(
		...(result.notes ?? []),
		...describeUnsent(incoming[first]?.binary, request),
		...describeShortcomings(result.response),
	);
	const kept = keptOfItems(this, items, placement);
	const answer = toOutputJson(result, {
		simplify,
		isFirstVersion: isFirst,
		isTool: isUsedAsTool(this),
		hasTools: toolbox.tools.length > 0,
		mayCall: offersFunctions(request),
		mayReason: isObject(request.reasoning),
		hasConversation: isFirst || placement.includes.conversation,
		searches: requests.searches,
		serverToolCalls: requests.serverToolCalls,
		output: result.output,
	});
	const output = [placeAnswer(answer, kept, placement, (words) => hints.push(words))];
	new Set(hints).forEach(hint);
	if (!separateToolCalls) return [output];
	return [output, toToolCallJson(result, isFirst).map((call) => placeCall(call, kept))];
}

/** Whether the model may answer with a call of a function. */
const offersFunctions = ({ tools }: ResponseRequest) =>
	Array.isArray(tools) && tools.some((tool) => isObject(tool) && tool.type === 'function');
