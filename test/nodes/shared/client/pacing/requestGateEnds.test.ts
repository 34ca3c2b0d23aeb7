import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { randomOf } from '../../../../support/random';
import { later, names, refusal, settled, useFakeTime, useGate } from './gateSupport';

useFakeTime();

describe('A cancel while a request waits', () => {
	test('ends it at once with the reason, and leaves the others in their order', async () => {
		const { gate, sent, pass, passMany } = useGate();
		gate.close(300);
		await passMany(1);
		const controller = new AbortController();
		const reason = new Error('Stop');
		const canceled = expect(pass(controller.signal)).rejects.toBe(reason);
		await passMany(1);
		controller.abort(reason);
		await canceled;
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		await later(300);
		expect(names(sent)).toEqual([0, 2]);
	});

	test('of the only one leaves no timer behind', async () => {
		const { gate, pass } = useGate();
		gate.close(60_000);
		const controller = new AbortController();
		const canceled = expect(pass(controller.signal)).rejects.toThrow('Stop');
		expect(jest.getTimerCount()).toBe(1);
		controller.abort(new Error('Stop'));
		await canceled;
		expect(jest.getTimerCount()).toBe(0);
	});

	test('before it came lets it not even wait', async () => {
		const { gate, sent, pass } = useGate();
		gate.close(60_000);
		const reason = new Error('Stop');
		await expect(pass(AbortSignal.abort(reason))).rejects.toBe(reason);
		expect(sent).toEqual([]);
	});

	test('is no longer listened for once it is sent', async () => {
		const { sent, pass } = useGate();
		const controller = new AbortController();
		const answer = pass(controller.signal);
		await settled();
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		await sent[0].succeed();
		expect(await answer).toBe(0);
	});
});

test('Nothing waits any more once the gate is destroyed', async () => {
	const { gate, sent, pass } = useGate();
	gate.close(60_000);
	const failed = expect(pass()).rejects.toThrow('The client was closed');
	gate.destroy();
	await failed;
	expect(jest.getTimerCount()).toBe(0);
	expect(sent).toEqual([]);
});

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
	'Whatever happens, each request that is not canceled is sent once, in its order (seed %d)',
	async (seed) => {
		const random = randomOf(seed);
		const { gate, sent, pass } = useGate(random() < 0.5 ? 1 : 0);
		const requests = Array.from({ length: 60 }, () => {
			const controller = new AbortController();
			const end = pass(controller.signal).then(
				() => 'sent',
				(error: Error) => (error instanceof GradientApiError ? 'sent' : 'canceled'),
			);
			return { controller, end };
		});
		const canceled: number[] = [];
		let done = 0;
		for (let step = 0; step < 1_000 && done + canceled.length < 60; step++) {
			await nextTurn();
			const victim = Math.floor(random() * 60);
			if (random() < 0.05 && !names(sent).includes(victim) && !canceled.includes(victim)) {
				requests[victim].controller.abort(new Error('Stop'));
				canceled.push(victim);
			}
			if (done === sent.length) await later(1);
			else if (random() < 0.6) await sent[done++].succeed();
			else {
				void sent[done++].fail(
					random() < 0.8 ? refusal() : new GradientApiError('x', { kind: 'connection' }),
				);
				gate.close(random() * 3);
			}
		}
		const ends = await Promise.all(requests.map(async ({ end }) => await end));
		expect(ends.map((end) => end === 'canceled')).toEqual(
			requests.map((_, name) => canceled.includes(name)),
		);
		const expected = requests.map((_, name) => name).filter((name) => !canceled.includes(name));
		expect(names(sent)).toEqual(expected);
	},
);
