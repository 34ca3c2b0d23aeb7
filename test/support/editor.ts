/** What n8n's editor asks a package for, without a workflow run: list searches and credential tests. */
import './environment'; // before n8n-core
import 'reflect-metadata'; // n8n's dependency injection wants it before any @n8n/* package
import { ExecuteContext, LoadOptionsContext, RoutingNode } from 'n8n-core';
import type { PackageDirectoryLoader } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import { InMemoryCredentials, type CredentialStore } from './credentials';
import { createRunExecutionData } from './host';
import { TestNodeTypes } from './nodeTypes';
import { defineNodeType } from './standIns';

const NO_OP = 'n8n-nodes-base.noOp';

export interface ListSearchOptions {
	loader: PackageDirectoryLoader;
	/** Full type name, e.g. `n8n-nodes-digitalocean-gradient.gradient`. */
	nodeType: string;
	/** Name in `methods.listSearch`. */
	method: string;
	credentials?: CredentialStore;
	/** What the user typed into the list's search box. */
	filter?: string;
	paginationToken?: string;
	/** The node's other parameters, for `getCurrentNodeParameter`. */
	parameters?: INodeParameters;
	/** The parameter that holds the list. */
	path?: string;
	typeVersion?: number;
}

/**
 * Fills a resource locator's list, as n8n's DynamicNodeParametersService does.
 * @throws what the method throws, which the editor shows in place of the list
 */
export async function runListSearch(options: ListSearchOptions): Promise<INodeListSearchResult> {
	const { loader, nodeType, method, credentials = {}, parameters = {}, typeVersion = 1 } = options;
	const nodeTypes = new TestNodeTypes(loader);
	const { description, methods } = nodeTypes.getByNameAndVersion(nodeType, typeVersion);
	const search = methods?.listSearch?.[method];
	if (!search) throw new Error(`${nodeType} has no methods.listSearch.${method}`);

	const usable = (description.credentials ?? []).filter(({ name }) => credentials[name]);
	const node: INode = {
		...temporaryNode(
			nodeType,
			usable.map(({ name }) => name),
		),
		typeVersion,
		parameters,
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = createAdditionalData({
		credentialsHelper: new InMemoryCredentials(loader, credentials),
		currentNodeParameters: parameters,
	});
	const context = new LoadOptionsContext(workflow, node, additionalData, options.path ?? '');
	return await search.call(context, options.filter, options.paginationToken);
}

/**
 * Runs a credential type's declarative `test`, as n8n's CredentialsTester does: a routing node with that
 * request in a temporary workflow. A failed test is a result, not an exception.
 * @throws if the type declares no test request
 */
export async function testCredential(
	loader: PackageDirectoryLoader,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { test } = loader.getCredential(type).type;
	if (!test) throw new Error(`${type} declares no test request`);

	const store = { [type]: data };
	const credentialsHelper = new InMemoryCredentials(loader, store);
	const node = temporaryNode(NO_OP, [type]);
	const nodeType = testingNodeType(type, test);
	const nodeTypes = new TestNodeTypes(loader, { [NO_OP]: nodeType });
	const context = new ExecuteContext(
		new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes }),
		node,
		createAdditionalData({ credentialsHelper }),
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const decrypted = {
		id: type,
		name: type,
		type,
		data: credentialsHelper.withDefaults(type, data),
	};
	try {
		const output = await new RoutingNode(context, nodeType, decrypted).runNode();
		return judgeBody(test, output?.[0]?.[0]);
	} catch (error) {
		return judgeFailure(test, error);
	}
}

function temporaryNode(type: string, credentials: string[]): INode {
	return {
		id: 'temp',
		name: 'Temp-Node',
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: Object.fromEntries(credentials.map((name) => [name, { id: name, name }])),
	};
}

function testingNodeType(credentialType: string, { request }: ICredentialTestRequest): INodeType {
	const { description } = defineNodeType('noOp', async () => []);
	description.credentials = [{ name: credentialType, required: true }];
	description.properties = [
		{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } },
	];
	return { description };
}

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

function judgeBody(
	{ rules = [] }: ICredentialTestRequest,
	item?: INodeExecutionData,
): INodeCredentialTestResult {
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, value, message } = rule.properties;
		const found = key
			.split('.')
			.reduce<unknown>(
				(place, name) => (place as Record<string, unknown> | undefined)?.[name],
				item?.json,
			);
		if (found === value) return failed(message);
	}
	return { status: 'OK', message: 'Connection successful!' };
}

interface RequestFailure {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

function judgeFailure(
	{ rules = [] }: ICredentialTestRequest,
	error: unknown,
): INodeCredentialTestResult {
	const { message, cause } = error as RequestFailure;
	if (!cause?.response) return failed(cause?.code ?? message);
	const { status, statusText } = cause.response;
	for (const rule of rules) {
		if (rule.type === 'responseCode' && rule.properties.value === status) {
			return failed(rule.properties.message);
		}
	}
	return failed(statusText || `Received HTTP status code: ${status}`);
}
