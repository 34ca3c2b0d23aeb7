/** Columns instead of prose: what an item holds, what a request asks for, and what happens otherwise. */
import { NodeConnectionTypes, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { COLUMN_ROWS, COLUMNS, MAILS, answerMails } from '../support/columns';
import { MANUAL_TRIGGER, defineNodeType, node, runWorkflow } from '../support/engine';
import { GRADIENT, NODE, TEXT, byId, gradientNode, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { DONE, frame, typedEvents } from '../support/streams';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

/** What is remembered of a server is remembered for a model: each test has its own. */
let models = 0;
let form: IDataObject;
beforeEach(() => {
	form = {
		...TEXT,
		model: byId(`model-${++models}`),
		outputFormat: 'schema',
		outputFields: {
			field: [
				{ name: 'city', type: 'string' },
				{ name: 'amount', type: 'number', required: false },
			],
		},
	};
});

const WITH_CONVERSATION = { includeInOutput: ['conversation'] };

const VALUE = { city: 'Oslo', amount: 12.5 };
const GOOD = JSON.stringify(VALUE);
const said = (text: string) => json(textResponse(text));
const called = (name: string, args: string, id = 'call_1') =>
	json(responseOf([functionCall(name, args, id)]));
const toolNamesOf = ({ tools = [] }: IDataObject) =>
	(tools as IDataObject[]).map(({ name }) => name);

describe('The item', () => {
	test('gets the value beside the text', async () => {
		gradient.server.answer(said(GOOD));
		const [item] = (await gradient.run(form)).json(NODE);
		expect(item).toMatchObject({ output: VALUE, text: GOOD });
		expect(item).not.toHaveProperty('tool_calls');
	});

	test('is the body with the value, where it is not simplified', async () => {
		gradient.server.answer(said(GOOD));
		const [item] = (await gradient.run({ ...form, simplify: false })).json(NODE);
		const { output_parsed: parsed, ...body } = item;
		expect(parsed).toEqual(VALUE);
		expect(body).toEqual(textResponse(GOOD));
	});

	test('has no output where none was asked for', async () => {
		const [item] = (await gradient.run(TEXT)).json(NODE);
		expect(item).not.toHaveProperty('output');
	});

	test('has the same text and conversation, whichever way the value came', async () => {
		gradient.server.answer(called('output', GOOD));
		const options = { structuredOutputBy: 'functionCall', ...WITH_CONVERSATION };
		const [item] = (await gradient.run({ ...form, options })).json(NODE);
		expect(item).toMatchObject({ output: VALUE, text: GOOD, finish_reason: 'stop' });
		expect(item).not.toHaveProperty('tool_calls');
		expect(item.conversation).toEqual([
			{ type: 'message', role: 'user', content: 'Hello' },
			{ type: 'message', role: 'assistant', content: GOOD },
		]);
	});

	test('counts the tokens of all requests, and a hint says why there were several', async () => {
		gradient.server.answer([said('{"amount":1}'), said(GOOD)]);
		const options = { structuredOutputBy: 'textFormat' };
		const result = await gradient.run({ ...form, options });
		expect(result.json(NODE)[0]).toMatchObject({ output: VALUE, usage: { total_tokens: 214 } });
		expect(JSON.stringify(result.hints(NODE))).toContain("'city' is missing");
	});
});

describe('The schema', () => {
	const formatOf = async (more: IDataObject) => {
		gradient.server.answer(said('{"city":"Oslo","list":[],"count":10,"note":null}'));
		await gradient.run({ ...form, ...more });
		return (gradient.server.bodies[0].text as IDataObject).format as IDataObject;
	};

	test('of an example is honest: 10 is a number, null is text or null', async () => {
		const outputExample = '{ "count": 10, "note": null, "city": "Rome" }';
		const { schema } = await formatOf({ outputSchemaMode: 'example', outputExample });
		expect((schema as IDataObject).properties).toEqual({
			count: { type: 'number' },
			note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
			city: { type: 'string' },
		});
	});

	test('of an example with an empty list says that its items are unknown', async () => {
		gradient.server.answer(said('{"list":[1,"a"]}'));
		const result = await gradient.run({
			...form,
			outputSchemaMode: 'example',
			outputExample: '{ "list": [] }',
		});
		expect(result.json(NODE)[0].output).toEqual({ list: [1, 'a'] });
		expect(JSON.stringify(result.hints(NODE))).toContain('not checked: list. Give each an entry');
	});

	test('may be any JSON Schema, of which all is checked though not all is sent', async () => {
		const outputSchema = JSON.stringify({
			type: 'object',
			properties: { tags: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
		});
		gradient.server.answer([said('{"tags":["a","a"]}'), said('{"tags":["a","b"]}')]);
		const result = await gradient.run({ ...form, outputSchemaMode: 'schema', outputSchema });
		expect(result.json(NODE)[0].output).toEqual({ tags: ['a', 'b'] });
		const { format } = gradient.server.bodies[0].text as { format: IDataObject };
		expect(Object.keys((format.schema as IDataObject).properties as object)).toEqual(['tags']);
		expect(JSON.stringify(format)).not.toContain('"uniqueItems":');
	});

	test.each([
		[{ outputFields: {} }, "'Output Fields' is empty: add the fields that you want"],
		[
			{
				outputFields: {
					field: [
						{ name: 'a', type: 'string' },
						{ name: 'a', type: 'string' },
					],
				},
			},
			"'Output Fields' has 'a' twice",
		],
		[{ outputSchemaMode: 'example', outputExample: '{' }, "'Example (JSON)' is not valid JSON"],
		[
			{ outputSchemaMode: 'schema', outputSchema: '{ "type": "objekt" }' },
			"'JSON Schema' cannot be used",
		],
	])('of %j is refused before anything is sent', async (more, words) => {
		const result = await gradient.run({ ...form, ...more } as IDataObject);
		expect(result.error?.message).toContain(words);
		expect(gradient.server.requests).toEqual([]);
	});
});

describe('With connected tools', () => {
	const run = async (more: IDataObject = {}) =>
		await startWithTools(
			gradient,
			{ ...form, ...more },
			{ tools: { Weather: () => echoTool('get_weather') } },
		).result;

	test('the rounds go without the format, and only the last answer is asked for with it', async () => {
		gradient.server.answer([
			called('get_weather', '{"city":"Oslo"}'),
			said('12.5 in Oslo.'),
			said(GOOD),
		]);
		const [item] = (await run({ options: WITH_CONVERSATION })).json(NODE);
		expect(item).toMatchObject({ output: VALUE, usage: { total_tokens: 3 * 107 } });
		expect(item.tool_runs).toHaveLength(1);
		const { bodies } = gradient.server;
		expect(bodies.map(({ text }) => text !== undefined)).toEqual([false, false, true]);
		expect(bodies[2].tool_choice).toBe('none');
		// what the model said without the format is not in its way
		expect(bodies[2].input).toEqual(bodies[1].input);
		expect(item.conversation).toEqual([
			...(bodies[2].input as IDataObject[]),
			expect.objectContaining({ role: 'assistant', content: GOOD }),
		]);
	});

	test('an answer that fits already is not asked for again', async () => {
		gradient.server.answer([called('get_weather', '{}'), said(GOOD)]);
		const [item] = (await run()).json(NODE);
		expect(item.output).toEqual(VALUE);
		expect(gradient.server.bodies).toHaveLength(2);
	});

	test('by Function Call the output is one more function among the tools', async () => {
		gradient.server.answer([called('get_weather', '{}'), called('output', GOOD, 'call_2')]);
		const options = { structuredOutputBy: 'functionCall', ...WITH_CONVERSATION };
		const [item] = (await run({ options })).json(NODE);
		expect(item).toMatchObject({ output: VALUE, text: GOOD });
		const { bodies } = gradient.server;
		expect(bodies.map(toolNamesOf)).toEqual(Array(2).fill(['get_weather', 'output']));
		expect(bodies.map(({ tool_choice: choice }) => choice)).toEqual(['required', 'required']);
		expect(JSON.stringify(item.conversation)).not.toContain('"name":"output"');
	});

	test('by Function Call, what does not fit is told as the result of the call', async () => {
		gradient.server.answer([called('output', '{}'), called('output', GOOD)]);
		const [item] = (await run({ options: { structuredOutputBy: 'functionCall' } })).json(NODE);
		expect(item).toMatchObject({ output: VALUE, usage: { total_tokens: 2 * 107 } });
		expect(gradient.server.bodies[1].tool_choice).toEqual({
			type: 'function',
			function: { name: 'output' },
		});
	});

	test('an error says what the tools did and what all of it used', async () => {
		gradient.server.answer([
			called('get_weather', '{}'),
			said('No.'),
			said('No.'),
			said('No.'),
			said('No.'),
		]);
		const { error } = await run();
		expect(error?.message).toMatch(/^The answer does not fit, also when it was asked again: /);
		expect(error?.context.data).toMatchObject({
			partial: { tool_runs: [{ name: 'get_weather' }], usage: { total_tokens: 5 * 107 } },
		});
	});
});

describe('With functions of the form', () => {
	const tools = {
		tool: [
			{
				type: 'function',
				name: 'output',
				parameters: { parameter: [{ name: 'day', type: 'string', required: false }] },
			},
		],
	};

	test('a call is left to the workflow, and there is no output yet', async () => {
		gradient.server.answer(called('output', '{}'));
		const [item] = (await gradient.run({ ...form, tools })).json(NODE);
		expect(item).toMatchObject({ output: null, tool_calls: [{ name: 'output' }] });
		expect(gradient.server.bodies).toHaveLength(1);
	});

	test('the function of the output has a name of its own', async () => {
		gradient.server.answer(called('output_2', GOOD));
		const options = { structuredOutputBy: 'functionCall' };
		const [item] = (await gradient.run({ ...form, tools, options })).json(NODE);
		expect(item).toMatchObject({ output: VALUE, tool_calls: [] });
		expect(toolNamesOf(gradient.server.bodies[0])).toEqual(['output', 'output_2']);
	});
});

describe('Strict', () => {
	test('binds a function of the form, whose calls come back without fillers', async () => {
		gradient.server.answer(called('f', '{"city":"Oslo","day":null}'));
		const parameter = [
			{ name: 'city', type: 'string' },
			{ name: 'day', type: 'string', required: false },
		];
		const tools = {
			tool: [{ type: 'function', name: 'f', strict: true, parameters: { parameter } }],
		};
		const [item] = (await gradient.run({ ...TEXT, tools })).json(NODE);
		expect(item.tool_calls).toMatchObject([{ args: { city: 'Oslo' } }]);
		expect(gradient.server.bodies[0].tools).toEqual([
			{
				type: 'function',
				name: 'f',
				strict: true,
				parameters: {
					type: 'object',
					properties: {
						city: { type: 'string' },
						day: { anyOf: [{ type: 'string' }, { type: 'null' }] },
					},
					required: ['city', 'day'],
					additionalProperties: false,
				},
			},
		]);
	});

	test('is refused before anything is sent, where the parameters may be anything', async () => {
		const parameters = { parameter: [{ name: 'more', type: 'object' }] };
		const tools = { tool: [{ type: 'function', name: 'f', strict: true, parameters }] };
		const { error } = await gradient.run({ ...TEXT, tools });
		expect(error?.message).toMatch(/^'Tools' row 1 'Strict' needs parameters that name all/);
		expect(gradient.server.requests).toEqual([]);
	});

	test('binds connected tools, which get their arguments without fillers', async () => {
		gradient.server.answer([called('get_weather', '{"city":null}'), said('Done.')]);
		const { result } = startWithTools(
			gradient,
			{ ...TEXT, requestOptions: { strictTools: true } },
			{ tools: { Weather: () => echoTool('get_weather') } },
		);
		const [item] = (await result).json(NODE);
		expect(item.tool_runs).toMatchObject([{ output: 'get_weather got {}' }]);
		expect(gradient.server.bodies[0].tools).toMatchObject([
			{ strict: true, parameters: { required: ['city'], additionalProperties: false } },
		]);
	});
});

describe('A streaming chat', () => {
	const streamed = (text: string) =>
		eventStream([...typedEvents(textResponse(text)).map(frame), DONE]);
	const shown = async (options: IDataObject) => {
		gradient.server.answer(streamed(GOOD));
		const run = gradient.start({ ...form, options }, { mode: 'webhook', streaming: true });
		expect((await run.result).json(NODE)[0].output).toEqual(VALUE);
		return run.chunks.map(({ content }) => content ?? '').join('');
	};

	test('does not show the JSON while it is written', async () => {
		expect(await shown({})).toBe('');
	});

	test('shows it where the user wants that', async () => {
		expect(await shown({ showJson: true })).toBe(GOOD);
	});
});

test('Retry On Fail pays for no answer twice, also where the first ones taught how to ask', async () => {
	const failOnce = [json({ error: { message: 'Down' } }, { status: 500 })];
	gradient.server.answer(({ body }): Answer => {
		const { input, text } = body as IDataObject;
		if (JSON.stringify(input).includes('second')) return failOnce.shift() ?? called('output', GOOD);
		return text ? said('Oslo.') : called('output', GOOD);
	});
	const result = await gradient.run(
		{
			...form,
			prompt: '={{ $json.prompt }}',
			requestOptions: { maxRetries: 0, maxConcurrentRequests: 1 },
		},
		{
			items: [{ prompt: 'first' }, { prompt: 'second' }],
			nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		},
	);
	expect(result.json(NODE).map(({ output }) => output)).toEqual([VALUE, VALUE]);
	const first = gradient.server.bodies.filter(({ input }) =>
		JSON.stringify(input).includes('first'),
	);
	expect(first).toHaveLength(2);
});

test('As the tool of an agent, the node gives the value and nothing else', async () => {
	const caller: INodeType = defineNodeType(
		'caller',
		async function () {
			const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
			const [tool] = connected as Array<{ invoke(args: object): Promise<string> }>;
			return [
				[{ json: { answer: JSON.parse(await tool.invoke({ prompt: 'Oslo' })) as IDataObject } }],
			];
		},
		{ inputs: [{ type: NodeConnectionTypes.Main }, { type: NodeConnectionTypes.AiTool }] },
	);
	gradient.server.answer(said(GOOD));
	const parameters = { ...form, prompt: "={{ $fromAI('prompt', 'What to ask', 'string') }}" };
	const tool: INode = { ...gradientNode(parameters, {}, 'Extract'), type: `${GRADIENT}Tool` };
	const result = await runWorkflow({
		loader: gradient.loader,
		nodes: [node('Start', MANUAL_TRIGGER), node('Agent', 'test.caller'), tool],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Extract: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
		extraNodeTypes: { 'test.caller': caller },
		credentials: { gradientApi: gradient.credential },
	}).result;
	expect(result.json('Agent')[0].answer).toEqual([VALUE]);
});

describe('Ten mails become rows', () => {
	const mails = MAILS.map(({ text }) => ({ mail: text }));

	test('all that can be had, and each is right; the others say why not', async () => {
		gradient.server.answer(answerMails());
		const result = await gradient.run(
			{
				...form,
				prompt: '={{ $json.mail }}',
				outputFields: { field: COLUMN_ROWS },
				options: { structuredOutputBy: 'textFormat' },
			},
			{ items: mails, nodeSettings: { onError: 'continueRegularOutput' } },
		);
		const rows = result.json(NODE);
		expect(rows.map(({ output }) => output)).toEqual(MAILS.map(({ row }) => row));
		expect(rows.flatMap(({ error }) => error ?? [])).toEqual([
			expect.stringMatching(/^The answer was cut off by the limit of output tokens/),
			expect.stringMatching(/^The model refused to answer: I cannot help with that\./),
		]);
		// the wrong type, the missing field, the empty answer and the two objects were asked for once more
		expect(gradient.server.bodies).toHaveLength(14);
	});

	test('also by Function Call and by a JSON Schema', async () => {
		gradient.server.answer(answerMails());
		const result = await gradient.run(
			{
				...form,
				prompt: '={{ $json.mail }}',
				outputSchemaMode: 'schema',
				outputSchema: JSON.stringify(COLUMNS),
				options: { structuredOutputBy: 'functionCall' },
			},
			{ items: mails, nodeSettings: { onError: 'continueRegularOutput' } },
		);
		expect(result.json(NODE).map(({ output }) => output)).toEqual(MAILS.map(({ row }) => row));
		expect(gradient.server.bodies).toHaveLength(14);
	});
});
