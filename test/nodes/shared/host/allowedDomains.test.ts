import type { INode } from 'n8n-workflow';

import { assertAllowedDomain } from '../../../../nodes/shared/host/allowedDomains';
import { gradientNode } from '../../../support/gradientNode';

const node: INode = gradientNode({});

const check = (allowedDomains: string | undefined, host: string) => () =>
	assertAllowedDomain(
		node,
		{ allowedHttpRequestDomains: 'domains', allowedDomains },
		`https://${host}/v1`,
	);

test.each<[string, string | undefined, string]>([
	['the host', 'api.example.com', 'api.example.com'],
	['the host in capitals, with a dot and blanks', ' API.Example.com. ,', 'api.example.com'],
	['the host among others', 'a.example,b.example', 'b.example'],
	['a wildcard for its subdomain', '*.example.com', 'api.example.com'],
	['a wildcard for a subdomain of that', '*.example.com', 'v1.api.example.com'],
	["nothing, for DigitalOcean's own host", '', 'inference.do-ai.run'],
	["no list, for DigitalOcean's own host", undefined, 'inference.do-ai.run'],
])('A list with %s admits it', (_, list, host) => {
	expect(check(list, host)).not.toThrow();
});

test.each<[string, string | undefined, string]>([
	['nothing', '', 'api.example.com'],
	['nothing but commas', ' , ,', 'api.example.com'],
	['no list', undefined, 'api.example.com'],
	['a wildcard, the bare domain', '*.example.com', 'example.com'],
	['the domain, its subdomain', 'example.com', 'api.example.com'],
	['a name, one that only ends alike', 'example.com', 'notexample.com'],
	['a wildcard, one that only ends alike', '*.example.com', 'notexample.com'],
	['a wildcard alone, a host', '*', 'example.com'],
	["nothing, a name that begins like DigitalOcean's", '', 'inference.do-ai.run.example.com'],
])('A list with %s does not admit it', (_, list, host) => {
	expect(check(list, host)).toThrow(`The credential does not allow requests to ${host}`);
});

test.each(['all', 'none', undefined])('The setting %s restricts nothing', (setting) => {
	const credential = { allowedHttpRequestDomains: setting, allowedDomains: 'example.com' };
	expect(() => assertAllowedDomain(node, credential, 'https://other.example')).not.toThrow();
});
