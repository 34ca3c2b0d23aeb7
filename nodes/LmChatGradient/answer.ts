import type { FinishReason, GenerateResult, MessageContent, TokenUsage } from '@n8n/ai-node-sdk';

import type { GradientResponse, InputItem, Usage } from '../shared/client';
import { GradientApiError } from '../shared/client/errors';
import { isObject, parseJson } from '../shared/client/json';
import { CallIds } from '../shared/client/response/callIds';

type ToolCallContent = Extract<MessageContent, { type: 'tool-call' }>;

/**
 * A response in the SDK's terms.
 * @param input what was asked: its calls keep their ids for themselves
 * @throws GradientApiError `answer`, if the arguments of a call cannot be read
 */
export function toResult(response: GradientResponse, input: InputItem[]): GenerateResult {
	const ids = new CallIds(input.map(callIdOf));
	return {
		id: response.id || undefined,
		finishReason: finishReason(response),
		usage: toUsage(response.usage),
		message: {
			role: 'assistant',
			content: response.outputAsInput.flatMap(
				(item): MessageContent[] => toContent(item, response, ids) ?? [],
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
	ids: CallIds,
): MessageContent[] | undefined {
	if (item.type === 'function_call') return [toToolCall(item, response, ids)];
	if (item.type === 'reasoning') {
		const parts = item.content?.length ? item.content : (item.summary ?? []);
		const text = parts.map((part) => part.text ?? '').join('');
		return [{ type: 'reasoning', text, providerMetadata: { item } }];
	}
	return 'content' in item && typeof item.content === 'string'
		? [{ type: 'text', text: item.content }]
		: undefined;
}

/**
 * The SDK (0.31) calls a tool with {} where its arguments are not JSON, and LangChain with as much as it
 * can read of them: a tool that sends or deletes should rather not run.
 */
function toToolCall(
	item: Extract<InputItem, { type: 'function_call' }>,
	response: GradientResponse,
	ids: CallIds,
): ToolCallContent {
	const { name } = item;
	// some models send nothing or null where there is nothing to give
	const input = /^\s*(null\s*)?$/.test(item.arguments) ? '{}' : item.arguments;
	if (!isObject(parseJson(input))) throw unreadableCall(name, input, response);
	return { type: 'tool-call', toolCallId: ids.own(item.call_id), toolName: name, input };
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

/** A Map: a server may give `constructor` as its reason. */
const FINISH_REASONS = new Map<string | null, FinishReason>([
	['stop', 'stop'],
	['length', 'length'],
	['tool_calls', 'tool-calls'],
	['content_filter', 'content-filter'],
]);

export const finishReason = ({ finishReason: said }: GradientResponse): FinishReason =>
	FINISH_REASONS.get(said) ?? 'other';

/** undefined where the API does not say: n8n then shows an estimate. */
export function toUsage(usage: Usage): TokenUsage | undefined {
	const { input_tokens, output_tokens, total_tokens, cached_tokens, reasoning_tokens } = usage;
	if (total_tokens === null) return undefined;
	return {
		promptTokens: input_tokens ?? 0,
		completionTokens: output_tokens ?? 0,
		totalTokens: total_tokens,
		...(cached_tokens !== null && { inputTokenDetails: { cacheRead: cached_tokens } }),
		...(reasoning_tokens !== null && { outputTokenDetails: { reasoning: reasoning_tokens } }),
	};
}
