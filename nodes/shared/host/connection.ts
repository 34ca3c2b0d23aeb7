import type { IExecuteFunctions, ILoadOptionsFunctions, ISupplyDataFunctions } from 'n8n-workflow';

import { version } from '../../../package.json';
import type {
	CallOptions,
	EgressFilter,
	GradientClient,
	Violation,
	loadStructuredOutput,
} from '../client';
import type { JsonObject } from '../client/json';
import { CATALOGUE_URL, type DescribedModel, withFacts } from '../client/response/catalogue';
import { assertAllowedDomain, isAllowed } from './allowedDomains';

export interface Connection {
	client: GradientClient;
	/** All models, with what the control plane's catalogue says of them, where it may be asked. */
	listModels(options?: CallOptions): Promise<DescribedModel[]>;
	findViolations(request: unknown): Violation[];
	/** For the schema of a connected tool, whichever form it has. */
	toJsonSchema(schema: unknown): JsonObject | undefined;
	loadStructuredOutput: typeof loadStructuredOutput;
	/** Ends all requests: the user pressed Stop, or another item has failed the execution. */
	signal?: AbortSignal;
	close(): void;
}

interface ConnectionOptions {
	/** ms */
	delayBetweenRequests?: number;
	signal?: AbortSignal;
	/** Learns how long a request waits before it is sent again, ms. */
	onWait?(ms: number): void;
}

interface Credential {
	apiKey: string;
	baseUrl: string;
	ignoreSslIssues?: boolean;
}

/**
 * Opens a client with the node's credential, behind n8n's egress filter. To be closed by the caller.
 * @throws GradientApiError `settings`, NodeOperationError, what n8n throws for a missing credential, or the reason
 * of the signal
 */
export async function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions | ISupplyDataFunctions,
	{ delayBetweenRequests, signal, onWait }: ConnectionOptions = {},
): Promise<Connection> {
	const credential = await context.getCredentials<Credential>('gradientApi');
	const { GradientClient, ...others } = await import('../client');
	const { findViolations, toJsonSchema, loadStructuredOutput: load } = others;
	// nobody would close a client that nobody waits for any more
	signal?.throwIfAborted();
	const client = new GradientClient({
		apiKey: credential.apiKey,
		baseUrl: credential.baseUrl,
		ignoreSslIssues: credential.ignoreSslIssues,
		userAgent: `n8n-nodes-digitalocean-gradient/${version}`,
		delayBetweenRequests,
		onWait,
		// from n8n 2.28
		egressFilter: context.helpers.getSecureEgressFilter?.() as EgressFilter | undefined,
	});
	let isGranted = false;
	try {
		assertAllowedDomain(context.getNode(), credential, client.baseUrl);
		isGranted = true;
	} finally {
		if (!isGranted) client.close();
	}
	const mayAsk = client.hasCatalogue && isAllowed(credential, CATALOGUE_URL);
	const listModels = async (options?: CallOptions) => {
		const [models, catalogue] = await Promise.all([
			client.listModels(options),
			// what it says is welcome, and nothing without which the list were less
			mayAsk ? client.readCatalogue(options).catch(() => undefined) : undefined,
		]);
		return catalogue ? withFacts(models, catalogue) : models;
	};
	return {
		client,
		listModels,
		findViolations,
		toJsonSchema,
		loadStructuredOutput: load,
		signal,
		close: () => client.close(),
	};
}
