/** A key with which every request is refused. */
import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { Entrance } from '../../../../../nodes/shared/client/pacing/requestGate';
import { later, refusal, settled, useFakeTime, useGate } from './gateSupport';

useFakeTime();

type Gate = ReturnType<typeof useGate>;

/** Refuses all that is sent from now on, and lets so much time pass, ms. */
async function refuseFor(ms: number, { sent }: Gate, details = {}) {
	const refused = new Set<(typeof sent)[number]>();
	for (let passed = 0; passed < ms; passed += 100) {
		for (const request of sent.filter((one) => !refused.has(one))) {
			refused.add(request);
			await request.fail(refusal(details));
		}
		await later(100);
	}
}

const failureOf = async (request: Promise<unknown>) =>
	await request.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: GradientApiError) => error,
	);

test.each([undefined, 30_000])(
	'After 60 s all that wait fail at once (Retry-After %p)',
	async (retryAfterMs) => {
		const gate = useGate();
		const failures: GradientApiError[] = [];
		for (let i = 0; i < 30; i++) {
			const entrance = i < 20 ? gate.entrance : new Entrance();
			void failureOf(gate.pass({ entrance })).then((error) => failures.push(error));
		}
		await settled();
		await refuseFor(59_000, gate, { retryAfterMs });
		expect(failures).toEqual([]);
		await refuseFor(1_100, gate, { retryAfterMs });
		expect(failures).toHaveLength(30);
		expect(new Set(failures).size).toBe(30);
		expect(failures[0].message).toBe(
			'For 60 s the API has refused every request. It says: Too many',
		);
		expect(failures[0].details).toMatchObject({ kind: 'http', status: 429, isHopeless: true });
		expect(failures[0].details.attempts).toBeGreaterThanOrEqual(1);
		// it was not asked without end
		expect(gate.sent.length).toBeLessThan(60);
		expect(jest.getTimerCount()).toBe(0);
	},
);

test('Whoever comes later to the same client fails at once, and a new client is tried', async () => {
	const gate = useGate();
	const first = failureOf(gate.pass());
	await settled();
	await refuseFor(60_100, gate);
	await first;
	const before = gate.sent.length;
	expect((await failureOf(gate.pass())).message).toContain('For 60 s');
	expect(gate.sent).toHaveLength(before);

	const answer = gate.pass({ entrance: new Entrance() });
	await later(20_000);
	expect(gate.sent).toHaveLength(before + 1);
	await gate.sent[before].succeed();
	expect(await answer).toBe(2);
	// somebody got through
	const again = gate.pass();
	await later(20_000);
	await gate.sent[before + 1].succeed();
	expect(await again).toBe(3);
});

test('As long as anybody gets through, nobody fails', async () => {
	const gate = useGate();
	const unlucky = gate.pass();
	await settled();
	for (let round = 0; round < 5; round++) {
		const place = gate.sent.length - 1;
		await gate.sent[place].fail(refusal({ retryAfterMs: 50_000 }));
		const lucky = gate.pass({ entrance: new Entrance(), isUrgent: true });
		await later(60_000);
		// both are sent: the other one first
		expect(gate.sent).toHaveLength(place + 3);
		await gate.sent[place + 1].succeed();
		await lucky;
	}
	await gate.sent.at(-1)?.succeed();
	expect(await unlucky).toBe(0);
});

test('What is in flight for long has got through, though its answer takes minutes', async () => {
	const gate = useGate();
	const slow = gate.pass();
	await settled();
	let isOver = false;
	const refused = gate.pass().finally(() => (isOver = true));
	await settled();
	const [first, ...rest] = gate.sent;
	expect(rest).toHaveLength(1);
	for (let second = 0; second < 100; second++) {
		for (const request of gate.sent.slice(1)) await request.fail(refusal({ retryAfterMs: 900 }));
		await later(1_000);
	}
	expect(isOver).toBe(false);
	await first.succeed();
	await gate.sent.at(-1)?.succeed();
	expect(await slow).toBe(0);
	expect(await refused).toBe(1);
});

test.each([
	[5_000, true],
	[20_000, false],
])('What is in flight for %d ms by then has not got through yet: %p', async (ms, isOverAtOnce) => {
	const gate = useGate();
	let isOver = false;
	const entrance = new Entrance(3_600_000);
	await gate.passMany(1, { entrance });
	await refuseFor(60_000 - ms, gate);
	gate.pass({ entrance }).catch(() => (isOver = true));
	await gate.passMany(1, { isUrgent: true });
	const { length } = gate.sent;
	await later(ms + 200);
	expect(isOver).toBe(isOverAtOnce);
	expect(length).toBeGreaterThan(1);
	gate.gate.leave(entrance, () => new Error('Over'));
});
