import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { safeAddress } from './safeAddress';

/** With or without `/v1` and a slash at the end; no address at all where the key would be seen. */
const SAFE_BASE_URL = safeAddress(
	'baseUrl',
	'Base URL',
	'.replace(new RegExp("/+$"), "").replace(new RegExp("/v1$"), "") + "/v1"',
);

/** n8n (2.41) would follow them with the key in hand, whichever host they point to. */
const REDIRECTS = [300, 301, 302, 303, 307, 308];

export class GradientApi implements ICredentialType {
	name = 'gradientApi';

	displayName = 'DigitalOcean Gradient API';

	icon = {
		light: 'file:../nodes/Gradient/gradient.svg',
		dark: 'file:../nodes/Gradient/gradient.dark.svg',
	} as const;

	documentationUrl =
		'https://docs.digitalocean.com/products/inference/how-to/manage-model-access-keys/';

	properties: INodeProperties[] = [
		{
			displayName: 'Model Access Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			placeholder: 'e.g. sk-do-...',
			required: true,
			default: '',
			description:
				'One of: a model access key (starts with sk-do- or doo_v1_), made under Inference in the DigitalOcean control panel; a personal access token (starts with dop_v1_) with full access, as one of limited scope is refused; or the token of a dedicated inference endpoint (starts with di_). Keys of agent endpoints do not work.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://inference.do-ai.run/v1',
			placeholder: 'e.g. https://inference.do-ai.run/v1',
			description:
				'Change it only for a dedicated inference endpoint or a gateway of your own. Must start with https://; http:// is accepted for localhost and private IP addresses only. /v1 at the end may be left out.',
		},
		{
			displayName:
				'Over http:// everybody on the way could read the key. Use https://; http:// is possible for localhost and private IP addresses only.',
			name: 'unencrypted',
			type: 'notice',
			default: '',
			displayOptions: {
				// no regex: n8n gives one 250 ms, and on a busy machine the whole execution then fails (2.41)
				show: { baseUrl: [{ _cnd: { startsWith: 'http://' } }] },
			},
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to connect even if the certificate of the server cannot be verified. The key can then be read by whoever sits in between.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: SAFE_BASE_URL,
			url: '/models',
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
			disableFollowRedirect: true,
		},
		// n8n shows the bare status text otherwise
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The key is not accepted. Check that it is complete; a personal access token needs full access, and keys of agent endpoints do not work here.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The key may not be used from here. It may be limited to a VPC.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is no model list at this address. Check the Base URL.',
				},
			},
			...REDIRECTS.map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message: `The server points to another address (HTTP ${value}), which is not followed, as the key would travel along. Correct the Base URL.`,
				},
			})),
		],
	};
}
