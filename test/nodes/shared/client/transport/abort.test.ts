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

	test('that is aborted for no reason says that it was released', () => {
		const own = linkedController();
		own.abort();
		expect(own.signal.reason).toEqual(new Error('Released'));
	});

	test('leaves no listener behind on a parent that was aborted', () => {
		const parent = new AbortController();
		linkedController(parent.signal);
		parent.abort();
		expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
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
		expect(deadline.signal.reason).toEqual(new Error('Released'));
	});

	test('released when all is done leaves neither timer nor listener, and aborts nothing', async () => {
		const parent = new AbortController();
		const deadline = new Deadline(parent.signal);
		deadline.set(10, () => reason);
		deadline.release(true);
		expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
		expect(await lateBy(40, deadline)).toBe(false);
	});

	test('can be ended before its time, with a reason of its own', () => {
		const deadline = new Deadline();
		deadline.set(60_000, () => reason);
		const closed = new Error('Closed');
		deadline.abort(closed);
		deadline.release();
		expect(deadline.signal.reason).toBe(closed);
	});

	test('that passes rejects with its reason, and leaves no listener behind', async () => {
		const deadline = new Deadline();
		const passed = deadline.passed();
		deadline.abort(reason);
		await expect(passed).rejects.toBe(reason);
		expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
	});
});

describe('The time of a deadline', () => {
	const silent = new Error('Silent');
	const tooLong = new Error('Too long');
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test('runs anew from each restart', () => {
		const deadline = new Deadline();
		deadline.set(100, () => silent);
		jest.advanceTimersByTime(90);
		deadline.restart();
		jest.advanceTimersByTime(90);
		expect(deadline.signal.aborted).toBe(false);
		jest.advanceTimersByTime(10);
		expect(deadline.signal.reason).toBe(silent);
	});

	test('needs not be set for a restart', () => {
		const deadline = new Deadline();
		deadline.restart();
		jest.advanceTimersByTime(1_000);
		expect(deadline.signal.aborted).toBe(false);
	});

	test('ends for good, whatever is restarted', () => {
		const deadline = new Deadline();
		deadline.set(100, () => silent);
		deadline.end(150, () => tooLong);
		jest.advanceTimersByTime(90);
		deadline.restart();
		jest.advanceTimersByTime(59);
		expect(deadline.signal.aborted).toBe(false);
		jest.advanceTimersByTime(1);
		expect(deadline.signal.reason).toBe(tooLong);
	});

	test('ends at the last end that was given', () => {
		const deadline = new Deadline();
		deadline.end(100, () => silent);
		deadline.end(200, () => tooLong);
		jest.advanceTimersByTime(199);
		expect(deadline.signal.aborted).toBe(false);
		jest.advanceTimersByTime(1);
		expect(deadline.signal.reason).toBe(tooLong);
	});

	test.each([2 ** 31, Infinity])('does not end at once where the end is far off: %d ms', (ms) => {
		const deadline = new Deadline();
		deadline.end(ms, () => tooLong);
		jest.advanceTimersByTime(1_000);
		expect(deadline.signal.aborted).toBe(false);
		deadline.release(true);
		expect(jest.getTimerCount()).toBe(0);
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
