import './environment'; // before n8n-core
import 'reflect-metadata'; // n8n's dependency injection wants it before any @n8n/* package
import { ExternalSecretsProxy } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';

const url = (name: string) => `http://127.0.0.1/${name}`;

const notInTests = (name: string) => async () => {
	throw new Error(`${name} is not available in tests`);
};

/** What n8n's server hands to the engine beside a workflow. */
export function createAdditionalData(
	parts: Partial<IWorkflowExecuteAdditionalData> &
		Pick<IWorkflowExecuteAdditionalData, 'credentialsHelper'>,
): IWorkflowExecuteAdditionalData {
	return {
		// Absolute URLs, or every parameter read throws "Invalid URL": n8n makes resume URLs of them.
		restApiUrl: url('rest'),
		instanceBaseUrl: url(''),
		formBaseUrl: url('form'),
		formWaitingBaseUrl: url('form-waiting'),
		formTestBaseUrl: url('form-test'),
		webhookBaseUrl: url('webhook'),
		webhookWaitingBaseUrl: url('webhook-waiting'),
		webhookTestBaseUrl: url('webhook-test'),
		mcpBaseUrl: url('mcp'),
		mcpTestBaseUrl: url('mcp-test'),
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		currentNodeExecutionIndex: 0,
		// Called without a check as soon as a tool or a model node runs.
		logAiEvent: () => {},
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: notInTests('executeWorkflow'),
		startRunnerTask: notInTests('startRunnerTask'),
		...parts,
	};
}
