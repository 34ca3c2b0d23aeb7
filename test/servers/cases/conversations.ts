/** Six turns: what `conversation` holds, or the agent's memory, is the next request's input. */
import type { IDataObject } from 'n8n-workflow';

import { startWithTools } from '../../support/toolNodes';
import type { ServerBench } from '../support/bench';
import type { Case, Group, Way } from '../support/case';
import { converse } from '../support/chatModel';
import { LISTENED, conversationOf, formOf, outcomeOf } from '../support/gradientNode';
import type { Outcome } from '../support/outcome';
import type { Question } from '../support/question';
import { weatherTool } from '../support/tools';
import { AFTER, TEXT, YES, asksFor, says, thinks, user } from './words';

/** Each turn is an execution of its own, as in a chat. */
async function turnsOfGradient(
	bench: ServerBench,
	question: Omit<Question, 'prompt'>,
	prompts: string[],
	streamed: boolean,
): Promise<Outcome> {
	const ran: string[] = [];
	const said: string[] = [];
	let conversation: IDataObject[] = [];
	let outcome: Outcome | undefined;
	for (const prompt of prompts) {
		const message = [
			{ type: 'conversation', conversation: '={{ $json.conversation }}' },
			{ type: 'message', role: 'user', content: prompt },
		];
		const form = { inputType: 'messages', messages: { message } };
		const run = startWithTools(bench, formOf(bench, { ...question, prompt, form }, streamed), {
			tools: { Weather: () => weatherTool(ran) },
			items: [{ conversation }],
			...(streamed && LISTENED),
		});
		outcome = await outcomeOf(run);
		if (outcome.error) break;
		said.push(outcome.said ?? '');
		conversation = await conversationOf(run);
	}
	if (!outcome) throw new Error('A conversation has turns');
	return { ...outcome, ran, said: streamed ? said.join(' ') : null, requests: bench.requests };
}

const sixTurns =
	(prompts: string[], question: Omit<Question, 'prompt'> = {}) =>
	async (bench: ServerBench, { node, streamed }: Way) => {
		if (node === 'gradient') return await turnsOfGradient(bench, question, prompts, streamed);
		const [prompt] = prompts;
		return await converse(bench, { ...question, prompt, hasTool: true }, prompts, streamed);
	};

const SEEN = 'do you see [[one\ntwo]]';
const SEEN_THOUGHT = 'do you see [[It is sunny in Paris.]]';

const THINKING_TURN = [
	user('say think'),
	thinks('Okay, the user asks about Paris.'),
	says('It is sunny in Paris.'),
];
const THINKING_ROUND = [thinks('I should look up Athens.'), ...asksFor('Athens')];
const THINKING_END = [thinks('The tool has answered.'), says(AFTER)];

const cases: Case[] = [
	{
		name: '6 turns',
		run: sixTurns(['say hello', 'say lines', 'say call', 'say textcall', 'say unicode', SEEN]),
		expect: {
			steps: [
				user('say hello'),
				says(TEXT),
				user('say lines'),
				says('one\ntwo\nthree'),
				user('say call'),
				...asksFor('Paris'),
				says(AFTER),
				user('say textcall'),
				says('Let me look that up.'),
				...asksFor('Rome'),
				says(AFTER),
				user('say unicode'),
				...asksFor('北京 ☀'),
				says(AFTER),
				user(SEEN),
				says(YES),
			],
		},
	},
	{
		name: '6 turns with a model that thinks',
		run: sixTurns(
			[
				'say think',
				'say thinkcall',
				'say think',
				'say thinkcall 3 times',
				'say think',
				`think and say yes, ${SEEN_THOUGHT}`,
			],
			{ thinks: true },
		),
		expect: {
			steps: [
				...THINKING_TURN,
				user('say thinkcall'),
				...THINKING_ROUND,
				...THINKING_END,
				...THINKING_TURN,
				user('say thinkcall 3 times'),
				...THINKING_ROUND,
				...THINKING_ROUND,
				...THINKING_ROUND,
				...THINKING_END,
				...THINKING_TURN,
				user(`think and say yes, ${SEEN_THOUGHT}`),
				thinks('I know what to say.'),
				says(YES),
			],
		},
	},
];

export const conversations: Group = { name: 'conversations', cases };
