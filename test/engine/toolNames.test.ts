/** What is offered together, and by which names. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, responses } from '../support/responses';
import { echoTool, startWithTools, type ToolsRun } from '../support/toolNodes';

const gradient = useGradient();

const own = (...names: string[]): IDataObject => ({
	...TEXT,
	tools: { tool: names.map((name) => ({ type: 'function', name, parametersMode: 'none' })) },
});

const run = async (form: IDataObject, tools: ToolsRun['tools']) =>
	await startWithTools(gradient, form, { tools }).result;

test('Functions of the form, web search and connected tools are offered together', async () => {
	const form = own('ask_human');
	(form.tools as { tool: IDataObject[] }).tool.push({ type: 'web_search' });
	const result = await run(form, { Weather: () => echoTool('get_weather') });
	expect(gradient.server.bodies).toEqual([
		{
			model: MODEL,
			input: 'Hello',
			tools: [
				{ type: 'function', name: 'ask_human' },
				{ type: 'web_search' },
				{
					type: 'function',
					name: 'get_weather',
					description: 'The tool get_weather',
					parameters: { type: 'object', properties: { city: { type: 'string' } } },
				},
			],
		},
	]);
	expect(result.json(NODE)[0].tool_runs).toEqual([]);
});

test('A tool without a description is offered without one', async () => {
	await run(TEXT, { Plain: () => echoTool('plain', { description: '', schema: undefined }) });
	expect(gradient.server.bodies[0].tools).toEqual([{ type: 'function', name: 'plain' }]);
});

test('The same name for a connected tool and a function of the form is refused', async () => {
	const result = await run(own('same'), { One: () => echoTool('same') });
	expect(result.error?.message).toBe(
		"'Functions and Server Tools' has a function 'same', and a connected tool has the same name [item 0]",
	);
	expect(gradient.server.requests).toEqual([]);
});

test.each([
	['get weather', 'get_weather'],
	['wetter_für', 'wetter_f_r'],
	['files.read/all', 'files_read_all'],
	['天气', 'tool'],
	['', 'tool'],
	['x'.repeat(70), 'x'.repeat(64)],
])(
	"A tool with the name '%s' is offered as %s, and is known to the user by its own",
	async (name, offered) => {
		gradient.server.answer([json(responseOf([functionCall(offered, '{}')]))]);
		const result = await run(TEXT, { 'My Tool': () => echoTool(name) });
		expect(result.error).toBeUndefined();
		const [first, second] = gradient.server.bodies;
		expect(first.tools).toEqual([expect.objectContaining({ name: offered })]);
		expect((second.input as IDataObject[]).slice(1)).toEqual([
			expect.objectContaining({ type: 'function_call', name: offered }),
			{ type: 'function_call_output', call_id: 'call_1', output: `${name} got {}` },
		]);
		expect(result.json(NODE)[0].tool_runs).toEqual([
			expect.objectContaining({ name, output: `${name} got {}` }),
		]);
	},
);

test('Two tools of one name are told apart', async () => {
	const tool = (who: string) => () => echoTool('same', { invoke: () => who });
	gradient.server.answer([
		json(responseOf([functionCall('same', '{}'), functionCall('same_2', '{}', 'call_2')])),
	]);
	const result = await run(TEXT, { One: tool('one'), Two: tool('two') });
	const runs = result.json(NODE)[0].tool_runs as IDataObject[];
	// n8n gives the node that was plugged in last first
	expect(runs.map(({ name, output }) => [name, output])).toEqual([
		['same', 'two'],
		['same', 'one'],
	]);
});

test.each([
	'Calculator<|channel|>commentary',
	'functions.Calculator',
	'functions.Calculator<|channel|>commentary',
	'Calculator<|constrain|>json',
	'commentary to=functions.Calculator',
])("The name '%s', as gpt-oss writes it, calls the tool", async (name) => {
	gradient.server.answer([json(responseOf([functionCall(name, '{}')]))]);
	const result = await run(TEXT, { Calculator: () => echoTool('Calculator') });
	expect(result.json(NODE)[0].tool_runs).toEqual([
		expect.objectContaining({ name: 'Calculator', output: 'Calculator got {}' }),
	]);
	expect(gradient.server.bodies[1].input).toContainEqual(
		expect.objectContaining({ type: 'function_call', name: 'Calculator' }),
	);
});

test('A function of the form is meant by such a name too, and comes out by its own', async () => {
	gradient.server.answer([
		json(responseOf([functionCall('functions.ask<|channel|>commentary', '{}')])),
	]);
	const result = await run(own('ask'), { Calculator: () => echoTool('Calculator') });
	expect(result.json(NODE)[0].tool_calls).toEqual([expect.objectContaining({ name: 'ask' })]);
});

test('A name of which no offered tool is left goes back legal, with the names that there are', async () => {
	gradient.server.answer([json(responseOf([functionCall('crm.delete all', '{}')]))]);
	const result = await run(TEXT, { Calculator: () => echoTool('Calculator') });
	const [{ tool_runs: runs }] = result.json(NODE);
	expect(runs).toEqual([
		expect.objectContaining({
			name: 'crm.delete all',
			error: "There is no tool 'crm.delete all'. The tools are: Calculator",
		}),
	]);
	expect(gradient.server.bodies[1].input).toContainEqual(
		expect.objectContaining({ type: 'function_call', name: 'crm_delete_all' }),
	);
});

describe('Tools of Additional Fields', () => {
	const additional = (tools: unknown, form: IDataObject = TEXT): IDataObject => ({
		...form,
		options: { additionalFields: JSON.stringify({ tools }) },
	});
	const offered = async (form: IDataObject, tools: ToolsRun['tools']) => {
		const result = await run(form, tools);
		expect(result.error).toBeUndefined();
		return gradient.server.bodies[0].tools;
	};
	const search = { type: 'web_search', max_uses: 3 };
	const names = (tools: unknown) => (tools as IDataObject[]).map(({ name, type }) => name ?? type);

	test('are offered beside the connected ones, which are still run', async () => {
		gradient.server.answer([json(responses.functionCall)]);
		const result = await run(additional([search]), { Weather: () => echoTool('get_weather') });
		const requests = gradient.server.bodies.map(({ tools }) => names(tools));
		expect(requests).toEqual([
			['get_weather', 'web_search'],
			['get_weather', 'web_search'],
		]);
		expect(result.json(NODE)[0].tool_runs).toHaveLength(1);
	});

	test('are offered beside those of the form, over one of the same name', async () => {
		const strict = { type: 'function', name: 'ask', strict: true };
		expect(await offered(additional([strict, search], own('ask', 'tell')), {})).toEqual([
			{ type: 'function', name: 'tell' },
			strict,
			search,
		]);
	});

	test('win as before where they are no list', async () => {
		expect(await offered(additional(null), { Weather: () => echoTool('get_weather') })).toBeNull();
	});
});

test('The longest legal name is offered', async () => {
	const name = 'A-z_9'.padEnd(64, 'x');
	await run(TEXT, { Long: () => echoTool(name) });
	expect(gradient.server.bodies[0].tools).toEqual([expect.objectContaining({ name })]);
});

describe('A tool choice', () => {
	const choose = (choice: IDataObject, form = TEXT): IDataObject => ({
		...form,
		options: { toolChoice: { choice } },
	});
	const rounds = async (form: IDataObject) => {
		gradient.server.answer([json(responses.functionCall)]);
		await run(form, { Weather: () => echoTool('get_weather') });
		return gradient.server.bodies.map((body) => body.tool_choice);
	};

	test.each([
		['Required', { mode: 'required' }, 'required'],
		[
			'of a connected tool',
			{ mode: 'function', functionName: 'get_weather' },
			{ type: 'function', function: { name: 'get_weather' } },
		],
	])('%s counts for the first round: the model could never answer', async (_, choice, sent) => {
		expect(await rounds(choose(choice))).toEqual([sent, 'auto']);
	});

	test('of a connected tool whose name is not legal is that of the offered one', async () => {
		const form = choose({ mode: 'function', functionName: 'get weather' });
		gradient.server.answer([json(responseOf([functionCall('get_weather', '{}')]))]);
		await run(form, { Weather: () => echoTool('get weather') });
		expect(gradient.server.bodies[0].tool_choice).toEqual({
			type: 'function',
			function: { name: 'get_weather' },
		});
	});

	test('Required stays where a function of the form can end the loop', async () => {
		const form = choose({ mode: 'required' }, own('give_answer'));
		expect(await rounds(form)).toEqual(['required', 'required']);
	});

	test.each([['auto'], ['none']])('%s stays', async (mode) => {
		expect(await rounds(choose({ mode }))).toEqual([mode, mode]);
	});
});
