import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { isFirstVersion } from '../version';
import { toPartial } from './output';
import type { LoopResult } from './toolLoop';

/** The model has not come to an answer: all that was paid for is in the error. */
export function unanswered(context: IExecuteFunctions, maxIterations: number, result: LoopResult) {
	const { message, advice } =
		result.failure === 'cutCall' ? cutOff(result) : limitReached(maxIterations);
	const description = `${advice} What was done so far is in the error's data.`;
	const error = new NodeOperationError(context.getNode(), message, { description });
	const partial = toPartial(result, isFirstVersion(context)) as unknown as IDataObject;
	error.context.data = { partial };
	return error;
}

function limitReached(maxIterations: number) {
	const requests = maxIterations === 1 ? 'one request' : `${maxIterations} requests`;
	return {
		message: `The model still calls tools after ${requests}`,
		advice:
			"Raise 'Max Tool Iterations' in 'Request Options', or say in 'Instructions' when to stop.",
	};
}

function cutOff({ response, toolCalls }: LoopResult) {
	const name = toolCalls.at(-1)?.name ?? '';
	return response.incompleteReason === 'content_filter'
		? {
				message: `The call of '${name}' was cut off by a content filter, so the tool was not run`,
				advice: 'Ask in other words, or choose another model.',
			}
		: {
				message: `The call of '${name}' was cut off by the limit of output tokens, so the tool was not run. Raise 'Max Output Tokens'`,
				advice: "'Max Output Tokens' is in 'Options'. What the model thinks counts as output too.",
			};
}
