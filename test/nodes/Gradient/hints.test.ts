import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import { Hints } from '../../../nodes/Gradient/hints';

/** What n8n is given to show; a version of n8n without a place for it has no such function. */
function shown(hints: Hints): NodeExecutionHint[] {
	const all: NodeExecutionHint[] = [];
	const context = { addExecutionHints: (...some: NodeExecutionHint[]) => all.push(...some) };
	hints.show(context as unknown as IExecuteFunctions);
	return all;
}

const messages = (hints: Hints) => shown(hints).map(({ message }) => message);

describe('Hints', () => {
	test('are none where nothing was added', () => {
		expect(shown(new Hints())).toEqual([]);
	});

	test('say once what is true of several items', () => {
		const hints = new Hints();
		hints.add('Cut off', 0);
		hints.add('Odd', 3);
		hints.add('Cut off', 2);
		expect(shown(hints)).toEqual([
			{ message: 'Cut off [items 0, 2]', type: 'warning', location: 'outputPane' },
			{ message: 'Odd [item 3]', type: 'warning', location: 'outputPane' },
		]);
	});

	test('name ten items, and count the others', () => {
		const hints = new Hints();
		for (let item = 0; item < 13; item++) hints.add('Cut off', item);
		expect(messages(hints)).toEqual(['Cut off [items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 3 more]']);
	});

	test.each([
		[[4_999], []],
		[[5_000], ['5 s']],
		[[12_400, 3_000], ['12 s']],
		[[3_000, 3_000, 3_000], []],
	])('after waits of %j ms say how long the longest was: %j', (waits, expected) => {
		const hints = new Hints();
		for (const wait of waits) hints.addWait(wait);
		const said = messages(hints);
		expect(said).toHaveLength(expected.length);
		for (const [i, duration] of expected.entries()) expect(said[i]).toContain(`up to ${duration},`);
	});

	test('do no harm where n8n has no place for them', () => {
		const hints = new Hints();
		hints.add('Cut off', 0);
		expect(() => hints.show({} as IExecuteFunctions)).not.toThrow();
	});
});
