/** What differs between the versions of n8n that the tests run on. */
import * as workflow from 'n8n-workflow';
import type { ICredentialType, INodeProperties, IRunExecutionData } from 'n8n-workflow';

// an older n8n-workflow than that of the types
const host: Partial<typeof workflow> = workflow;

type RunDataParts = Parameters<typeof workflow.createRunExecutionData>[0];

/** From n8n 1.121 on, n8n-workflow makes it. */
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

/** The fields of a credential. Before 2.22 it was n8n's server that added those of the domains. */
export function withDomainFields(type: ICredentialType): INodeProperties[] {
	if (host.injectDomainRestrictionFields) return host.injectDomainRestrictionFields(type);
	return type.authenticate ? [...type.properties, ...DOMAIN_FIELDS] : type.properties;
}

export const isExpression = (text: string) => text.startsWith('=');
