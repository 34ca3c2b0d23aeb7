import { GradientApiError, isGradientApiError } from '../errors';
import { MESSAGE_LIMIT } from '../limits';
import type { GradientResponse } from '../response/response';
import { type Usage, addUsage } from '../response/usage';

const failure = (message: string, response: GradientResponse, usage: Usage) => {
	const { id, text, reasoning, toolCalls: tool_calls } = response;
	const partial = { id, text, reasoning, tool_calls, usage };
	return new GradientApiError(message, { kind: 'output', partial });
};

/** @param asked how often, with the same or other words */
export function misfit(
	problems: string[],
	{ response, usage, asked }: { response: GradientResponse; usage: Usage; asked: number },
) {
	const again = asked > 1 ? `, also when it was asked again` : '';
	return failure(`The answer does not fit${again}: ${problems.join('; ')}`, response, usage);
}

export const refused = (response: GradientResponse, usage: Usage) =>
	failure(
		`The model refused to answer: ${(response.refusal ?? '').slice(0, MESSAGE_LIMIT)}`,
		response,
		usage,
	);

export function cutOff(response: GradientResponse, usage: Usage) {
	const what = response.text || response.toolCalls.length > 0 ? 'its JSON was whole' : 'any of it';
	return response.finishReason === 'content_filter'
		? failure(`A content filter stopped the answer before ${what}`, response, usage)
		: failure(
				`The answer was cut off by the limit of output tokens before ${what}. Raise 'Max Output Tokens'`,
				response,
				usage,
			);
}

/** What went before is paid for, whatever comes after. */
export function withPaid(error: unknown, usage: Usage) {
	if (!isGradientApiError(error)) return error;
	const { partial } = error.details;
	const nothing = { id: '', text: '', reasoning: null, tool_calls: [] };
	error.details.partial = {
		...(partial ?? nothing),
		usage: partial ? addUsage(usage, partial.usage) : usage,
	};
	return error;
}
