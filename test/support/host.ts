/** What differs between the versions of n8n that the tests run on (`npm run test:compat`). */
import './environment'; // before n8n-core
import 'reflect-metadata'; // n8n's dependency injection wants it before any @n8n/* package
import { LoadOptionsContext } from 'n8n-core';
import * as workflow from 'n8n-workflow';
import type {
	ICredentialType,
	INode,
	INodeProperties,
	INodeTypes,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

// may be older than the types
const host: Partial<typeof workflow> = workflow;

/** Each by the name of what n8n got with it. */
const FEATURES = {
	/** n8n-workflow 2.16: nodes report the tokens that they spent. */
	accumulateTokenUsage: () => 'accumulateTokenUsage' in host,
	/** n8n 2.16, like the tokens: the SDK of chat models. */
	aiNodeSdk: () => 'accumulateTokenUsage' in host,
	/** n8n-core 2.28: protection against server-side request forgery. */
	getSecureEgressFilter: () => 'getSecureEgressFilter' in helpers(),
	/** After n8n 2.0: tools that ask a person; since then, n8n tells each tool the node that it is of. */
	isHitlToolType: () => 'isHitlToolType' in host,
	/** After n8n 2.20: a run that does not start for an empty field names it. */
	nodeIssuesToString: () => 'nodeIssuesToString' in host,
};

const isThere = (feature: keyof typeof FEATURES) => FEATURES[feature]();

/** Skipped, and reported so, where n8n is older than the feature. */
export const testIfHost = (feature: keyof typeof FEATURES) => (isThere(feature) ? test : test.skip);

/** As `testIfHost`, for several tests. */
export const describeIfHost = (feature: keyof typeof FEATURES) =>
	isThere(feature) ? describe : describe.skip;

/** In place of Jest's own, for a whole file. */
export const ifHost = (feature: keyof typeof FEATURES) => ({
	describe: describeIfHost(feature),
	test: testIfHost(feature),
});

function helpers(): object {
	const node: INode = {
		id: '1',
		name: 'Node',
		type: 'test.node',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;
	const empty = new workflow.Workflow({ nodes: [], connections: {}, active: false, nodeTypes });
	return new LoadOptionsContext(empty, node, {} as IWorkflowExecuteAdditionalData, '').helpers;
}

type RunDataParts = Parameters<typeof workflow.createRunExecutionData>[0];

/** That of n8n-workflow, which older versions leave to who starts a run. */
export function createRunExecutionData(parts: RunDataParts = {}): IRunExecutionData {
	if (host.createRunExecutionData) return host.createRunExecutionData(parts);
	return {
		startData: {},
		resultData: { runData: {}, ...parts.resultData },
		executionData: {
			contextData: {},
			nodeExecutionStack: [],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			...parts.executionData,
		},
	} as unknown as IRunExecutionData;
}

const DOMAIN_FIELDS: INodeProperties[] = [
	{
		displayName: 'Allowed HTTP Request Domains',
		name: 'allowedHttpRequestDomains',
		type: 'options',
		options: ['all', 'domains', 'none'].map((value) => ({ name: value, value })),
		default: 'all',
	},
	{
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'string',
		default: '',
		displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
	},
];

/**
 * As n8n does around expressions outside of a run: the sandboxed engine evaluates only between these.
 * The first n8n 1.123 had no such engine.
 */
export async function withIsolate<T>(
	{ expression }: workflow.Workflow,
	use: () => T | Promise<T>,
): Promise<T> {
	await expression.acquireIsolate?.();
	try {
		return await use();
	} finally {
		await expression.releaseIsolate?.();
	}
}

/** The fields of a credential, with those that n8n adds; in older versions its server does. */
export function withDomainFields(type: ICredentialType): INodeProperties[] {
	if (host.injectDomainRestrictionFields) return host.injectDomainRestrictionFields(type);
	return type.authenticate ? [...type.properties, ...DOMAIN_FIELDS] : type.properties;
}
