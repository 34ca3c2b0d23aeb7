import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

import { GradientApiError } from '../errors';
import { countingPool, withRepeatOnFresh } from './reusedConnection';

/** What we use of n8n's egress filter (`helpers.getSecureEgressFilter`, from n8n 2.28). */
export interface EgressFilter {
	validateUrl(url: URL): Promise<{ ok: true } | { ok: false; error: Error }>;
	createSecureLookup(): LookupFunction;
}

export interface DispatcherOptions {
	ignoreSslIssues?: boolean;
	egressFilter?: EgressFilter;
}

/**
 * Idle time after which a kept-alive connection is closed, ms: people think for minutes between two messages.
 * A server's `Keep-Alive: timeout=` may only shorten it. Until then TCP looks each minute whether it still stands.
 */
const KEEP_ALIVE_MS = 300_000;

/**
 * Connections: kept alive, through the proxies of the environment, past n8n's egress filter. There are as many
 * as requests at a time. Never follows a redirect: the key would travel. No time limit: the request's signal decides.
 * @throws GradientApiError `settings`, if a proxy of the environment cannot be used
 */
export function createDispatcher({ ignoreSslIssues, egressFilter }: DispatcherOptions): Dispatcher {
	const tls = ignoreSslIssues ? { rejectUnauthorized: false } : {};
	const agent = createAgent({
		headersTimeout: 0,
		bodyTimeout: 0,
		keepAliveTimeout: KEEP_ALIVE_MS,
		keepAliveMaxTimeout: KEEP_ALIVE_MS,
		connect: { ...tls, ...(egressFilter && { lookup: egressFilter.createSecureLookup() }) },
		requestTls: tls,
		factory: countingPool,
	});
	const repeating = withRepeatOnFresh(agent);
	return egressFilter ? withUrlCheck(repeating, egressFilter) : repeating;
}

/** The proxies are those of now: who wants others later gets another dispatcher. */
function createAgent(options: EnvHttpProxyAgent.Options): Dispatcher {
	const httpProxy = asUrl(environment('http_proxy') || environment('all_proxy'));
	const httpsProxy = asUrl(environment('https_proxy') || environment('all_proxy'));
	// undici would look at the environment anew for each request
	if (!httpProxy && !httpsProxy) return new Agent(options);
	const noProxy = environment('no_proxy') ?? '';
	try {
		return new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy });
	} catch {
		// undici's error would hold the address, and with it the proxy's password
		throw unusableProxy();
	}
}

const unusableProxy = () =>
	new GradientApiError(
		'A proxy in the environment variables HTTP_PROXY, HTTPS_PROXY and ALL_PROXY of n8n is not a web address. It must look like http://user:password@host:port',
		{ kind: 'settings' },
	);

/** The lookup alone does not see an IP address that stands in the URL: it is never looked up. */
function withUrlCheck(agent: Dispatcher, filter: EgressFilter): Dispatcher {
	return agent.compose((dispatch) => (options, handler) => {
		// undici's types want a controller, but there is none before a connection is tried
		const fail = (error: Error) => handler.onResponseError?.(null as never, error);
		filter
			.validateUrl(new URL(options.path, String(options.origin)))
			.then((result) => (result.ok ? dispatch(options, handler) : fail(result.error)))
			.catch(fail);
		return true;
	});
}

/** All that the environment says of proxies, for who must know whether it is still the same. */
export const proxiesOf = () =>
	['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].map((name) => environment(name) ?? '');

/** Lower case first, as n8n and curl do. */
const environment = (name: string) => process.env[name] || process.env[name.toUpperCase()];

/** undici misreads a proxy without a scheme, which curl and n8n accept. */
const asUrl = (proxy?: string) => (!proxy || proxy.includes('://') ? proxy : `http://${proxy}`);
