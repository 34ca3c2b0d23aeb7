/** What a model said, fit to be looked at. */
import type { GradientResponse } from './client';

/** In one line. */
export const lineOf = (text: string) => text.replace(/\s+/g, ' ').trim();

export function quoted(text: string): string {
	const line = lineOf(text);
	if (line === '') return 'empty';
	return line.length <= 60 ? `"${line}"` : `"${line.slice(0, 60)}…"`;
}

/**
 * The text without what the model thought: a server without a reasoning parser leaves that in the text,
 * and it tells what was asked for.
 */
export function answerText({ text }: GradientResponse): string {
	const [, ...afterThinking] = text.split('</think>');
	if (afterThinking.length > 0) return afterThinking.join('</think>');
	return text.replace(/<think>[^]*$/, '');
}

/** Where the model's thinking is, in words; undefined where there is none. */
export function reasoningPlace(response: GradientResponse): string | undefined {
	// the nodes take it out of the text, so it is looked for in what came
	if (/<\/?think>/.test(JSON.stringify(response.body))) {
		return 'in the text, between <think> tags: the server has no reasoning parser for this model';
	}
	if (response.reasoning) return 'in items of its own';
	return (response.usage.reasoning_tokens ?? 0) > 0
		? 'not told, but its tokens are counted'
		: undefined;
}

/** In words; undefined where there is text, or a call instead. */
export function lackOfText(response: GradientResponse): string | undefined {
	if (answerText(response).trim() !== '' || response.toolCalls.length > 0) return undefined;
	return reasoningPlace(response) ? 'no text, only what the model thinks' : 'no text';
}
