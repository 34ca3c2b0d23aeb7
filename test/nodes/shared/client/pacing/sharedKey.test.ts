import type { Dispatcher } from 'undici';

import {
	type KeyOptions,
	forgetKeys,
	shareKey,
} from '../../../../../nodes/shared/client/pacing/sharedKey';
import type { EgressFilter } from '../../../../../nodes/shared/client/transport/dispatcher';
import { useFakeTime } from './gateSupport';

const OPTIONS: KeyOptions = { apiKey: 'key-a', baseUrl: 'http://127.0.0.1:1/v1' };
const IDLE_MS = 600_000;

const filter = (): EgressFilter => ({
	validateUrl: async () => ({ ok: true }),
	createSecureLookup: () => () => undefined,
});

const isDestroyed = (dispatcher: Dispatcher) => (dispatcher as { destroyed?: boolean }).destroyed;

/** Takes a share and gives it back at once: what is kept of it stays. */
function visit(options: Partial<KeyOptions> = {}) {
	const shared = shareKey({ ...OPTIONS, ...options });
	shared.release();
	return shared;
}

const withoutRelease = ({ dispatcher, gate }: ReturnType<typeof shareKey>) => ({
	dispatcher,
	gate,
});

useFakeTime();
afterEach(forgetKeys);

describe('Connections and pace', () => {
	test('are the same for all that use a key in the same way', () => {
		const [one, other] = [shareKey({ ...OPTIONS }), shareKey({ ...OPTIONS })];
		expect(other.dispatcher).toBe(one.dispatcher);
		expect(other.gate).toBe(one.gate);
		const said = { ...OPTIONS, ignoreSslIssues: false, egressFilter: undefined };
		expect(shareKey(said).gate).toBe(one.gate);
	});

	test.each<[string, Partial<KeyOptions>]>([
		['another key', { apiKey: 'key-b' }],
		['another base URL', { baseUrl: 'http://127.0.0.1:2/v1' }],
		['without a look at certificates', { ignoreSslIssues: true }],
		["with n8n's egress filter", { egressFilter: filter() }],
	])('are others for %s', (_what, options) => {
		const one = visit();
		const other = visit(options);
		expect(other.dispatcher).not.toBe(one.dispatcher);
		expect(other.gate).not.toBe(one.gate);
		expect(visit(options).gate).toBe(other.gate);
		expect(visit().gate).toBe(one.gate);
	});

	test('are others for each egress filter', () => {
		const egressFilter = filter();
		expect(visit({ egressFilter }).gate).not.toBe(visit({ egressFilter: filter() }).gate);
		expect(visit({ egressFilter }).gate).toBe(visit({ egressFilter }).gate);
	});

	test.each(['http_proxy', 'HTTPS_PROXY', 'all_proxy', 'NO_PROXY'])(
		'are others once %s has changed',
		(name) => {
			const { [name]: before } = process.env;
			const one = visit();
			try {
				process.env[name] = 'http://127.0.0.1:9';
				expect(visit().gate).not.toBe(one.gate);
			} finally {
				if (before === undefined) delete process.env[name];
				else process.env[name] = before;
			}
			expect(visit().gate).toBe(one.gate);
		},
	);
});

describe('When the last user has gone', () => {
	test('they stay for ten minutes, then the connections end, and the next begins anew', () => {
		const one = visit();
		jest.advanceTimersByTime(IDLE_MS - 1);
		expect(isDestroyed(one.dispatcher)).toBe(false);
		jest.advanceTimersByTime(1);
		expect(isDestroyed(one.dispatcher)).toBe(true);
		expect(visit().gate).not.toBe(one.gate);
	});

	test('whoever comes meanwhile keeps them', () => {
		const one = visit();
		jest.advanceTimersByTime(IDLE_MS - 1);
		const { release, ...same } = shareKey(OPTIONS);
		expect(same).toEqual(withoutRelease(one));
		jest.advanceTimersByTime(2 * IDLE_MS);
		expect(isDestroyed(same.dispatcher)).toBe(false);
		release();
		jest.advanceTimersByTime(IDLE_MS);
		expect(isDestroyed(same.dispatcher)).toBe(true);
	});

	test('as long as one is there, nothing ends', () => {
		const [one, other] = [shareKey(OPTIONS), shareKey(OPTIONS)];
		one.release();
		expect(jest.getTimerCount()).toBe(0);
		jest.advanceTimersByTime(2 * IDLE_MS);
		expect(isDestroyed(other.dispatcher)).toBe(false);
	});

	test('the wait keeps no process alive', () => {
		const start = jest.spyOn(global, 'setTimeout');
		visit();
		const timer = start.mock.results[0].value as NodeJS.Timeout;
		expect(timer.hasRef()).toBe(false);
	});
});

test('All can be forgotten at once: connections end, and nothing waits any more', async () => {
	const [used, left] = [shareKey(OPTIONS), visit({ apiKey: 'key-b' })];
	expect(jest.getTimerCount()).toBe(1);
	await forgetKeys();
	expect([used, left].map(({ dispatcher }) => isDestroyed(dispatcher))).toEqual([true, true]);
	expect(jest.getTimerCount()).toBe(0);
	expect(visit().gate).not.toBe(used.gate);
});
