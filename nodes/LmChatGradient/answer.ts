import type { FinishReason, GenerateResult, MessageContent, TokenUsage } from '@n8n/ai-node-sdk';

import type { GradientResponse, InputItem, Usage } from '../shared/client';
import { thoughtOf } from '../shared/client/response/outputItems';
import { isCommentary } from '../shared/client/response/said';
import { withoutLeadingLines } from '../shared/client/response/thinkTags';
import type { Answer } from './calls/secondTry';
import type { NamedTool } from './tools';

/**
 * An answer in the SDK's terms: what it says, and the calls that n8n can run.
 * @param tools by their names the calls go back to n8n
 */
export function toResult(
	{ response, items, calls, usage }: Pick<Answer, 'response' | 'items' | 'calls' | 'usage'>,
	tools: NamedTool[] = [],
): GenerateResult {
	const ids = new Set(calls.map(({ call_id }) => call_id));
	return {
		id: response.id || undefined,
		finishReason: finishReason(response),
		usage: toUsage(usage),
		message: {
			role: 'assistant',
			content: beginWithFirstLine(
				items.flatMap((item): MessageContent[] => toContent(item, response, ids, tools) ?? []),
			),
		},
		providerMetadata: {
			id: response.id,
			...(response.route && { route: response.route }),
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
	ids: ReadonlySet<string>,
	tools: NamedTool[],
): MessageContent[] | undefined {
	if (item.type === 'function_call') {
		if (!ids.has(item.call_id)) return undefined;
		const { call_id: toolCallId, arguments: input } = item;
		const tool = tools.find(({ definition }) => definition.name === item.name);
		return [{ type: 'tool-call', toolCallId, toolName: tool?.name ?? item.name, input }];
	}
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

/** All that it says. */
export const textOf = ({ message }: GenerateResult): string =>
	message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** The empty lines that models put between thinking and answering are part of neither. */
function beginWithFirstLine(content: MessageContent[]): MessageContent[] {
	const first = content.find((one) => one.type === 'text');
	return content.flatMap((one) => {
		if (one.type !== 'text' || one !== first) return [one];
		const text = withoutLeadingLines(one.text);
		return text ? [{ ...one, text }] : [];
	});
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
