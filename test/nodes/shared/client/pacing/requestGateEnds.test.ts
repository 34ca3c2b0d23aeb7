import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { Entrance } from '../../../../../nodes/shared/client/pacing/requestGate';
import { randomOf } from '../../../../support/random';
import { later, names, refusal, settled, useFakeTime, useGate } from './gateSupport';

/** A gate that is closed for half a minute, and the request that was refused. */
async function closedGate(ms = 30_000) {
	const gate = useGate();
	await gate.passMany(1);
	await gate.sent[0].fail(refusal({ retryAfterMs: ms }));
	return gate;
}

useFakeTime();

const fault = () => new GradientApiError('x', { kind: 'connection' });

describe('A cancel while a request waits', () => {
	test('ends it at once with the reason, and leaves the others in their order', async () => {
		const { sent, pass, passMany } = await closedGate(300);
		await passMany(1);
		const controller = new AbortController();
		const reason = new Error('Stop');
		const canceled = expect(pass({ signal: controller.signal })).rejects.toBe(reason);
		await passMany(1);
		controller.abort(reason);
		await canceled;
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		await later(10_000);
		expect(names(sent)).toEqual([0, 0, 1, 3]);
	});

	test('ends also one that was refused before', async () => {
		const { sent, pass } = useGate();
		const controller = new AbortController();
		const canceled = expect(pass({ signal: controller.signal })).rejects.toThrow('Stop');
		await settled();
		await sent[0].fail(refusal({ retryAfterMs: 50_000 }));
		controller.abort(new Error('Stop'));
		await canceled;
		expect(jest.getTimerCount()).toBe(0);
	});

	test('before it came lets it not even wait', async () => {
		const { sent, pass } = await closedGate();
		const reason = new Error('Stop');
		await expect(pass({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		expect(sent).toHaveLength(1);
	});

	test('is no longer listened for once it is sent', async () => {
		const { sent, pass } = useGate();
		const controller = new AbortController();
		const answer = pass({ signal: controller.signal });
		await settled();
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		await sent[0].succeed();
		expect(await answer).toBe(0);
	});

	test('is no longer listened for once it has waited, and nothing else waits', async () => {
		const { sent, pass } = await closedGate(1_000);
		const controller = new AbortController();
		const answer = pass({ signal: controller.signal });
		expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
		await later(5_000);
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		expect(jest.getTimerCount()).toBe(0);
		await sent[2].succeed();
		expect(await answer).toBe(1);
	});
});

test('Nothing of a client waits any more once it leaves, and others do', async () => {
	const { gate, sent, pass } = await closedGate();
	const entrance = new Entrance();
	const failed = expect(pass({ entrance })).rejects.toThrow('Closed');
	gate.leave(entrance, () => new Error('Closed'));
	await failed;
	await later(60_000);
	expect(names(sent)).toEqual([0, 0]);
});

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
	'Whatever happens, each request that is not canceled is sent until it is not refused, in its order (seed %d)',
	async (seed) => {
		const random = randomOf(seed);
		const { sent, pass } = useGate();
		const entrance = new Entrance(random() < 0.5 ? 1 : 0);
		const requests = Array.from({ length: 60 }, () => {
			const controller = new AbortController();
			const end = pass({ entrance, signal: controller.signal }).then(
				() => 'sent',
				(error: Error) => (error instanceof GradientApiError ? 'sent' : 'canceled'),
			);
			return { controller, end };
		});
		const canceled: number[] = [];
		const refused = new Set<number>();
		let done = 0;
		let ended = 0;
		for (const { end } of requests) void end.then(() => ended++);
		const isOver = () => ended === 60;
		for (let step = 0; step < 5_000 && !isOver(); step++) {
			await nextTurn();
			const victim = Math.floor(random() * 60);
			if (random() < 0.05 && !names(sent).includes(victim) && !canceled.includes(victim)) {
				requests[victim].controller.abort(new Error('Stop'));
				canceled.push(victim);
			}
			if (done === sent.length) await later(200);
			else if (random() < 0.6) await sent[done++].succeed();
			else {
				const error = random() < 0.8 ? refusal({ retryAfterMs: random() * 300 }) : fault();
				if (error.details.status === 429) refused.add(sent[done].name);
				await sent[done++].fail(error);
			}
		}
		const ends = await Promise.all(requests.map(async ({ end }) => await end));
		expect(ends.map((end) => end === 'canceled')).toEqual(
			requests.map((_, name) => canceled.includes(name)),
		);
		const expected = requests.map((_, name) => name).filter((name) => !canceled.includes(name));
		// the first time each; those that were refused come again
		expect([...new Set(names(sent))].filter((name) => !canceled.includes(name))).toEqual(expected);
		const again = names(sent).filter((name, place, all) => all.indexOf(name) !== place);
		expect(again.every((name) => refused.has(name))).toBe(true);
	},
);
