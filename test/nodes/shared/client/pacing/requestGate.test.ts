import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import {
	later,
	names,
	promisesHeard,
	settled,
	startsOf,
	useFakeTime,
	useGate,
} from './gateSupport';

useFakeTime();

describe('A gate', () => {
	test('lets any number through at once as long as nothing was refused', async () => {
		const { sent, passMany } = useGate();
		await passMany(300);
		expect(sent).toHaveLength(300);
	});

	test('gives back what was sent for, and throws what it failed with', async () => {
		const { sent, pass } = useGate();
		const [good, bad] = [pass(), pass()];
		const error = new TypeError('A bug');
		const failed = expect(bad).rejects.toBe(error);
		await settled();
		await Promise.all([sent[0].succeed(), sent[1].fail(error)]);
		expect(await good).toBe(0);
		await failed;
	});

	test('that is closed lets nobody through until the time is over, then all in their order', async () => {
		const { gate, sent, passMany } = useGate();
		gate.close(80);
		await passMany(5);
		await later(79);
		expect(sent).toEqual([]);
		await later(1);
		expect(names(sent)).toEqual([0, 1, 2, 3, 4]);
	});

	test('stays closed for the longest of the times that were asked for', async () => {
		const { gate, sent, passMany } = useGate();
		gate.close(20);
		await passMany(1);
		gate.close(90);
		gate.close(30);
		await later(89);
		expect(sent).toEqual([]);
		await later(1);
		expect(sent).toHaveLength(1);
	});

	test('does not let a later request overtake those that wait', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(2);
		await refuse(sent[0], 0);
		await passMany(2);
		await sent[1].succeed();
		await passMany(1);
		await sent[2].succeed();
		expect(names(sent)).toEqual([0, 1, 2, 3, 4]);
		gate.destroy();
	});

	test('does not let a later one take the place that has just become free', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(2);
		await refuse(sent[0], 0);
		await passMany(1);
		void sent[1].succeed();
		await promisesHeard();
		await passMany(1);
		await sent[2].succeed();
		expect(names(sent)).toEqual([0, 1, 2, 3]);
		gate.destroy();
	});

	test('keeps its distance between any two starts, whoever waited', async () => {
		const { gate, sent, passMany, pass } = useGate(60);
		await passMany(2);
		gate.close(80);
		await passMany(1);
		const controller = new AbortController();
		const canceled = expect(pass(controller.signal)).rejects.toThrow('Stop');
		controller.abort(new Error('Stop'));
		await canceled;
		await passMany(1);
		await later(500);
		expect(names(sent)).toEqual([0, 1, 2, 4]);
		expect(startsOf(sent)).toEqual([0, 80, 140, 200]);
	});

	test('keeps no place for a request that was canceled', async () => {
		const { sent, pass, passMany } = useGate(30_000);
		await expect(pass(AbortSignal.abort(new Error('Stop')))).rejects.toThrow('Stop');
		await passMany(1);
		expect(names(sent)).toEqual([1]);
	});

	test('that closes holds back those too that only wait for their distance', async () => {
		const { sent, passMany, refuse } = useGate(200);
		await passMany(3);
		expect(names(sent)).toEqual([0]);
		await refuse(sent[0], 500);
		await later(600);
		expect(startsOf(sent)).toEqual([0, 500]);
	});

	test.each([2 ** 31, Infinity])('with a distance of %d ms still waits', async (distance) => {
		const { gate, sent, passMany } = useGate(distance);
		await passMany(2);
		await later(2 ** 31 - 1);
		expect(sent).toHaveLength(1);
		gate.destroy();
	});
});

describe('After a refusal', () => {
	test('no request starts in its place before the gate is closed', async () => {
		const { sent, passMany, refuse } = useGate();
		await passMany(2);
		await refuse(sent[0], 0);
		// one at a time now: this one waits for the end of the second
		await passMany(1);
		await refuse(sent[1], 100);
		await later(99);
		expect(sent).toHaveLength(2);
		await later(1);
		expect(sent).toHaveLength(3);
	});

	test.each([
		[9, 4],
		[8, 4],
		[2, 1],
		[1, 1],
	])('of one of %d, %d go at a time', async (before, after) => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(before);
		await refuse(sent[0], 5);
		for (const request of sent.slice(1)) await request.succeed();
		await passMany(20);
		await later(30);
		expect(sent.length - before).toBe(after);
		gate.destroy();
	});

	test('requests that take long hold back the others only so long', async () => {
		const { gate, sent, passMany, refuse } = useGate(0, 60);
		await passMany(2);
		await refuse(sent[0], 5);
		// one at a time now, and the second does not end
		await passMany(3);
		await later(150);
		expect(startsOf(sent)).toEqual([0, 0, 60, 120]);
		gate.destroy();
	});

	test('the distance is kept also where requests that take long would let one start before', async () => {
		const { gate, sent, passMany, refuse } = useGate(200, 60);
		await passMany(1);
		await refuse(sent[0], 5);
		await passMany(3);
		await later(650);
		expect(startsOf(sent)).toEqual([0, 200, 400, 600]);
		gate.destroy();
	});

	test('not even long ones let others overtake the time that the API asked for', async () => {
		const { gate, sent, passMany, refuse } = useGate(0, 20);
		await passMany(2);
		await refuse(sent[0], 100);
		await passMany(1);
		await later(99);
		expect(sent).toHaveLength(2);
		await later(1);
		expect(sent).toHaveLength(3);
		gate.destroy();
	});

	test('refusals of requests that were in flight together count once, also when they come late', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(8);
		await refuse(sent[0], 5);
		await refuse(sent[1], 5);
		await later(20);
		for (const request of sent.slice(2)) await refuse(request, 0);
		await passMany(20);
		expect(sent.length - 8).toBe(4);
		gate.destroy();
	});

	test('a further refusal halves again', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(8);
		for (const request of sent.slice(0, 8)) await refuse(request, 0);
		await passMany(30);
		await refuse(sent[8], 0);
		for (const request of sent.slice(9)) await refuse(request, 0);
		expect(sent.length - 12).toBe(2);
		gate.destroy();
	});

	test('each success lets one more in, so that the number doubles with every round', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(2);
		await refuse(sent[0], 0);
		await sent[1].succeed();
		await passMany(40);
		const rounds: number[] = [];
		for (let done = 2; rounds.length < 5; ) {
			const round = sent.slice(done);
			rounds.push(round.length);
			done = sent.length;
			for (const request of round) await request.succeed();
		}
		expect(rounds).toEqual([1, 2, 4, 8, 16]);
		gate.destroy();
	});

	test('the success of a request that was sent before it does not count', async () => {
		const { gate, sent, passMany, refuse } = useGate();
		await passMany(20);
		await refuse(sent[0], 0);
		for (const request of sent.slice(1)) await request.succeed();
		await passMany(40);
		expect(sent.length - 20).toBe(10);
		gate.destroy();
	});

	test('there is no limit any more once enough has succeeded', async () => {
		const { sent, passMany, refuse } = useGate();
		await passMany(1);
		await refuse(sent[0], 0);
		for (let i = 1; i <= 256; i++) {
			await passMany(1);
			await sent[i].succeed();
		}
		await passMany(1_000);
		expect(sent).toHaveLength(1_257);
	});

	test.each([400, 500, 503, undefined])('of another kind (%p) nothing changes', async (status) => {
		const { sent, passMany } = useGate();
		await passMany(8);
		for (const request of [...sent]) {
			await request.fail(new GradientApiError('x', { kind: 'http', status }));
		}
		await passMany(20);
		expect(sent).toHaveLength(28);
	});
});
