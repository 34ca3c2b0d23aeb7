import { testCredential } from '../support/editor';
import { errorBodies } from '../support/errorBodies';
import { API_KEY, useGradient } from '../support/gradientNode';
import { type GradientServer, startGradientServer } from '../support/gradientServer';

const gradient = useGradient();

const check = async (data: Record<string, string> = {}) =>
	await testCredential(gradient.loader, 'gradientApi', { ...gradient.credential, ...data });

test('The right key passes the test', async () => {
	gradient.server.requireKey(API_KEY);
	expect(await check()).toMatchObject({ status: 'OK' });
	expect(gradient.server.requests).toEqual([
		expect.objectContaining({ method: 'GET', path: '/v1/models' }),
	]);
	expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
});

test('A wrong key does not pass, and the message says what to check', async () => {
	gradient.server.requireKey(API_KEY);
	expect(await check({ apiKey: 'sk-do-wrong' })).toEqual({
		status: 'Error',
		message: expect.stringContaining('personal access token needs full access'),
	});
});

test.each([
	'http://gradient.example/v1',
	'http://10.gradient.example/v1',
	'http://localhost.gradient.example',
	'http://8.8.8.8',
	'ftp://127.0.0.1',
])('No key is sent to %s: it is no address for the test', async (baseUrl) => {
	// in Jest the error has another realm's class, and n8n then shows its message instead of its code
	const message = expect.stringMatching(/^(ERR_INVALID_URL|Invalid URL)$/) as string;
	expect(await check({ baseUrl })).toEqual({ status: 'Error', message });
});

test.each(['', '/', '/v1', '/v1/', '/v1//'])('The base URL may end in "%s"', async (ending) => {
	gradient.server.requireKey(API_KEY);
	const baseUrl = `${gradient.server.url}${ending}`;
	expect(await check({ baseUrl })).toMatchObject({ status: 'OK' });
	expect(gradient.server.requests.map(({ path }) => path)).toEqual(['/v1/models']);
});

test('Blanks around base URL and key do not matter, as they do not for the node', async () => {
	gradient.server.requireKey(API_KEY);
	const baseUrl = ` ${gradient.server.url}/v1 `;
	expect(await check({ baseUrl, apiKey: ` ${API_KEY} ` })).toMatchObject({ status: 'OK' });
});

test('A path before /v1, as gateways have, stays', async () => {
	await check({ baseUrl: `${gradient.server.url}/gateway/v1` });
	expect(gradient.server.requests.map(({ path }) => path)).toEqual(['/gateway/v1/models']);
});

test('A server that is no Gradient does not pass', async () => {
	gradient.server.answer(errorBodies.maintenance404);
	expect(await check()).toEqual({
		status: 'Error',
		message: 'There is no model list at this address. Check the Base URL.',
	});
});

describe('A server that points to another host', () => {
	let other: GradientServer;
	beforeAll(async () => {
		other = await startGradientServer();
	});
	afterAll(async () => await other.close());

	test.each([300, 301, 302, 303, 307, 308])(
		'does not pass, and the key stays where it is: HTTP %i',
		async (status) => {
			const headers = { location: `${other.url}/v1/models` };
			gradient.server.answer({ status, headers });
			expect(await check()).toEqual({
				status: 'Error',
				message: expect.stringMatching(
					`^The server points to another address \\(HTTP ${status}\\), which is not followed.+Base URL`,
				),
			});
			expect(gradient.server.requests).toHaveLength(1);
			expect(other.requests).toEqual([]);
		},
	);

	test('does not pass either where it points to itself', async () => {
		gradient.server.answer([{ status: 308, headers: { location: '/v1/models/' } }]);
		expect(await check()).toMatchObject({ status: 'Error' });
		expect(gradient.server.requests).toHaveLength(1);
	});
});

test('The key is a password field, and all fields have a use that is described', () => {
	const { properties } = gradient.loader.getCredential('gradientApi').type;
	const [key] = properties.filter(({ name }) => name === 'apiKey');
	expect(key.typeOptions).toEqual({ password: true });
	const fields = properties.filter(({ type }) => type !== 'notice');
	for (const { description } of fields) expect(description).toBeTruthy();
});
