import type { GradientResponse } from '../../shared/client';
import { MESSAGE_LIMIT } from '../../shared/client/limits';

/** Characters of a call that a hint quotes. */
const QUOTE_LIMIT = 200;

/** What the user should know about an answer although it is no failure. */
export function describeShortcomings(response: GradientResponse): string[] {
	const { callAsText, otherAnswers, status } = response;
	return [
		// the whole refusal is in the conversation
		response.refusal && `The model refused to answer: ${cut(response.refusal, MESSAGE_LIMIT)}`,
		describeCut(response),
		describeSilence(response),
		callAsText !== undefined &&
			`The model's tool call came as text: ${cut(callAsText, QUOTE_LIMIT)}. Neither the server nor this node could read it as a call: try again, or choose another 'Model'`,
		otherAnswers !== undefined &&
			`The API gave ${otherAnswers + 1} answers, of which the item has the first. Remove 'n' from 'Additional Fields (JSON)', or turn off 'Simplify'`,
		status !== null &&
			UNFINISHED.has(status) &&
			`The API says that the response is not finished (${status}), so the answer may not be whole`,
	].filter((hint) => typeof hint === 'string');
}

const UNFINISHED = new Set(['queued', 'in_progress', 'cancelled']);

function describeCut({ finishReason, text, reasoning, mayBeCut }: GradientResponse) {
	if (finishReason === 'length') {
		return text === '' && reasoning
			? "The model spent all its output tokens on reasoning and wrote no answer. Raise 'Max Output Tokens' in 'Options'"
			: "The answer is cut off, because it reached the limit of output tokens. Raise 'Max Output Tokens' in 'Options'";
	}
	if (finishReason === 'content_filter') {
		return 'The answer is cut off, because a content filter stopped it';
	}
	return (
		mayBeCut &&
		"The answer may be cut off: it is as long as 'Max Output Tokens' allows, and this server does not tell. Raise 'Max Output Tokens' in 'Options'"
	);
}

/** Complete, and yet nothing to read. vLLM takes all for reasoning that no `</think>` ends. */
function describeSilence(response: GradientResponse) {
	const { finishReason, text, refusal, reasoning, toolCalls, otherTypes, mayBeCut } = response;
	// then that is why
	if (finishReason !== 'stop' || mayBeCut) return undefined;
	if (text || refusal || toolCalls.length > 0) return undefined;
	if (reasoning) {
		return "The model wrote no answer, only reasoning: what it has to say may be in 'reasoning'. Set 'Reasoning Effort' in 'Options' to None";
	}
	return otherTypes
		? undefined
		: 'The model answered, but wrote nothing. Try again, or change the input';
}

/** Of an earlier round. @param call as the model wrote it */
export const describeUnread = (call: string) =>
	`The model wrote a tool call as text that could not be read as a call: ${cut(call, QUOTE_LIMIT)}. It was told so, and asked once more`;

/** Of any round: what the user should know about how an answer was read. */
export function describeReading(
	{ callsOfText, otherTypes, text }: GradientResponse,
	simplify: boolean,
): string[] {
	return [
		callsOfText &&
			"The model wrote a tool call as text, which the server did not make a call of. It was read as the call that it stands for. Where other calls get lost, choose another 'Model'",
		simplify &&
			otherTypes &&
			`The answer holds ${text ? '' : 'nothing but '}what a simplified item has no place for: ${otherTypes.join(', ')}. Turn off 'Simplify' to see it`,
	].filter((hint) => typeof hint === 'string');
}

/** A hint is a line or two. */
const cut = (text: string, limit: number) =>
	text.length > limit ? `${text.slice(0, limit)}…` : text;
