/** What the scripted model answers: a call of the calculator in each round, and a text in the last. */
import type { IDataObject } from 'n8n-workflow';

import { functionCall, message, responseOf } from '../../../test/support/responses.js';

/** As the node of the tool is called, and so the tool. */
export const TOOL = 'Calculator';
export const ROUNDS = 5;

/** What the agent is to answer in the end. */
export const FINAL_TEXT = 'Together, the four rooms have **110** square metres.';

const sumOf = (round: number) => `${round} * 11`;
const resultOf = (round: number) => String(round * 11);

/** Of a round but the last. */
export const callOf = (round: number) => ({
	id: `call_${round}`,
	args: JSON.stringify({ input: sumOf(round) }),
});

interface Request {
	/** Of `POST /v1/responses`. */
	input?: unknown;
	/** Of `POST /v1/chat/completions`. */
	messages?: Array<{ role: string; content?: unknown }>;
	tools?: unknown[];
}

/**
 * The answer to a request, by nothing but what stands in it.
 * @throws Error, if it offers no tool, or the last call has not given what the calculator gives
 */
export function answerTo({ input, messages, tools = [] }: Request): string {
	if (tools.length !== 1) throw new Error(`${tools.length} tools were offered`);
	const results = messages
		? messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
		: (Array.isArray(input) ? (input as IDataObject[]) : [])
				.filter(({ type }) => type === 'function_call_output')
				.map(({ output }) => output);
	const last = JSON.stringify(results.at(-1) ?? '');
	if (results.length > 0 && !last.includes(resultOf(results.length))) {
		throw new Error(`${sumOf(results.length)} has given ${last}`);
	}
	return (messages ? COMPLETIONS : RESPONSES)[results.length];
}

/** Counted from 1; the last one is the text. */
const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1);

const RESPONSES = rounds.map((round) => {
	const { id, args } = callOf(round);
	// LangChain (1.4) cannot read a text without annotations
	const content = [{ type: 'output_text', text: FINAL_TEXT, annotations: [] }];
	const item = round < ROUNDS ? functionCall(TOOL, args, id) : message(FINAL_TEXT, { content });
	return JSON.stringify(responseOf([item]));
});

const COMPLETIONS = rounds.map((round) => {
	const { id, args } = callOf(round);
	const call = { id, type: 'function', function: { name: TOOL, arguments: args } };
	const isLast = round === ROUNDS;
	return JSON.stringify({
		id: 'chatcmpl-1f2e3d4c5b6a7988',
		object: 'chat.completion',
		created: 1795290338,
		model: 'bench',
		choices: [
			{
				index: 0,
				finish_reason: isLast ? 'stop' : 'tool_calls',
				message: isLast
					? { role: 'assistant', content: FINAL_TEXT, refusal: null }
					: { role: 'assistant', content: null, tool_calls: [call], refusal: null },
			},
		],
		usage: { prompt_tokens: 72, completion_tokens: 35, total_tokens: 107 },
	});
});
