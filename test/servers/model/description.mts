/** All that make_model.py needs to know of the model, as JSON. */
import { readFileSync } from 'node:fs';

import { answers, type Script } from './scripts';
import { answersInTokens, cutIntoTokens, promptInTokens, TAGS } from './tokens';

/** In tokens: 2,000 of an answer, behind what n8n's agent and its parsers write, byte by byte. */
export const CONTEXT_LENGTH = 16_384;

/** How template.jinja ends a prompt, and how where the model was told not to think. */
const START = '<|im_start|>assistant\n';
const START_WITHOUT_THOUGHT = `${START}<think>\n\n</think>\n\n`;

export function describeModel(): string {
	const template = readFileSync(new URL('template.jinja', import.meta.url), 'utf8');
	const all = Object.entries(answers());
	const names = all.map(([name]) => name);
	return JSON.stringify({
		answers: answersInTokens(),
		starts: [START, START_WITHOUT_THOUGHT].map(promptInTokens),
		endless: Object.fromEntries(
			all.flatMap(([name, answer]) => (answer.endless ? [[name, beginning(answer)]] : [])),
		),
		tags: TAGS,
		template: template.replaceAll('ANSWER_NAMES', JSON.stringify(names)),
		context: CONTEXT_LENGTH,
	});
}

/** Behind the thought, if there is one: how many tokens come before what an endless answer repeats. */
function beginning({ text }: Script): number {
	const thought = text.split(/(?<=<\/think>\n\n)/).slice(0, -1);
	return thought.flatMap((part) => cutIntoTokens({ text: part }).tokens).length;
}
