import { json } from '../support/answers';
import { testCredential } from '../support/editor';
import { MCP_TOKEN, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const check = async (serverUrl = `${gradient.server.url}/mcp`) =>
	await testCredential(gradient.loader, 'gradientMcpServerApi', { serverUrl, token: MCP_TOKEN });

const INITIALIZED = { jsonrpc: '2.0', id: 1, result: { protocolVersion: '2025-06-18' } };

test('The test begins a session as MCP clients do, with the token', async () => {
	gradient.server.answer(json(INITIALIZED));
	expect(await check()).toMatchObject({ status: 'OK' });
	const [{ method, path, headers, body }] = gradient.server.requests;
	expect([method, path, headers.authorization]).toEqual(['POST', '/mcp', `Bearer ${MCP_TOKEN}`]);
	expect(headers.accept).toBe('application/json, text/event-stream');
	expect(body).toMatchObject({ jsonrpc: '2.0', method: 'initialize' });
});

test.each([
	[401, 'does not accept the token'],
	[403, 'does not have the rights'],
	[404, 'no MCP server at this address'],
	[307, 'is not followed'],
])('HTTP %i does not pass, and the message says why', async (status, words) => {
	gradient.server.answer({ status, headers: { location: `${gradient.server.url}/elsewhere` } });
	expect(await check()).toEqual({ status: 'Error', message: expect.stringContaining(words) });
	// n8n (2.41) repeats what got a 401
	expect(new Set(gradient.server.requests.map(({ path }) => path))).toEqual(new Set(['/mcp']));
});

test.each(['http://mcp.example.com/mcp', 'ftp://127.0.0.1/mcp', 'mcp.example.com'])(
	'No token is sent to %s: it is no address for the test',
	async (serverUrl) => {
		// in Jest the error has another realm's class, and n8n then shows its message instead of its code
		const message = expect.stringMatching(/^(ERR_INVALID_URL|Invalid URL)$/) as string;
		expect(await check(serverUrl)).toEqual({ status: 'Error', message });
	},
);
