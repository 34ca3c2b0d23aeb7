import { getEventListeners, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import {
	Deadline,
	linkedController,
	untilAborted,
} from '../../../../../nodes/shared/client/transport/abort';

describe('A linked controller', () => {
	test('aborts its signal with the reason of the parent', () => {
		const parent = new AbortController();
		const { signal } = linkedController(parent.signal);
		expect(signal.aborted).toBe(false);

		const reason = new Error('Stop');
		parent.abort(reason);

		expect(signal.reason).toBe(reason);
	});

	test('is aborted from the beginning if the parent is', () => {
		const reason = new Error('Stop');
		expect(linkedController(AbortSignal.abort(reason)).signal.reason).toBe(reason);
	});

	test('does not abort the parent', () => {
		const parent = new AbortController();
		const own = linkedController(parent.signal);

		own.abort(new Error('Deadline'));

		expect(own.signal.aborted).toBe(true);
		expect(parent.signal.aborted).toBe(false);
	});

	test('needs no parent', () => {
		const own = linkedController();
		own.abort('enough');
		own.unlink();
		expect(own.signal.reason).toBe('enough');
	});

	test('leaves no listener behind on the parent once it is unlinked', () => {
		const parent = new AbortController();
		const own = linkedController(parent.signal);
		expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);

		own.unlink();

		expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
		parent.abort();
		expect(own.signal.aborted).toBe(false);
	});
});

describe('A deadline', () => {
	const reason = new Error('Too late');
	const lateBy = async (ms: number, deadline: Deadline) => {
		await sleep(ms);
		return deadline.signal.aborted;
	};

	test('aborts its signal with its reason when the time is up', async () => {
		const deadline = new Deadline();
		deadline.set(5, () => reason);
		await once(deadline.signal, 'abort');
		expect(deadline.signal.reason).toBe(reason);
	});

	test.each([0, -1, 2 ** 31, Infinity])('of %d ms does not abort it', async (ms) => {
		const deadline = new Deadline();
		deadline.set(ms, () => reason);
		expect(await lateBy(30, deadline)).toBe(false);
		deadline.release();
	});

	test('that is set anew forgets the earlier time', async () => {
		const deadline = new Deadline();
		deadline.set(10, () => reason);
		deadline.set(0, () => reason);
		expect(await lateBy(40, deadline)).toBe(false);
	});

	test('aborts with the parent, with its reason', () => {
		const parent = new AbortController();
		const deadline = new Deadline(parent.signal);
		deadline.set(60_000, () => reason);
		const stop = new Error('Stop');
		parent.abort(stop);
		deadline.release();
		expect(deadline.signal.reason).toBe(stop);
	});

	test('once released leaves neither timer nor listener, and ends what goes on under it', async () => {
		const parent = new AbortController();
		const deadline = new Deadline(parent.signal);
		deadline.set(10, () => reason);
		deadline.release();
		expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
		expect(await lateBy(40, deadline)).toBe(true);
		expect(deadline.signal.reason).not.toBe(reason);
	});

	test('released when all is done leaves neither timer nor listener, and aborts nothing', async () => {
		const parent = new AbortController();
		const deadline = new Deadline(parent.signal);
		deadline.set(10, () => reason);
		deadline.release(true);
		expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
		expect(await lateBy(40, deadline)).toBe(false);
	});
});

describe('What cannot be ended', () => {
	const reason = new Error('Stop');

	test('is waited for until the signal is aborted, and then fails with its reason', async () => {
		const controller = new AbortController();
		const waiting = untilAborted(new Promise(() => {}), controller.signal);
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
	});

	test('is not waited for where the signal is aborted already', async () => {
		const waiting = untilAborted(new Promise(() => {}), AbortSignal.abort(reason));
		await expect(waiting).rejects.toBe(reason);
	});

	test.each([undefined, new AbortController().signal])(
		'gives what it gives, and fails as it fails, where nobody aborts (case %#)',
		async (signal) => {
			expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
			await expect(untilAborted(Promise.reject(reason), signal)).rejects.toBe(reason);
			if (signal) expect(getEventListeners(signal, 'abort')).toEqual([]);
		},
	);

	test('may fail later: nobody hears of it any more', async () => {
		const controller = new AbortController();
		let fail: (error: Error) => void = () => {};
		const work = new Promise<never>((_resolve, reject) => {
			fail = reject;
		});
		const waiting = untilAborted(work, controller.signal);
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		fail(new Error('Too late'));
		await new Promise((resolve) => setImmediate(resolve));
	});
});
