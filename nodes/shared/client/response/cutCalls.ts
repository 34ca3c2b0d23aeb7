import type { ResponseRequest } from '../schema/request';
import type { GradientResponse } from './response';
import { answeredIds } from './serverToolCalls';

/**
 * Which calls of an answer were not written to their end: the last one, where the answer ended by its limit
 * or was stopped, and those that say so themselves. Such a call must not be run: vLLM 0.32 streams it as
 * `completed`, with `{}` or the cut text for arguments.
 * @returns for each of the response's `toolCalls`
 */
export function cutCalls(
	response: GradientResponse,
	request: Pick<ResponseRequest, 'max_output_tokens' | 'max_tokens'>,
): boolean[] {
	if (response.toolCalls.length === 0) return [];
	const answered = answeredIds(response.outputAsInput);
	const items = response.outputAsInput.filter(
		(item) => item.type === 'function_call' && !answered.has(item.call_id),
	);
	const hasEnded = isCutShort(response, request);
	return response.toolCalls.map(
		(_, index) =>
			items[index]?.status === 'incomplete' ||
			(hasEnded && index === response.toolCalls.length - 1),
	);
}

/**
 * Whether an answer ended before the model had come to its end. llama-server says `completed` also where the
 * limit ended it: there only the tokens tell.
 */
export function isCutShort(
	{ status, finishReason, usage }: GradientResponse,
	{ max_output_tokens, max_tokens }: Pick<ResponseRequest, 'max_output_tokens' | 'max_tokens'>,
): boolean {
	if (status === 'incomplete') return true;
	if (finishReason === 'length' || finishReason === 'content_filter') return true;
	const limit = max_output_tokens ?? max_tokens;
	return typeof limit === 'number' && (usage.output_tokens ?? 0) >= limit && limit > 0;
}
