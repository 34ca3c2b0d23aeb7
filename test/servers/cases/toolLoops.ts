/** Rounds of tools: what the model wrote and what the tool said goes back each time. */
import type { Case, Group } from '../support/case';
import { ask } from '../support/question';
import { AFTER, asksFor, says, thinks, user } from './words';

const times = <T>(count: number, steps: T[]) => Array.from({ length: count }, () => steps).flat();

const rounds = (count: number): Case => {
	const prompt = `say call ${count} times`;
	return {
		name: count === 1 ? 'one round' : `${count} rounds`,
		run: ask({ prompt, hasTool: true }),
		expect: {
			steps: [user(prompt), ...times(count, asksFor('Paris')), says(AFTER)],
			requests: count + 1,
		},
	};
};

const THINKING = 'say thinkcall 3 times';

export const toolLoops: Group = {
	name: 'tool loops',
	cases: [
		...[1, 3, 10].map(rounds),
		{
			name: '3 rounds of a model that thinks',
			run: ask({ prompt: THINKING, hasTool: true, thinks: true }),
			expect: {
				steps: [
					user(THINKING),
					...times(3, [thinks('I should look up Athens.'), ...asksFor('Athens')]),
					thinks('The tool has answered.'),
					says(AFTER),
				],
				requests: 4,
			},
		},
		{
			name: 'the model reads what the tool said',
			run: ask({ prompt: 'say call then yes', hasTool: true }),
			expect: { steps: [user('say call then yes'), ...asksFor('Paris'), says('Yes, I see it.')] },
		},
	],
};
