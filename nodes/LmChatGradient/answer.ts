import type { FinishReason, GenerateResult, MessageContent, TokenUsage } from '@n8n/ai-node-sdk';

import type { GradientResponse, InputItem, Usage } from '../shared/client';
import { GradientApiError } from '../shared/client/errors';
import { isObject, parseJson } from '../shared/client/json';
import { thoughtOf } from '../shared/client/response/outputItems';
import { isCommentary } from '../shared/client/response/said';
import { withoutLeadingLines } from '../shared/client/response/thinkTags';

type ToolCallContent = Extract<MessageContent, { type: 'tool-call' }>;

/**
 * A response in the SDK's terms.
 * @param input what was asked: its calls keep their ids for themselves
 * @throws GradientApiError `answer`, if the arguments of a call cannot be read
 */
export function toResult(response: GradientResponse, input: InputItem[]): GenerateResult {
	const usedIds = new Set(input.map(callIdOf));
	return {
		id: response.id || undefined,
		finishReason: finishReason(response),
		usage: toUsage(response.usage),
		message: {
			role: 'assistant',
			content: beginWithFirstLine(
				response.outputAsInput.flatMap(
					(item): MessageContent[] => toContent(item, response, usedIds) ?? [],
				),
			),
		},
		providerMetadata: {
			id: response.id,
			finish_reason: response.finishReason,
			status: response.status,
			...(response.incompleteReason && { incomplete_reason: response.incompleteReason }),
		},
		rawResponse: response.body,
	};
}

function toContent(
	item: InputItem,
	response: GradientResponse,
	usedIds: Set<string | undefined>,
): MessageContent[] | undefined {
	if (item.type === 'function_call') return [toToolCall(item, response, usedIds)];
	if (item.type === 'reasoning') {
		const text = thoughtOf(item as Parameters<typeof thoughtOf>[0]);
		return [{ type: 'reasoning', text, providerMetadata: { item } }];
	}
	// a parser that reads the answer wants nothing before it; a chat has heard it while it came
	if (response.commentary !== undefined && isCommentary(item)) return undefined;
	return 'content' in item && typeof item.content === 'string'
		? [{ type: 'text', text: item.content }]
		: undefined;
}

/** The empty lines that models put between thinking and answering are part of neither. */
function beginWithFirstLine(content: MessageContent[]): MessageContent[] {
	const first = content.find((one) => one.type === 'text');
	return content.flatMap((one) => {
		if (one.type !== 'text' || one !== first) return [one];
		const text = withoutLeadingLines(one.text);
		return text ? [{ ...one, text }] : [];
	});
}

/**
 * The SDK (0.31) calls a tool with {} where its arguments are not JSON, and LangChain with as much as it
 * can read of them: a tool that sends or deletes should rather not run.
 */
function toToolCall(
	item: Extract<InputItem, { type: 'function_call' }>,
	response: GradientResponse,
	usedIds: Set<string | undefined>,
): ToolCallContent {
	const { name } = item;
	// some models send nothing or null where there is nothing to give
	const input = /^\s*(null\s*)?$/.test(item.arguments) ? '{}' : item.arguments;
	if (!isObject(parseJson(input))) throw unreadableCall(name, input, response);
	return { type: 'tool-call', toolCallId: ownId(item.call_id, usedIds), toolName: name, input };
}

/** Some servers number calls anew in each response; n8n's agent takes two calls of one id for one. */
function ownId(id: string, usedIds: Set<string | undefined>): string {
	let own = id;
	for (let count = 2; usedIds.has(own); count++) own = `${id}_${count}`;
	usedIds.add(own);
	return own;
}

const callIdOf = (item: InputItem) => (item.type === 'function_call' ? item.call_id : undefined);

function unreadableCall(name: string, args: string, response: GradientResponse) {
	const { id, text, reasoning, toolCalls, usage } = response;
	const shown = args.length > 200 ? `${args.slice(0, 200)}…` : args;
	const why =
		response.finishReason === 'length'
			? "The answer was cut off: raise 'Max Output Tokens'"
			: 'Try again, or choose another model';
	return new GradientApiError(
		`The model called '${name}' with arguments that are not a JSON object: ${shown}. ${why}`,
		{ kind: 'answer', partial: { id, text, reasoning, tool_calls: toolCalls, usage } },
	);
}

const FINISH_REASONS: Record<string, FinishReason> = {
	stop: 'stop',
	length: 'length',
	tool_calls: 'tool-calls',
	content_filter: 'content-filter',
};

export const finishReason = ({ finishReason: said }: GradientResponse): FinishReason =>
	FINISH_REASONS[said ?? ''] ?? 'other';

/** undefined where the API does not say: n8n then shows an estimate. */
export function toUsage(usage: Usage): TokenUsage | undefined {
	const { input_tokens, output_tokens, total_tokens, cached_tokens, reasoning_tokens } = usage;
	const { cache_write_tokens: cacheWrites } = usage;
	if (total_tokens === null) return undefined;
	return {
		promptTokens: input_tokens ?? 0,
		completionTokens: output_tokens ?? 0,
		totalTokens: total_tokens,
		...(cached_tokens !== null && { inputTokenDetails: { cacheRead: cached_tokens } }),
		// the SDK (0.31) has no name of its own for them
		...(cacheWrites !== null && { additionalMetadata: { cacheWrite: cacheWrites } }),
		...(reasoning_tokens !== null && { outputTokenDetails: { reasoning: reasoning_tokens } }),
	};
}
