import { inspect } from 'node:util';

import {
	type CallOptions,
	GradientApiError,
	GradientClient,
	type GradientClientOptions,
	forgetKeys,
} from '../../../../nodes/shared/client';
import { type GradientServer, startGradientServer } from '../../../support/gradientServer';

export const KEY = 'sk-do-12345';

export const REQUEST = { model: 'openai-gpt-oss-20b', input: 'Hello' };

/** Without a retry. */
export const once = { maxRetries: 0 };

/** A client that is closed after the test. */
export type MakeClient = (options?: Partial<GradientClientOptions>) => GradientClient;

/** Clients for the tests of one file, by default of no server at all. */
export function useClients(): MakeClient {
	const clients: GradientClient[] = [];
	afterEach(async () => {
		for (const client of clients.splice(0)) client.close();
		// the next test must not find what this one has learnt
		await forgetKeys();
	});
	return (options) => {
		const client = new GradientClient({ apiKey: KEY, userAgent: 'tests/1', ...options });
		clients.push(client);
		return client;
	};
}

export class Bench {
	server!: GradientServer;

	constructor(private readonly makeClient: MakeClient) {}

	/** A client of the server, closed after the test. */
	client(options?: Partial<GradientClientOptions>) {
		return this.makeClient({ baseUrl: this.server.url, ...options });
	}

	/** One call, without a retry. */
	async call(options: Pick<CallOptions, 'timeout' | 'signal'> = {}) {
		return await this.client().createResponse(REQUEST, { ...once, ...options });
	}
}

/** A server for the tests of one file, and clients of it. */
export function useServer(): Bench {
	const bench = new Bench(useClients());
	beforeAll(async () => {
		bench.server = await startGradientServer();
	});
	afterEach(() => bench.server.reset());
	afterAll(async () => await bench.server.close());
	return bench;
}

/** What the promise rejects with; it must be the client's own error. */
export async function failureOf(promise: Promise<unknown>): Promise<GradientApiError> {
	const error: unknown = await promise.then(
		(value) => new Error(`It did not fail, but gave ${inspect(value)}`),
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(GradientApiError);
	return error as GradientApiError;
}

/** What a function throws; it must be the client's own error. */
export const thrownBy = async (action: () => unknown): Promise<GradientApiError> =>
	await failureOf(Promise.resolve().then(action));

/** Everything that could reach a log or the screen: message, stack, details, cause, hidden properties. */
export const allOf = (error: unknown): string =>
	`${inspect(error, { depth: null, showHidden: true })} ${(error as Error).stack} ${JSON.stringify(error)}`;

/** Sets environment variables for one test; they are gone after it. */
export function useEnvironment(): (variables: Record<string, string>) => void {
	const set = new Set<string>();
	afterEach(() => {
		for (const name of set) delete process.env[name];
		set.clear();
	});
	return (variables) => {
		for (const [name, value] of Object.entries(variables)) {
			set.add(name);
			process.env[name] = value;
		}
	};
}
