import type { GradientResponse, Usage } from '../../shared/client';
import { GradientApiError, type PartialResponse } from '../../shared/client/errors';
import { type UnreadCall, type WrongCall, shortened } from './calls';

const RAISE_LIMIT = "Raise 'Max Output Tokens' in 'Options'";
const TRY_AGAIN = "Try again, or choose another 'Model'";

/** Why n8n cannot go on with a call. */
export type Fault = WrongCall | UnreadCall;

/** What is wrong with a call. Not what is in it: it also stands in the log of the server. */
export function faultOf(wrong: Fault): string {
	if ('text' in wrong)
		return 'The model wrote its tool call as text, which could not be read as a call';
	const { call, fault } = wrong;
	const { name } = call;
	return {
		cut: `The answer was cut off within the call of '${shortened(name)}', so the tool was not run`,
		name: `The model called '${shortened(name)}', which is none of its tools`,
		arguments: `The model called '${shortened(name)}' with arguments that are not a JSON object`,
	}[fault];
}

/** @param faults of the second answer: the model was told what was wrong with the first */
export function unusable([wrong]: Fault[], response: GradientResponse, usage: Usage) {
	const fault = 'text' in wrong ? ofUnread(response) : wrong.fault;
	const advice = {
		cut: RAISE_LIMIT,
		name: "Choose another 'Model', or say in the prompt which tools there are",
		arguments: TRY_AGAIN,
		text: TRY_AGAIN,
	}[fault];
	const shown =
		'call' in wrong && fault === 'arguments' ? `: ${shortened(wrong.call.arguments)}` : '';
	return failure(
		`${faultOf(wrong)}${shown}, also when it was asked again. ${advice}`,
		response,
		usage,
	);
}

const ofUnread = (response: GradientResponse) => (isUsedUp(response) ? 'cut' : 'text');

const isUsedUp = ({ finishReason, mayBeCut }: GradientResponse) =>
	finishReason === 'length' || mayBeCut === true;

/** @param response with neither text nor a call */
export function nothingSaid(response: GradientResponse, usage: Usage) {
	const { finishReason, reasoning } = response;
	if (isUsedUp(response)) {
		const how = reasoning
			? 'spent all its output tokens on reasoning'
			: 'used up its output tokens';
		return failure(`The model ${how} and wrote no answer. ${RAISE_LIMIT}`, response, usage);
	}
	if (finishReason === 'content_filter') {
		return failure('A content filter stopped the answer before it began', response, usage);
	}
	return failure(
		reasoning
			? "The model only reasoned and wrote no answer. Lower 'Reasoning Effort' in 'Options', or choose another 'Model'"
			: "The model answered with nothing. Try again, or choose another 'Model'",
		response,
		usage,
	);
}

/**
 * The agent's way to structured output, while it streams: n8n (2.41) drops this call, and asks the same again until
 * its limit of iterations.
 */
export const droppedByStream = (response: GradientResponse, usage: Usage) =>
	failure(
		"n8n's agent loses the output for its Output Parser while it streams. Turn off 'Enable Streaming' in the options of the agent",
		response,
		usage,
	);

const failure = (message: string, response: GradientResponse, usage: Usage) =>
	new GradientApiError(message, { kind: 'answer', partial: partialOf(response, usage) });

export const partialOf = (
	{ id, text, reasoning, toolCalls }: GradientResponse,
	usage: Usage,
): PartialResponse => ({ id, text, reasoning, tool_calls: toolCalls, usage });

/** What a reader of n8n's log should know of an answer that is good enough to go on; undefined: nothing. */
export function shortcomingOf(response: GradientResponse): string | undefined {
	const { finishReason, incompleteReason } = response;
	if (finishReason === 'length' || incompleteReason === 'max_output_tokens') {
		return `The answer is cut off, because it reached the limit of output tokens. ${RAISE_LIMIT}`;
	}
	if (finishReason === 'content_filter') {
		return 'The answer is cut off, because a content filter stopped it';
	}
	if (response.mayBeCut) {
		return `The answer may be cut off: it is as long as 'Max Output Tokens' allows, and this server does not tell. ${RAISE_LIMIT}`;
	}
	if (response.status === 'incomplete') {
		return `The answer is incomplete${incompleteReason ? `: ${incompleteReason}` : ''}`;
	}
	return undefined;
}
