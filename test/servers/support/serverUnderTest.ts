import type { ServerFacts } from './bench';
import { SERVER_NAMES } from './case';

/** As run.mts hands it on. */
interface Given extends ServerFacts {
	baseUrl: string;
	apiKey: string;
	/** Prometheus's text; null where the server has none. */
	metricsUrl: string | null;
	logFile: string;
}

/**
 * The server that run.mts has started for these tests.
 * @throws where it has not: the environment variable TEST_SERVER is its word for it
 */
export function serverUnderTest() {
	const { TEST_SERVER } = process.env;
	if (!TEST_SERVER) throw new Error('No server was started: npm run test:servers -- [NAME …]');
	const given = JSON.parse(TEST_SERVER) as Given;
	const { name, software, version, model, limits, baseUrl, apiKey, metricsUrl } = given;
	if (!SERVER_NAMES.includes(name)) throw new Error(`The tables have no server '${name}'`);
	const facts: ServerFacts = { name, software, version, model, limits };
	const running = metricsUrl === null ? undefined : async () => await runningOn(metricsUrl, apiKey);
	return { facts, baseUrl, apiKey, running };
}

/** The requests that a server works on, by its own metrics: vLLM's, or llama-server's. */
const RUNNING = /^(?:vllm:num_requests_running|llamacpp:requests_processing)\S* (\S+)$/gm;

async function runningOn(metricsUrl: string, apiKey: string): Promise<number> {
	const response = await fetch(metricsUrl, { headers: { authorization: `Bearer ${apiKey}` } });
	const values = (await response.text()).matchAll(RUNNING);
	return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}
