import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	IDataObject,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { PackageDirectoryLoader } from 'n8n-core';

import { withDomainFields } from './host';

/** Decrypted credential data, by credential type name or by credential id (the id wins). */
export type CredentialStore = Record<string, ICredentialDataDecryptedObject>;

/** Credentials in memory, with the rules of n8n's own CredentialsHelper: defaults, domains, `authenticate`. */
export class InMemoryCredentials extends ICredentialsHelper {
	constructor(
		private readonly loader: PackageDirectoryLoader,
		private readonly store: CredentialStore,
	) {
		super();
	}

	/** What the node gets: the stored fields, and the defaults of those that were never set. */
	withDefaults(type: string, data: ICredentialDataDecryptedObject) {
		const fields = this.getCredentialsProperties(type);
		const filled = NodeHelpers.getNodeParameters(
			fields,
			data as INodeParameters,
			true,
			false,
			null,
			null,
		);
		return filled as ICredentialDataDecryptedObject;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return withDomainFields(this.loader.getCredential(type).type);
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		_mode: WorkflowExecuteMode,
		_executeData?: IExecuteData,
		raw?: boolean,
	) {
		const data = this.store[details.id ?? type] ?? this.store[type];
		if (!data) throw new Error(`The test stored no credential of type ${type}`);
		return raw ? { ...data } : this.withDefaults(type, data);
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const options = request as IHttpRequestOptions;
		const { authenticate } = this.loader.getCredential(type).type;
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		if (!authenticate) return options;
		if (!workflow || !node) throw new Error('A generic `authenticate` needs a workflow and a node');

		const resolve = (text: string) => resolveText(text, credentials, workflow, node);
		const parts = options as unknown as Record<string, IDataObject | undefined>;
		for (const [part, values] of Object.entries(authenticate.properties)) {
			const target = (parts[part] ??= {});
			for (const [name, value] of Object.entries(values as IDataObject)) {
				target[resolve(name)] = resolve(String(value));
			}
		}
		return options;
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Encrypted credentials do not exist in tests');
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}
}

function resolveText(
	text: string,
	credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	if (!text.startsWith('=')) return text;
	const keys = { $credentials: credentials as IDataObject };
	const value = workflow.expression.getSimpleParameterValue(
		node,
		text,
		'internal',
		keys as never,
		undefined,
		'',
	);
	return value ? String(value) : '';
}
