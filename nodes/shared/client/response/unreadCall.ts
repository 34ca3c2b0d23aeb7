import type { InputItem, ResponseRequest } from '../schema/request';
import { isCutShort } from './cutCalls';
import type { GradientResponse } from './response';

/**
 * What the model is told of a call that came as text and cannot be read as one. As the user says it: there is
 * no call that a result could answer, and not every template of a chat model takes a system message here.
 * @param response with `callAsText`
 */
export function toldOfUnread(response: GradientResponse, request: ResponseRequest): InputItem {
	const tools = (request.tools ?? []).flatMap(({ name }) => name ?? []).join(', ');
	const content = isCutShort(response, request)
		? 'Error: Your tool call was cut off by the limit of output tokens, so no tool was run. Call the tool again, and write less before and in the call'
		: `Error: Your tool call could not be read, so no tool was run. Call the tool again, by its name and with a JSON object as its arguments. The tools are: ${tools}`;
	return { type: 'message', role: 'user', content };
}
