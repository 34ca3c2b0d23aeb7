import { BlockList, isIPv4, isIPv6 } from 'node:net';

import { GradientApiError } from '../errors';

export const DEFAULT_BASE_URL = 'https://inference.do-ai.run/v1';

const privateAddresses = new BlockList();
privateAddresses.addSubnet('127.0.0.0', 8);
privateAddresses.addSubnet('10.0.0.0', 8);
privateAddresses.addSubnet('172.16.0.0', 12);
privateAddresses.addSubnet('192.168.0.0', 16);
privateAddresses.addAddress('::1', 'ipv6');
privateAddresses.addSubnet('fc00::', 7, 'ipv6');

/** n8n's agent opens a client for each of its rounds. */
let last = { typed: DEFAULT_BASE_URL, normalized: DEFAULT_BASE_URL };

/**
 * The address that paths like `/responses` are appended to. `https://host`, `https://host/`,
 * `https://host/v1` and `https://host/v1/` mean the same (as in DigitalOcean's own examples); a path
 * before `/v1`, as gateways have, stays.
 * @throws GradientApiError `settings`, in words for the credential's 'Base URL'
 */
export function normalizeBaseUrl(typed: string): string {
	if (typed !== last.typed) last = { typed, normalized: normalize(typed) };
	return last.normalized;
}

function normalize(typed: string): string {
	const url = parse(typed.trim() || DEFAULT_BASE_URL);
	if (url.username || url.password) throw refuse('must not hold a user name or password');
	if (url.search || url.hash)
		throw refuse('must end with its path: remove the part from ? or # on');
	if (!isSafe(url)) {
		throw refuse(
			`must start with https://, or the key would travel unencrypted. http:// is only possible for localhost and private IP addresses, and '${url.hostname}' is neither`,
		);
	}
	if (/\/(responses|models)\/*$/.test(url.pathname)) {
		throw refuse('must end before /responses or /models: the node adds those itself');
	}
	const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
	return `${url.origin}${path}/v1`;
}

function parse(typed: string): URL {
	// URL would drop line breaks and encode spaces silently, and the key would go to another place
	const hasBlank = [...typed].some((character) => character.charCodeAt(0) <= 0x20);
	const url = hasBlank || !URL.canParse(typed) ? undefined : new URL(typed);
	if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
	throw refuse(`is not a web address. It must look like ${DEFAULT_BASE_URL}`);
}

/** Whether a secret may travel there: encrypted, or to a host that nobody outside can own. */
export const isSafe = ({ protocol, hostname }: URL): boolean =>
	protocol === 'https:' || (protocol === 'http:' && isPrivate(hostname));

/** An address that the user typed himself and that no one outside can own. A name proves nothing. */
function isPrivate(hostname: string): boolean {
	const address = hostname.replace(/^\[|\]$/g, '');
	if (isIPv4(address)) return privateAddresses.check(address, 'ipv4');
	if (isIPv6(address)) return privateAddresses.check(address, 'ipv6');
	return address === 'localhost' || address.endsWith('.localhost');
}

const refuse = (complaint: string) =>
	new GradientApiError(`'Base URL' in the credential ${complaint}`, { kind: 'settings' });
