/** The API's stand-ins, on loopback: the project's own server and aimock, with the credential for them. */
import { startAimock as startRootAimock, type Aimock } from '../../support/aimock';
import {
	startGradientServer as startRootServer,
	type GradientServer,
} from '../../support/gradientServer';

/** Begins like a real one, so that a search for it in run data and logs finds nothing else. */
export const KEY = 'sk-do-only-for-e2e-tests';

export const MODEL = 'openai-gpt-oss-20b';

/** The fields of the credential for a server, for `createCredential('gradientApi', …)`. */
export interface GradientCredential {
	[field: string]: string;
	apiKey: string;
	baseUrl: string;
}

/** With `requests`, `answer()`, `requireKey()` and the rest of test/support/gradientServer. */
export interface GradientStandIn {
	url: string;
	key: string;
	credential: GradientCredential;
	server: GradientServer;
	requests: GradientServer['requests'];
	close(): Promise<void>;
}

/** The project's own server, which admits `KEY` only; it echoes the prompt unless told otherwise. */
export async function startGradientServer(): Promise<GradientStandIn> {
	const server = await startRootServer();
	server.requireKey(KEY);
	const { url, requests } = server;
	return {
		url,
		key: KEY,
		credential: { apiKey: KEY, baseUrl: `${url}/v1` },
		server,
		requests,
		close: async () => await server.close(),
	};
}

/** CopilotKit's aimock, which admits `KEY` only; it answers nothing unless told what. */
export async function startAimock(): Promise<
	Aimock & { key: string; credential: GradientCredential }
> {
	const aimock = await startRootAimock({ apiKeys: [KEY] });
	return { ...aimock, key: KEY, credential: { apiKey: KEY, baseUrl: `${aimock.url}/v1` } };
}
