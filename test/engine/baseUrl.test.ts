import { NODE, TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

test.each(['', '/', '/v1', '/v1/', '/v1//'])('The base URL may end in "%s"', async (ending) => {
	const credential = { baseUrl: `${gradient.server.url}${ending}` };
	const result = await gradient.run(TEXT, { credential });
	expect(result.json(NODE)[0].text).toBe('Echo: Hello');
	expect(gradient.server.requests.map(({ path }) => path)).toEqual(['/v1/responses']);
});

test('Blanks around the base URL do not matter', async () => {
	const credential = { baseUrl: ` ${gradient.server.url}/v1 \n` };
	await gradient.run(TEXT, { credential });
	expect(gradient.server.requests.map(({ path }) => path)).toEqual(['/v1/responses']);
});

test('A path before /v1, as gateways have, stays', async () => {
	const credential = { baseUrl: `${gradient.server.url}/gateway/v1` };
	await gradient.run(TEXT, { credential });
	expect(gradient.server.requests.map(({ path }) => path)).toEqual(['/gateway/v1/responses']);
});

/** Would all reach the test's server if they were not refused. */
const port = () => new URL(gradient.server.url).port;

test.each<[string, () => string, string]>([
	['a blank in it', () => `http://127.0.0.1:${port()} /v1`, 'is not a web address'],
	['a line break in it', () => `http://127.0.0.1\n:${port()}`, 'is not a web address'],
	['another scheme', () => `ftp://127.0.0.1:${port()}`, 'is not a web address'],
	['no scheme', () => `127.0.0.1:${port()}`, 'is not a web address'],
	['words', () => 'my server', 'is not a web address'],
	[
		'a user name and a password',
		() => `http://user:password@127.0.0.1:${port()}`,
		'must not hold a user name or password',
	],
	['a query', () => `${gradient.server.url}/v1?a=1`, 'must end with its path'],
	['http to a public name', () => `http://example.com:${port()}`, 'must start with https://'],
	[
		'http to a name that begins like a private address',
		() => `http://127.0.0.1.example.com:${port()}`,
		'must start with https://',
	],
	['http to a public address', () => `http://8.8.8.8:${port()}`, 'must start with https://'],
])('A base URL with %s is refused, and nothing is sent', async (_, baseUrl, words) => {
	const { error } = await gradient.run(TEXT, { credential: { baseUrl: baseUrl() } });
	expect(error?.name).toBe('NodeOperationError');
	expect(error?.message).toContain("'Base URL' in the credential");
	expect(error?.message).toContain(words);
	expect(gradient.server.requests).toEqual([]);
	expect(gradient.server.connectionsOpened).toBe(0);
});
