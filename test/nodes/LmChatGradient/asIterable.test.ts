import { setImmediate as turn } from 'node:timers/promises';

import { asIterable } from '../../../nodes/LmChatGradient/asIterable';

async function listen<T>(iterable: AsyncIterable<T>) {
	const heard: T[] = [];
	const error: unknown = await (async () => {
		for await (const one of iterable) heard.push(one);
	})().catch((failure: unknown) => failure);
	return { heard, error };
}

test('All that is said is heard in its order, at once or later', async () => {
	const { heard, error } = await listen(
		asIterable<number>(async (say) => {
			say(1);
			say(2);
			await turn();
			say(3);
			await turn();
			await turn();
			say(4);
		}),
	);
	expect([heard, error]).toEqual([[1, 2, 3, 4], undefined]);
});

test('A failure comes after all that was said before it', async () => {
	const { heard, error } = await listen(
		asIterable<number>(async (say) => {
			say(1);
			throw new Error('No more');
		}),
	);
	expect(heard).toEqual([1]);
	expect(error).toEqual(new Error('No more'));
});

test('Work that says nothing ends', async () => {
	expect(await listen(asIterable(async () => await turn()))).toEqual({
		heard: [],
		error: undefined,
	});
});

test('A reader who leaves is told to the work', async () => {
	let left: AbortSignal | undefined;
	const iterable = asIterable<number>(async (say, signal) => {
		left = signal;
		say(1);
		await new Promise(() => {});
	});
	for await (const one of iterable) {
		expect([one, left?.aborted]).toEqual([1, false]);
		break;
	}
	expect(left?.aborted).toBe(true);
});
