import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { safeAddress } from './safeAddress';

/** n8n (2.41) would follow them with the token in hand, whichever host they point to. */
const REDIRECTS = [300, 301, 302, 303, 307, 308];

/** The token of an MCP server that DigitalOcean calls while it answers. */
export class GradientMcpServerApi implements ICredentialType {
	name = 'gradientMcpServerApi';

	displayName = 'DigitalOcean Gradient MCP Server API';

	icon = {
		light: 'file:../nodes/Gradient/gradient.svg',
		dark: 'file:../nodes/Gradient/gradient.dark.svg',
	} as const;

	documentationUrl =
		'https://docs.digitalocean.com/products/inference/how-to/use-serverless-inference/';

	properties: INodeProperties[] = [
		{
			displayName:
				'DigitalOcean gets this token with each request that uses the server, and calls the server with it. Give it no more rights than the model needs.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Server URL',
			name: 'serverUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://mcp.example.com/mcp',
			description:
				'The address of the MCP server. The token is sent for this address, and for no other. Must start with https://; http:// is accepted for localhost and private IP addresses only.',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The access token that the server wants, without the word Bearer',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.token.trim() }}' } },
	};

	/** How each MCP client begins (specification of 2025-06-18, "Initialization"). */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			baseURL: safeAddress('serverUrl', 'Server URL'),
			url: '',
			headers: { Accept: 'application/json, text/event-stream' },
			body: {
				jsonrpc: '2.0',
				id: 1,
				method: 'initialize',
				params: {
					protocolVersion: '2025-06-18',
					capabilities: {},
					clientInfo: { name: 'n8n-nodes-digitalocean-gradient', version: '1' },
				},
			},
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'The server does not accept the token.' },
			},
			{
				type: 'responseCode',
				properties: { value: 403, message: 'The token does not have the rights that it needs.' },
			},
			{
				type: 'responseCode',
				properties: { value: 404, message: 'There is no MCP server at this address.' },
			},
			...REDIRECTS.map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message: `The server points to another address (HTTP ${value}), which is not followed, as the token would travel along.`,
				},
			})),
		],
	};
}
