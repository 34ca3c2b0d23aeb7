import { type INode, NodeOperationError } from 'n8n-workflow';

/** DigitalOcean's own endpoint, which the user's list of domains never needs to name. */
const OWN_HOST = 'inference.do-ai.run';

/** The two fields that n8n adds to each credential. */
interface DomainFields {
	allowedHttpRequestDomains?: 'all' | 'domains' | 'none';
	allowedDomains?: string;
}

/**
 * Keeps to the 'Allowed HTTP Request Domains' of the credential, as n8n does for its own nodes: a list
 * admits the hosts on it (`*.example.com`: subdomains only) and the API's own; `all` and, on the node
 * that the credential belongs to, `none` restrict nothing. n8n does not apply it to a node's own client.
 * @throws NodeOperationError
 */
export function assertAllowedDomain(node: INode, credential: object, baseUrl: string): void {
	if (isAllowed(credential, baseUrl)) return;
	const host = withoutDot(new URL(baseUrl).hostname);
	throw new NodeOperationError(
		node,
		`The credential does not allow requests to ${host}: add it to 'Allowed Domains', or correct 'Base URL'`,
	);
}

/** The same, to be asked before a request that nobody would miss. */
export function isAllowed(credential: object, url: string): boolean {
	const { allowedHttpRequestDomains, allowedDomains = '' } = credential as DomainFields;
	if (allowedHttpRequestDomains !== 'domains') return true;
	const host = withoutDot(new URL(url).hostname);
	const allowed = [OWN_HOST, ...allowedDomains.split(',').map(withoutDot)];
	return allowed.some((domain) =>
		domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain,
	);
}

const withoutDot = (domain: string) => domain.trim().toLowerCase().replace(/\.$/, '');
