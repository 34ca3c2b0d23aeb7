import type { GradientResponse, InputItem, ResponseRequest, ToolCall } from '../../shared/client';
import { type CallIds, fitCallId } from '../../shared/client/response/callIds';
import { cutCalls } from '../../shared/client/response/cutCalls';
import { answeredIds } from '../../shared/client/response/serverToolCalls';
import { offeredName } from '../../shared/client/response/toolName';

/** A call of an answer. */
export interface RoundCall {
	call: ToolCall;
	/** It was not written to its end, and must not be run. */
	isCut: boolean;
}

/**
 * The output of a response and its calls: under ids that the conversation does not have yet, and by the names of
 * the tools that the model means. Arguments are what it wrote.
 * @param ids those of the conversation; the new ones are added
 * @returns the output as a function, as most answers are not sent again
 */
export function readCalls(
	response: GradientResponse,
	request: ResponseRequest,
	ids: CallIds,
): { output(): InputItem[]; calls: RoundCall[] } {
	const offered = new Set((request.tools ?? []).flatMap(({ name }) => name ?? []));
	const isCut = cutCalls(response, request);
	const calls = response.toolCalls.map((call, index): RoundCall => {
		const call_id = ids.take(fitCallId(call.call_id));
		const named = { ...call, call_id, name: offeredName(call.name, offered) };
		const cut = { ...named, arguments_error: CUT_ARGUMENTS };
		return isCut[index] ? { call: cut, isCut: true } : { call: named, isCut: false };
	});
	const output = () => {
		const answered = answeredIds(response.outputAsInput);
		let index = 0;
		return response.outputAsInput.map((item): InputItem => {
			// what the server has run is no call any more
			if (item.type !== 'function_call' || answered.has(item.call_id)) return item;
			const { call_id, name } = calls[index++].call;
			return { ...item, call_id, name };
		});
	};
	return { output, calls };
}

const CUT_ARGUMENTS =
	"The call was cut off by the limit of output tokens, and was not run. Raise 'Max Output Tokens'";
