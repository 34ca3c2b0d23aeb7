/** Tools of MCP servers through n8n's MCP Client Tool (n8n-host.md section 14): whole servers, and what goes wrong with them. */
import type { IDataObject } from 'n8n-workflow';
import * as z from 'zod/v3';

import { json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { McpServer, type McpTool, mcpText } from '../support/mcpToolkit';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { refusals } from '../support/strictHistory';
import { echoTool, startWithTools, type ToolsRun } from '../support/toolNodes';

const gradient = useGradient();

type Call = [name: string, args: object | string];

const callsOf = (calls: Call[], round: number) =>
	json(
		responseOf(
			calls.map(([name, args], index) =>
				functionCall(
					name,
					typeof args === 'string' ? args : JSON.stringify(args),
					`call_${round}_${index}`,
				),
			),
		),
	);

/** The model makes these calls, round by round, and is done. */
async function run(tools: ToolsRun['tools'], rounds: Call[][], form: IDataObject = TEXT) {
	gradient.server.answer([...rounds.map(callsOf), json(textResponse('Done'))]);
	const result = await startWithTools(gradient, form, { tools }).result;
	expect(result.error).toBeUndefined();
	const [item] = result.json(NODE);
	expect(item.text).toBe('Done');
	for (const { input } of gradient.server.bodies) expect(refusals(input)).toEqual([]);
	return item.tool_runs as IDataObject[];
}

const mcp = (server: McpServer, name = 'MCP') => ({ [name]: () => server.toolkit(name) });

const offered = (request = 0) => gradient.server.bodies[request].tools as IDataObject[];

/** As long as an edit of a file takes. */
const aMoment = async () => {
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A file that is read, and written a moment later, as server-filesystem does it. */
function files() {
	const state = { text: 'one two three four' };
	const edit: McpTool = {
		schema: z.object({ oldText: z.string(), newText: z.string() }),
		async call({ oldText, newText }) {
			const before = state.text;
			await aMoment();
			state.text = before.replace(String(oldText), String(newText));
			return mcpText('Edited');
		},
	};
	const read: McpTool = { call: () => mcpText(state.text) };
	return { state, server: new McpServer({ edit, read }) };
}

describe('Calls of one node', () => {
	test('are run in their order: of four edits of one file at once, all four stay', async () => {
		const { state, server } = files();
		const edits = ['one', 'two', 'three', 'four'].map(
			(oldText): Call => ['MCP_edit', { oldText, newText: oldText.toUpperCase() }],
		);
		const runs = await run(mcp(server), [edits]);
		expect(state.text).toBe('ONE TWO THREE FOUR');
		expect(runs).toHaveLength(4);
	});

	test('that read what an earlier one writes read the new text', async () => {
		const { server } = files();
		const runs = await run(mcp(server), [
			[
				['MCP_edit', { oldText: 'one', newText: '1' }],
				['MCP_read', {}],
			],
		]);
		expect(runs[1].output).toBe(JSON.stringify(mcpText('1 two three four').content));
	});

	test('wait for each other only: another node works meanwhile', async () => {
		const order: string[] = [];
		const server = new McpServer({
			slow: {
				schema: z.object({ id: z.string() }),
				async call({ id }) {
					order.push(`begin ${String(id)}`);
					await aMoment();
					order.push(`end ${String(id)}`);
					return mcpText('Ok');
				},
			},
		});
		const quick = { invoke: () => order.push('other') };
		await run({ ...mcp(server), Other: () => echoTool('other', quick) }, [
			[
				['MCP_slow', { id: 'a' }],
				['MCP_slow', { id: 'b' }],
				['other', {}],
			],
		]);
		expect(order.indexOf('other')).toBeLessThan(order.indexOf('end a'));
		expect(order.filter((one) => one !== 'other')).toEqual([
			'begin a',
			'end a',
			'begin b',
			'end b',
		]);
	});

	test('of which one fails are run all the same', async () => {
		const server = new McpServer({
			step: {
				schema: z.object({ id: z.number() }),
				call: ({ id }) => (id === 1 ? { isError: true, ...mcpText('No') } : mcpText(`${id}`)),
			},
		});
		const steps = [0, 1, 2].map((id): Call => ['MCP_step', { id }]);
		const runs = await run(mcp(server), [steps]);
		expect(runs.map(({ error }) => error)).toEqual([undefined, 'No', undefined]);
	});
});

describe('Arguments', () => {
	const echo = (schema?: z.ZodTypeAny) =>
		new McpServer({ echo: { schema, call: (args) => ({ structuredContent: args }) } });

	test.each<[string, z.ZodTypeAny, object]>([
		[
			'a union that zod takes for another',
			z.object({ by: z.object({ id: z.string() }).and(z.object({ n: z.string() })) }),
			{ by: { id: 'x' } },
		],
		[
			'a date-time without an offset',
			z.object({ at: z.string().datetime({ offset: true }) }),
			{ at: '2026-11-28T10:00:00' },
		],
		['a default that zod refuses', z.object({ limit: z.number().min(5).default(1) }), {}],
		['a text for a whole number', z.object({ count: z.number().int() }), { count: '3' }],
		[
			'nested keys that the schema does not name',
			z.object({ a: z.object({}) }),
			{ a: { b: { c: 1 } }, d: 2 },
		],
	])('reach the server as the model wrote them: %s', async (_, schema, args) => {
		const server = echo(schema);
		const [oneRun] = await run(mcp(server), [[['MCP_echo', args]]]);
		expect(oneRun).not.toHaveProperty('error');
		expect(JSON.parse(oneRun.output as string)).toEqual(args);
		// n8n shows the run in its log
		expect(server.logged).toEqual([['MCP_echo', args]]);
	});

	test('of a tool without parameters are none, neither offered nor given', async () => {
		const server = echo();
		const [oneRun] = await run(mcp(server), [[['MCP_echo', '']]]);
		expect(offered()[0].parameters).toEqual({ type: 'object', properties: {} });
		expect(oneRun).toMatchObject({ output: '{}' });
		expect(server.logged).toEqual([['MCP_echo', {}]]);
	});

	test('of a tool whose schema has alternatives are offered as the server has them', async () => {
		const alternatives = z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]);
		const server = echo(z.intersection(z.object({ dry: z.boolean() }), alternatives));
		const [oneRun] = await run(mcp(server), [[['MCP_echo', { dry: true, id: 'x' }]]]);
		expect(JSON.stringify(offered()[0].parameters)).not.toContain('"value"');
		expect(oneRun.output).toBe('{"dry":true,"id":"x"}');
	});

	test('with one parameter that is called value keep it', async () => {
		const server = echo(z.object({ value: z.string() }));
		await run(mcp(server), [[['MCP_echo', { value: 'x' }]]]);
		expect(offered()[0].parameters).toMatchObject({ properties: { value: { type: 'string' } } });
	});

	test('that are no JSON object do not reach the server', async () => {
		const server = echo(z.object({}));
		const [oneRun] = await run(mcp(server), [[['MCP_echo', '{"a": 1']]]);
		expect(oneRun.error).toContain('not valid JSON');
		expect(server.logged).toEqual([]);
	});
});

describe('A failure is an error of the run, and the model is told', () => {
	test.each<[string, McpTool['call'], string]>([
		[
			'isError',
			() => ({ isError: true, ...mcpText('Access denied: /etc') }),
			'Access denied: /etc',
		],
		[
			'a time-out',
			() => {
				throw new Error('MCP error -32001: Request timed out');
			},
			'MCP error -32001: Request timed out',
		],
		[
			'a broken connection',
			() => {
				throw new Error('fetch failed');
			},
			'fetch failed',
		],
	])('%s', async (_, call, error) => {
		const server = new McpServer({ act: { call } });
		const [oneRun] = await run(mcp(server), [[['MCP_act', {}]]]);
		expect(oneRun).toMatchObject({ error, output: `Error: ${error}` });
		// it may have been run: that is not tried twice
		expect(server.logged).toHaveLength(1);
	});

	test.each([
		['an object', { structuredContent: { error: 'none' } }, '{"error":"none"}'],
		['parts', mcpText('Error: just a text'), '[{"type":"text","text":"Error: just a text"}]'],
		['nothing', { content: [] }, '[]'],
	])('%s is no failure', async (_, result, output) => {
		const server = new McpServer({ act: { call: () => result } });
		const [oneRun] = await run(mcp(server), [[['MCP_act', {}]]]);
		expect(oneRun.output).toBe(output);
		expect(oneRun).not.toHaveProperty('error');
	});
});

describe('A server', () => {
	const counter = () => {
		let count = 0;
		return new McpServer({ count: { call: () => mcpText(`${++count}`) } });
	};
	const ONE = mcpText('1').content;

	test('that restarts between two rounds is connected anew', async () => {
		const server = counter();
		const restart = { invoke: () => server.restart() };
		const tools = { ...mcp(server), Restart: () => echoTool('restart', restart) };
		const runs = await run(tools, [[['MCP_count', {}]], [['restart', {}]], [['MCP_count', {}]]]);
		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(runs[2].output).toBe('[{"type":"text","text":"2"}]');
	});

	test('that restarts while the model writes is connected once more, and the call is run once', async () => {
		const server = counter();
		gradient.server.answer(({ body }) => {
			if (typeof (body as IDataObject).input !== 'string') return undefined;
			server.restart();
			return callsOf([['MCP_count', {}]], 0);
		});
		const result = await startWithTools(gradient, TEXT, { tools: mcp(server) }).result;
		const [{ tool_runs: runs }] = result.json(NODE);
		expect(runs).toEqual([expect.objectContaining({ output: JSON.stringify(ONE) })]);
		expect((runs as IDataObject[])[0]).not.toHaveProperty('error');
	});

	test('that stays away costs one answer to the model, and not the run', async () => {
		const server = counter();
		const stop = { invoke: () => server.stop() };
		const tools = { ...mcp(server), Stop: () => echoTool('stop', stop) };
		const runs = await run(tools, [[['stop', {}]], [['MCP_count', {}]]]);
		expect(runs[1]).toMatchObject({ error: 'MCP error -32001: Session not found' });
		// its tools are offered all the same: it may come back
		expect(offered(1).map(({ name }) => name)).toEqual(offered(0).map(({ name }) => name));
	});

	test('that gets another tool between two rounds has it offered, and called', async () => {
		const server = counter();
		server.tools.learn = {
			call: () => {
				server.tools.fresh = { call: () => mcpText('New') };
				delete server.tools.learn;
				return mcpText('Learnt');
			},
		};
		const runs = await run(mcp(server), [[['MCP_learn', {}]], [['MCP_fresh', {}]]]);
		expect([0, 1].map((request) => offered(request).map(({ name }) => name))).toEqual([
			['MCP_count', 'MCP_learn'],
			['MCP_count', 'MCP_fresh'],
		]);
		expect(runs[1].output).toBe('[{"type":"text","text":"New"}]');
	});

	test('is connected once for each round', async () => {
		const server = counter();
		await run(mcp(server), [[['MCP_count', {}]], [['MCP_count', {}]]]);
		expect(server.sessions).toBe(gradient.server.requests.length);
	});
});

test('Names of tools that the API refuses are offered as legal ones, and the user sees the real ones', async () => {
	const names = ['files.read/all', '天气', 'x'.repeat(70)];
	const server = new McpServer(
		Object.fromEntries(names.map((name) => [name, { call: () => mcpText('Ok') }])),
	);
	const legal = ['MCP_files_read_all', 'MCP__', 'x'.repeat(64)];
	const calls = legal.map((name): Call => [name, {}]);
	const runs = await run(mcp(server), [calls, calls]);
	expect(offered().map(({ name }) => name)).toEqual(legal);
	const own = ['MCP_files.read/all', 'MCP_天气', 'x'.repeat(70)];
	expect(runs.map(({ name }) => name)).toEqual([...own, ...own]);
});

describe('A picture in a result', () => {
	const PNG = Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		Buffer.alloc(299_992, 'Az3+'),
	]);
	const server = () => {
		const picture = { type: 'image', data: PNG.toString('base64'), mimeType: 'image/png' };
		return new McpServer({ shot: { call: () => ({ content: [picture, picture] }) } });
	};
	const output = JSON.stringify(
		[1, 2].map(() => ({
			type: 'image',
			data: 'image/png, 300 kB, left out',
			mimeType: 'image/png',
		})),
	);

	test('is left out with what it is, in the node and in each round', async () => {
		const [oneRun] = await run(mcp(server()), [[['MCP_shot', {}]], [['MCP_shot', {}]]]);
		expect(oneRun.output).toBe(output);
		for (const { rawBody } of gradient.server.requests) expect(rawBody.length).toBeLessThan(5_000);
	});

	test('goes to the model beside the result where the user wants it, once', async () => {
		const form = { ...TEXT, requestOptions: { sendToolPictures: true } };
		const [oneRun] = await run(mcp(server()), [[['MCP_shot', {}]]], form);
		expect(oneRun.output).toBe(output);
		expect((gradient.server.bodies[1].input as IDataObject[]).slice(2)).toEqual([
			{ type: 'function_call_output', call_id: 'call_0_0', output },
			{
				type: 'message',
				role: 'user',
				content: [
					{ type: 'input_text', text: 'From the result of MCP_shot (call_0_0):' },
					{
						type: 'input_image',
						image_url: `data:image/png;base64,${PNG.toString('base64')}`,
					},
				],
			},
		]);
	});
});
