import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

import { GradientApiError } from '../../../../nodes/Gradient/client/errors';
import { RequestGate } from '../../../../nodes/Gradient/client/requestGate';

export const refusal = () => new GradientApiError('Too many', { kind: 'http', status: 429 });

interface Sent {
	name: number;
	at: number;
	succeed(): Promise<void>;
	fail(error: Error): Promise<void>;
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
	/** As the client does, which hears of a refusal only then. */
	const refuse = async (request: Sent, ms: number) => {
		const refused = request.fail(refusal());
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

/** Until so many are sent, at most 5 s. */
export async function untilSent(sent: Sent[], count: number) {
	for (let turn = 0; sent.length < count && turn < 1_000; turn++) await sleep(5);
	expect(sent).toHaveLength(count);
}

export const timers = () =>
	process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

export const names = (sent: Sent[]) => sent.map(({ name }) => name);
