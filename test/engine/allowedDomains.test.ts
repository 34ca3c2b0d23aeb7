import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { GRADIENT, NODE, TEXT, useGradient } from '../support/gradientNode';
import { runListSearch } from '../support/editor';

const gradient = useGradient();

const domains = (allowedDomains: string): ICredentialDataDecryptedObject => ({
	allowedHttpRequestDomains: 'domains',
	allowedDomains,
});

test.each<[string, ICredentialDataDecryptedObject]>([
	['the setting All', { allowedHttpRequestDomains: 'all' }],
	['the setting None, which is about other nodes', { allowedHttpRequestDomains: 'none' }],
	['the host on the list', domains('127.0.0.1')],
	['the host among others', domains('example.com, 127.0.0.1 ,other.example')],
])('A request is sent with %s', async (_, credential) => {
	const result = await gradient.run(TEXT, { credential });
	expect(result.json(NODE)[0].text).toBe('Echo: Hello');
});

test.each([
	['an empty list', ''],
	['other hosts', 'example.com, localhost'],
])('Nothing is sent with %s', async (_, list) => {
	const { error } = await gradient.run(TEXT, { credential: domains(list) });
	expect(error?.name).toBe('NodeOperationError');
	expect(error?.message).toBe(
		"The credential does not allow requests to 127.0.0.1: add it to 'Allowed Domains', or correct 'Base URL'",
	);
	expect(gradient.server.requests).toEqual([]);
	expect(gradient.server.connectionsOpened).toBe(0);
});

test('The list of models keeps to the domains too', async () => {
	const search = runListSearch({
		loader: gradient.loader,
		nodeType: GRADIENT,
		method: 'searchModels',
		credentials: { gradientApi: { ...gradient.credential, ...domains('example.com') } },
	});
	await expect(search).rejects.toThrow('does not allow requests to 127.0.0.1');
	expect(gradient.server.requests).toEqual([]);
});
