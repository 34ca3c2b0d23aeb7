import { setImmediate as nextTurn } from 'node:timers/promises';

import {
	GradientApiError,
	type GradientApiErrorDetails,
} from '../../../../../nodes/shared/client/errors';
import {
	Entrance,
	type Passage,
	RequestGate,
} from '../../../../../nodes/shared/client/pacing/requestGate';

export const refusal = (details: Partial<GradientApiErrorDetails> = {}) =>
	new GradientApiError('Too many', { kind: 'http', status: 429, ...details });

/** A refusal that names the limit, as DigitalOcean's do: it is reset by now. */
export const refusalOf = (limitPerMinute: number) =>
	refusal({ limitPerMinute, retryAfterMs: 1_250, isResetDue: true });

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
export function useGate() {
	const gate = new RequestGate();
	const entrance = new Entrance();
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
	const pass = (passage: Partial<Passage> = {}) => {
		const name = passed++;
		return gate.pass(async () => await send(name), { entrance, ...passage });
	};
	/** Several requests; their failures do not matter. */
	const passMany = async (count: number, passage?: Partial<Passage>) => {
		for (let i = 0; i < count; i++) pass(passage).catch(() => undefined);
		await settled();
	};
	return { gate, entrance, sent, pass, passMany };
}

/** Until all that follows from the action at once has happened. */
export async function settled(action = () => {}) {
	action();
	for (let turn = 0; turn < 3; turn++) await nextTurn();
}

/** Lets so much time pass, ms, and all that it leads to happen. */
export async function later(ms: number) {
	await jest.advanceTimersByTimeAsync(ms);
	await settled();
}

export const names = (sent: Sent[]) => sent.map(({ name }) => name);

/** When each was sent, ms after the first. */
export const startsOf = (sent: Sent[]) => sent.map(({ at }) => at - sent[0].at);
