/** Tools that the API runs itself: what of them comes out, and where a token of them goes. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { MCP_TOKEN, MCP_URL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, message, responseOf, textResponse } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const mcp = (row: IDataObject = {}) => ({ type: 'mcp', serverLabel: 'tickets', ...row });
const withTools = (...tool: IDataObject[]): IDataObject => ({ ...TEXT, tools: { tool } });
const withToken = (...tool: IDataObject[]): IDataObject => ({
	...withTools(...tool),
	options: { mcpServerCredential: true },
});
const tools = () => gradient.server.bodies[0].tools as IDataObject[];

const MCP_CALL = {
	type: 'mcp_call',
	id: 'mcp_1',
	server_label: 'tickets',
	name: 'find',
	arguments: '{"id":7}',
	output: 'open',
	status: 'completed',
};

describe('What the server ran', () => {
	test('is in server_tool_calls, not in tool_calls, and not asked for again', async () => {
		gradient.server.answer([json(responseOf([MCP_CALL, message('It is open.')]))]);
		const result = await gradient.run(withTools(mcp({ serverUrl: MCP_URL })));
		expect(result.json(NODE)[0]).toMatchObject({
			text: 'It is open.',
			finish_reason: 'stop',
			server_tool_calls: [
				{
					type: 'mcp_call',
					name: 'find',
					server_label: 'tickets',
					args: { id: 7 },
					output: 'open',
				},
			],
		});
		expect(result.json(NODE)[0].tool_calls ?? []).toEqual([]);
		expect(result.hints(NODE)).toEqual([]);
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('is of all rounds, and stays in the conversation that goes back', async () => {
		gradient.server.answer([
			json(responseOf([MCP_CALL, functionCall('get_weather', '{}', 'call_1')])),
			json(responseOf([{ ...MCP_CALL, name: 'close' }, message('Done.')])),
		]);
		const form = withTools(mcp({ serverUrl: MCP_URL }));
		const run = startWithTools(gradient, form, {
			tools: { Weather: () => echoTool('get_weather') },
		});
		const [item] = (await run.result).json(NODE);
		const ran = item.server_tool_calls as IDataObject[];
		expect(ran.map(({ name }) => name)).toEqual(['find', 'close']);
		expect((item.tool_runs as IDataObject[]).map(({ name }) => name)).toEqual(['get_weather']);
		const second = gradient.server.bodies[1].input as IDataObject[];
		expect(second.map(({ type }) => type)).toEqual([
			'message',
			'mcp_call',
			'function_call',
			'function_call_output',
		]);
	});

	test('and came as a function call with its result, is not run again by a connected tool', async () => {
		const ran: unknown[] = [];
		gradient.server.answer([
			json(
				responseOf([
					functionCall('get_weather', '{"city":"Oslo"}', 'call_1'),
					{ type: 'function_call_output', call_id: 'call_1', output: 'snow' },
					functionCall('get_weather', '{"city":"Rome"}', 'call_2'),
				]),
			),
			json(textResponse('Snow and sun.')),
		]);
		const tool = () => echoTool('get_weather', { invoke: (args) => (ran.push(args), 'sun') });
		const result = await startWithTools(gradient, TEXT, { tools: { Weather: tool } }).result;
		expect(result.json(NODE)[0].text).toBe('Snow and sun.');
		expect(ran).toEqual([{ city: 'Rome' }]);
		const outputs = (gradient.server.bodies[1].input as IDataObject[]).filter(
			({ type }) => type === 'function_call_output',
		);
		expect(outputs.map(({ call_id: id, output }) => [id, output])).toEqual([
			['call_1', 'snow'],
			['call_2', 'sun'],
		]);
	});
});

describe('The token of the MCP server', () => {
	test('goes along where the row has the address of the credential, or none', async () => {
		await gradient.run(withToken(mcp(), mcp({ serverLabel: 'same', serverUrl: `${MCP_URL}/` })));
		expect(tools()).toEqual([
			{ type: 'mcp', server_label: 'tickets', server_url: MCP_URL, authorization: MCP_TOKEN },
			{ type: 'mcp', server_label: 'same', server_url: `${MCP_URL}/`, authorization: MCP_TOKEN },
		]);
	});

	test('does not go to another server', async () => {
		const other = mcp({ serverLabel: 'other', serverUrl: 'https://mcp.example.net/mcp' });
		await gradient.run(withToken(mcp(), other));
		expect(tools()[1]).not.toHaveProperty('authorization');
	});

	test.each([
		'https://mcp.example.com',
		'https://mcp.example.com/other',
		'http://mcp.example.com/mcp',
		'https://mcp.example.com.evil.example/mcp',
		'https://mcp.example.com:8443/mcp',
		'https://mcp.example.com/mcp?x=1',
	])('is not sent for %s, and that no row has its server is said', async (serverUrl) => {
		const { error } = await gradient.run(withToken(mcp({ serverUrl })));
		expect(error?.message).toMatch(
			/^'MCP Server Credential' is for https:\/\/mcp.example.com\/mcp, /,
		);
		expect(gradient.server.requests).toEqual([]);
	});

	test('is not sent where the option is off', async () => {
		await gradient.run(withTools(mcp({ serverUrl: MCP_URL })));
		expect(tools()[0]).not.toHaveProperty('authorization');
	});

	test('is in no item, though the server repeats the tools of the request', async () => {
		gradient.server.answer(({ body }) => {
			const { tools: echoed } = body as IDataObject;
			return json({ ...textResponse(`I know ${MCP_TOKEN}`), tools: echoed });
		});
		const result = await gradient.run({ ...withToken(mcp()), simplify: false });
		const [item] = result.json(NODE);
		expect((item.tools as IDataObject[])[0].authorization).toBe('***');
		expect(JSON.stringify(item)).not.toContain(MCP_TOKEN);
	});

	test('nor in an error', async () => {
		const words = `No access to ${MCP_URL} with ${MCP_TOKEN}`;
		gradient.server.answer(json({ error: { message: words } }, { status: 400 }));
		const { error } = await gradient.run(withToken(mcp()));
		expect(error?.message).toContain('with ***');
		expect(JSON.stringify([error, error?.description])).not.toContain(MCP_TOKEN);
	});
});

test.each<[string, IDataObject, string]>([
	[
		'an MCP server without label',
		{ type: 'mcp', serverUrl: MCP_URL },
		"'Server Label' is required",
	],
	['an MCP server without address', mcp(), "'Server URL' is required"],
	[
		'a knowledge base without ID',
		{ type: 'knowledge_base_retrieval' },
		"'Knowledge Base ID' is required",
	],
	[
		'six searches',
		{ type: 'web_search', searchLimits: { maxUses: 6 } },
		"'Max Uses' must be at most 5",
	],
	[
		'eleven results',
		{ type: 'web_search', searchLimits: { maxResults: 11 } },
		"'Max Results' must be at most 10",
	],
	['no fetch', { type: 'web_fetch', fetchLimits: { maxUses: 0 } }, "'Max Uses' must be at least 1"],
	['another tool without type', { type: 'other' }, "'Tool Type' is empty"],
	[
		'fields that are no object',
		{ type: 'other', otherType: 'x', otherFields: '[]' },
		"'Fields (JSON)' must be a JSON object",
	],
])('%s is refused before anything is sent', async (_, row, problem) => {
	const { error } = await gradient.run(withTools(row));
	expect(error?.message).toBe(`'Tools' row 1 ${problem} [item 0]`);
	expect(gradient.server.requests).toEqual([]);
});
