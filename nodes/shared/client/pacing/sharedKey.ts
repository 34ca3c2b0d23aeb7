import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';

import { RequestGate } from './requestGate';
import { type DispatcherOptions, createDispatcher, proxiesOf } from '../transport/dispatcher';

/** After this without a user nothing is kept of a key, ms: a chat may pause for some minutes. */
const IDLE_MS = 600_000;

/** What all have in common that use one key in one way. */
export interface SharedKey {
	dispatcher: Dispatcher;
	gate: RequestGate;
	/** To be called once, when its user has ended. Others go on. */
	release(): void;
}

export interface KeyOptions extends DispatcherOptions {
	apiKey: string;
	/** Normalised. */
	baseUrl: string;
}

interface Entry {
	dispatcher: Dispatcher;
	gate: RequestGate;
	users: number;
	timer?: NodeJS.Timeout;
}

/** Of this process: over executions, both nodes and the list of models. */
const entries = new Map<string, Entry>();

/**
 * Connections and pace of a key, which are the same for all that use it with the same base URL, TLS setting,
 * proxies and egress filter. They stay some time after the last user has gone, and never keep a process alive.
 * @throws GradientApiError `settings`, if a proxy of the environment cannot be used
 */
export function shareKey(options: KeyOptions): SharedKey {
	const name = nameOf(options);
	const entry = entries.get(name) ?? newEntry(options);
	entries.set(name, entry);
	entry.users++;
	clearTimeout(entry.timer);
	const release = () => {
		if (--entry.users > 0) return;
		entry.timer = setTimeout(() => {
			entries.delete(name);
			void entry.dispatcher.destroy();
		}, IDLE_MS).unref();
	};
	return { dispatcher: entry.dispatcher, gate: entry.gate, release };
}

const newEntry = (options: KeyOptions): Entry => ({
	dispatcher: createDispatcher(options),
	gate: new RequestGate(),
	users: 0,
});

/** Ends all connections of all keys at once. */
export async function forgetKeys(): Promise<void> {
	const all = [...entries.values()];
	entries.clear();
	for (const { timer } of all) clearTimeout(timer);
	await Promise.all(all.map(async ({ dispatcher }) => await dispatcher.destroy()));
}

/** The key itself is not kept: a dump of the memory would show it long after the last use. */
const nameOf = ({ apiKey, baseUrl, ignoreSslIssues = false, egressFilter }: KeyOptions) => {
	const hashed = createHash('sha256').update(apiKey).digest('base64');
	const filter = egressFilter && numberOf(egressFilter);
	return JSON.stringify([baseUrl, hashed, ignoreSslIssues, proxiesOf(), filter]);
};

/** n8n (2.41) gives one filter for all nodes. */
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOf(filter: object): number {
	const number = numbers.get(filter) ?? ++count;
	numbers.set(filter, number);
	return number;
}
