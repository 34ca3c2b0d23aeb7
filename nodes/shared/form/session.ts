import { createHash, randomUUID } from 'node:crypto';

import { asText } from './values';

/** DigitalOcean's routers are models by the name of `router:<name>` (docs, 12 October 2026). */
export const isRouter = (model: unknown): boolean => asText(model).startsWith('router:');

/** What a header carries as it is; other IDs go as their hash. */
const HEADER_SAFE = /^[\x21-\x7e]{1,200}$/;

/**
 * The value of `X-Model-Affinity`, by which a router stays with the model that it chose first; undefined where none
 * is sent.
 * @param sessionId what the user set: then any model gets it
 * @param newSession for a router without one: the same for all rounds of an answer
 */
export function affinityOf(
	model: unknown,
	sessionId: unknown,
	newSession: () => string = randomUUID,
): string | undefined {
	const id = asText(sessionId).trim();
	if (id) {
		return HEADER_SAFE.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 32);
	}
	return isRouter(model) ? newSession() : undefined;
}
