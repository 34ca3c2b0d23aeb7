import { GradientClient, isGradientApiError } from '../../../nodes/shared/client/index.js';
import { RequestGate } from '../../../nodes/shared/client/pacing/requestGate.js';
import { randomOf } from '../../../test/support/random.js';
import type { VirtualClock } from './clock.mjs';
import type { Row } from './rows.mjs';
import { VirtualServer } from './server.mjs';

export interface Outcome {
	/** The time that the limit needs at least, divided by what it took, times the part that was answered. */
	goodput: number;
	seconds: number;
	refused: number;
	/** Of all requests. */
	refusedPart: number;
	failed: number;
	/** The most that a process had been given, divided by the least, when the first had finished. */
	unevenness: number;
}

const REQUEST = { model: 'm', input: 'x' };

/** Sends all items of a row with the client of the package, against a limit in virtual time. */
export async function simulate(row: Row, clock: VirtualClock, seed: number): Promise<Outcome> {
	const { items, atATime, executions = 1, processes = 1 } = row;
	const server = new VirtualServer(clock, row, randomOf(seed));
	const dispatcher = server.compose((dispatch) => (options, handler) => dispatch(options, handler));
	const began = clock.time;
	const share = items / processes;
	const done = Array<number>(processes).fill(0);
	let unevenness = 1;
	let failed = 0;
	const call = async (client: GradientClient, process: number) => {
		try {
			await client.createResponse(REQUEST);
		} catch (error) {
			if (!isGradientApiError(error)) throw error;
			failed++;
		}
		done[process]++;
		const isFirst = done[process] === share && done.filter((count) => count >= share).length === 1;
		if (isFirst) unevenness = share / Math.min(...done);
	};
	const work: Array<Promise<void>> = [];
	for (let process = 0; process < processes; process++) {
		const gate = new RequestGate();
		for (let execution = 0; execution < executions; execution++) {
			const options = { apiKey: 'key', userAgent: 'bench' };
			const client = new GradientClient(options, () => ({ dispatcher, gate, release() {} }));
			let left = share / executions;
			const worker = async () => {
				while (left-- > 0) await call(client, process);
			};
			work.push(...Array.from({ length: atATime }, worker));
		}
	}
	await clock.until(Promise.all(work));
	const seconds = (clock.time - began) / 1_000;
	const { refused, accepted } = server;
	return {
		goodput: (leastSeconds(row) / seconds) * (1 - failed / items),
		seconds,
		refused,
		refusedPart: refused / (refused + accepted),
		failed,
		unevenness,
	};
}

/** By the limit, or by how many are sent at a time. */
function leastSeconds(row: Row): number {
	const { items, perMinute, bucket, latencyMs, atATime, executions = 1, processes = 1 } = row;
	const byLimit = ((items - bucket) * 60) / perMinute + latencyMs / 1_000;
	const byNumber = ((items / (atATime * executions * processes)) * latencyMs) / 1_000;
	return Math.max(byLimit, byNumber);
}
