import { setImmediate as nextTurn } from 'node:timers/promises';

import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { RequestGate } from '../../../../../nodes/shared/client/pacing/requestGate';

export const refusal = () => new GradientApiError('Too many', { kind: 'http', status: 429 });

interface Sent {
	name: number;
	at: number;
	succeed(): Promise<void>;
	fail(error: Error): Promise<void>;
}

/** The time of a gate passes only as the tests say, so that they are exact on a busy machine too. */
export function useFakeTime() {
	beforeEach(() =>
		jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }),
	);
	afterEach(() => jest.useRealTimers());
}

/** A gate, and what it has let through; each request ends when the test says so. */
export function useGate(distance = 0, patience?: number) {
	const gate = new RequestGate(distance, patience);
	const sent: Sent[] = [];
	let passed = 0;
	const send = async (name: number) =>
		await new Promise<number>((resolve, reject) => {
			sent.push({
				name,
				at: performance.now(),
				succeed: async () => await settled(() => resolve(name)),
				fail: async (error) => await settled(() => reject(error)),
			});
		});
	const pass = (signal?: AbortSignal) => {
		const name = passed++;
		return gate.pass(async () => await send(name), signal);
	};
	/** Several requests; their failures do not matter. */
	const passMany = async (count: number) => {
		for (let i = 0; i < count; i++) pass().catch(() => undefined);
		await settled();
	};
	/** As the client does, which hears of a refusal only after the gate has. */
	const refuse = async (request: Sent, ms: number) => {
		const refused = request.fail(refusal());
		await promisesHeard();
		gate.close(ms);
		await refused;
	};
	return { gate, sent, pass, passMany, refuse };
}

/** Until all that follows from the action at once has happened. */
export async function settled(action = () => {}) {
	action();
	for (let turn = 0; turn < 3; turn++) await nextTurn();
}

/** Until all promises that are settled have been heard of, before anything else happens. */
export const promisesHeard = async () =>
	await new Promise<void>((heard) => process.nextTick(heard));

/** Lets so much time pass, ms, and all that it leads to happen. */
export async function later(ms: number) {
	await jest.advanceTimersByTimeAsync(ms);
	await settled();
}

export const names = (sent: Sent[]) => sent.map(({ name }) => name);

/** When each was sent, ms after the first. */
export const startsOf = (sent: Sent[]) => sent.map(({ at }) => at - sent[0].at);
