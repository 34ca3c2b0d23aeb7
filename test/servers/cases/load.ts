/** Many at once, and Stop. */
import type { Case, Group } from '../support/case';
import { manyItems, stop } from '../support/load';

const many = (count: number, concurrency: number): Case => ({
	name: `${count} items, ${concurrency} at a time`,
	run: manyItems(count, concurrency),
	expect: { text: 'each item has its own answer' },
});

export const load: Group = {
	name: 'load',
	cases: [
		many(20, 5),
		{ ...many(200, 50), isBulk: true },
		{
			name: 'Stop in the middle of an answer',
			run: stop,
			expect: { text: 'the server works on nothing any more', requests: 1 },
		},
	],
};
