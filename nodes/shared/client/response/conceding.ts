import { isGradientApiError } from '../errors';
import type { ResponseCreateParams } from '../schema/createParams';
import type { InputItem } from '../schema/request';
import { type Concession, concede, concessionsFor, lossOf } from './concessions';

/** Requests for one answer, at most: each leaves out more of what the server has named. */
const MAX_REQUESTS = 8;

/** Pairs of server and model of which is known what they refuse: more than anybody uses at a time. */
const REMEMBERED = 1_000;

/** By server and model: behind one address, a gateway has servers of many kinds. Until n8n ends. */
const remembered = new Map<string, Concession[]>();

/**
 * Sends a request, and once more without what the server names of its input when it refuses it. What helped is
 * left out of later requests from the start.
 * @param server its base URL
 * @param onLeftOut learns in words what of the conversation was left out
 * @throws what `send` throws
 */
export async function sendConceding<T>(
	request: ResponseCreateParams,
	server: string,
	send: (request: ResponseCreateParams) => Promise<T>,
	onLeftOut?: (words: string) => void,
): Promise<T> {
	if (typeof request.input === 'string') return await send(request);
	const input = request.input as InputItem[];
	const key = `${server}\n${request.model}`;
	const known = remembered.get(key) ?? [];
	const conceded = [...known];
	for (let requests = 1; ; requests++) {
		const left = concede(input, conceded);
		const outcome = await send(left === input ? request : { ...request, input: left }).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) {
			if (conceded.length > known.length) remember(key, conceded);
			const used = conceded.filter((one) => concede(input, [one]) !== input);
			for (const one of used) {
				const words = lossOf(one);
				if (words) onLeftOut?.(words);
			}
			return outcome.value;
		}
		const { error } = outcome;
		const more = isGradientApiError(error) ? concessionsFor(error, left) : [];
		const isSpent = requests >= MAX_REQUESTS || concede(left, more) === left;
		// nothing would be left to answer
		if (isSpent || concede(left, more).length === 0) throw error;
		conceded.push(...more);
	}
}

function remember(key: string, concessions: Concession[]) {
	remembered.delete(key);
	remembered.set(key, concessions);
	const [oldest] = remembered.keys();
	if (remembered.size > REMEMBERED) remembered.delete(oldest);
}
