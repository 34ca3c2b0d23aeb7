import type { JsonObject } from '../json';
import { inputItems } from '../response/conversation';
import { fitHistory } from '../response/history';
import type { GradientResponse } from '../response/response';
import type { InputItem, ResponseRequest } from '../schema/request';

/** Characters of a schema that the model is told in words. */
const TOLD_SCHEMA = 10_000;

/**
 * An answer whose value is known, with the JSON for its text and without the call that gave it.
 * @param name of the function that takes it
 */
export function asText(response: GradientResponse, name: string, value: unknown): GradientResponse {
	if (!response.toolCalls.some((one) => one.name === name)) return response;
	const text = JSON.stringify(value);
	const others = response.toolCalls.filter((one) => one.name !== name);
	const said: InputItem = { type: 'message', role: 'assistant', content: text };
	const isOther = (item: InputItem) =>
		item.type === 'function_call' ? item.name !== name : item.type !== 'reasoning';
	return {
		...response,
		text,
		toolCalls: others,
		finishReason: others.length > 0 ? response.finishReason : 'stop',
		outputAsInput: [...response.outputAsInput.filter(isOther), said],
	};
}

interface Repair {
	problems: string[];
	/** The value came as a call: what is wrong with it is the result of that. */
	isCalled: boolean;
	schema?: JsonObject;
}

/** The request with the answer, and with what is wrong with it. */
export function repaired(
	request: ResponseRequest,
	response: GradientResponse,
	{ problems, isCalled, schema }: Repair,
): ResponseRequest {
	const words = `The answer does not fit: ${problems.join('; ')}. Give the whole answer again`;
	const how = isCalled ? words : `${words}, as JSON and nothing else${inWords(schema)}`;
	const told: InputItem[] = isCalled
		? response.toolCalls.map(({ call_id }) => ({
				type: 'function_call_output',
				call_id,
				output: `Error: ${how}`,
			}))
		: [{ type: 'message', role: 'user', content: how }];
	const said = fitHistory([...response.outputAsInput, ...told], { isContinued: true });
	return { ...request, input: [...inputItems(request.input), ...said] };
}

/** A server that binds nothing does not show the model the schema either. */
function inWords(schema: JsonObject | undefined): string {
	const text = schema && JSON.stringify(schema);
	return text && text.length <= TOLD_SCHEMA ? `. It must fit this JSON Schema: ${text}` : '';
}
