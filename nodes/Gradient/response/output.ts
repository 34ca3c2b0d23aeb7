import type { IDataObject } from 'n8n-workflow';

import type { GradientResponse, InputItem, ResponseRequest } from '../client';

/**
 * The response as the JSON of an n8n item.
 * Simplified: ten keys of the API's own names, always all there. Otherwise the body as it came.
 */
export function toOutputJson(
	response: GradientResponse,
	request: ResponseRequest,
	simplify: boolean,
): IDataObject {
	if (!simplify) return withoutError(response.body);
	return {
		text: response.text,
		tool_calls: response.toolCalls,
		reasoning: response.reasoning,
		finish_reason: response.finishReason,
		status: response.status,
		usage: response.usage,
		id: response.id,
		model: response.model,
		created: response.created,
		conversation: [...asItems(request.input), ...response.outputAsInput],
	} as unknown as IDataObject;
}

/**
 * `error: null`, which vLLM sends with every response, would make n8n up to 2.15 repeat the call
 * where 'Retry On Fail' is on: it takes any `error` on an item for a failure.
 */
function withoutError(body: GradientResponse['body']): IDataObject {
	const json = { ...body } as IDataObject;
	delete json.error;
	return json;
}

const asItems = (input: ResponseRequest['input']): InputItem[] =>
	typeof input === 'string' ? [{ role: 'user', content: input }] : input;

/** What the user should know about an answer although it is no failure; undefined: nothing. */
export function describeShortcoming(response: GradientResponse): string | undefined {
	if (response.refusal) return `The model refused to answer: ${response.refusal}`;
	if (response.finishReason === 'length') {
		return response.text === '' && response.reasoning
			? "The model spent all its output tokens on reasoning and wrote no answer. Raise 'Max Output Tokens' in 'Options'"
			: "The answer is cut off, because it reached the limit of output tokens. Raise 'Max Output Tokens' in 'Options'";
	}
	if (response.finishReason === 'content_filter') {
		return 'The answer is cut off, because a content filter stopped it';
	}
	return undefined;
}
