/** What n8n can plug into the Tools port (n8n-host.md section 7), and how it reaches the model. */
import { DynamicStructuredTool, DynamicTool } from '@langchain/core/tools';
import type { IDataObject } from 'n8n-workflow';
import * as z3 from 'zod/v3';
import * as z4 from 'zod/v4';

import { json } from '../support/answers';
import { chain, defineNodeType, MANUAL_TRIGGER, node } from '../support/engine';
import { GRADIENT, gradientNode, MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { echoTool, pluggedInto, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const CITY = { type: 'string', description: 'In English' };
const name = 'get_weather';
const description = 'Gets the weather';
const func = async (input: unknown) => `Sunny: ${JSON.stringify(input)}`;

/** One round in which the model calls a tool with these arguments. */
const callOnce = (tool: string, args: string) =>
	gradient.server.answer([json(responseOf([functionCall(tool, args)])), json(textResponse('Ok'))]);

const outputs = (round = 1) =>
	(gradient.server.bodies[round].input as IDataObject[])
		.filter(({ type }) => type === 'function_call_output')
		.map(({ output }) => output);

interface SchemaNode {
	children: SchemaNode[];
}
const recursive: z4.ZodType<SchemaNode> = z4.object({
	get children() {
		return z4.array(recursive);
	},
});

test.each<[string, () => unknown, IDataObject]>([
	[
		'zod 3 (a node used as a tool, the Code Tool)',
		() => z3.object({ city: z3.string().describe('In English'), days: z3.number().optional() }),
		{
			type: 'object',
			properties: { city: CITY, days: { type: 'number' } },
			required: ['city'],
			additionalProperties: false,
		},
	],
	[
		'zod 4, whose descriptions are in a registry of another copy of it',
		() => z4.object({ city: z4.string().describe('In English'), days: z4.number().optional() }),
		{
			type: 'object',
			properties: { city: CITY, days: { type: 'number' } },
			required: ['city'],
		},
	],
	[
		'JSON Schema',
		() => ({
			$schema: 'http://json-schema.org/draft-07/schema#',
			type: 'object',
			properties: { city: CITY },
			required: ['city'],
		}),
		{ type: 'object', properties: { city: CITY }, required: ['city'] },
	],
])('A structured tool with a schema in %s is offered and called', async (_, schema, parameters) => {
	callOnce(name, '{"city":"Paris"}');
	// the type of the schema is one of the package's own copy of zod
	const tool = () =>
		new DynamicStructuredTool({ name, description, schema: schema() as never, func });
	const result = await startWithTools(gradient, TEXT, { tools: { Weather: tool } }).result;
	expect(result.error).toBeUndefined();
	expect(gradient.server.bodies[0]).toEqual({
		model: MODEL,
		input: 'Hello',
		tools: [{ type: 'function', name, description, parameters }],
	});
	expect(outputs()).toEqual(['Sunny: {"city":"Paris"}']);
});

test.each([
	['an input', '{"input":"1 + 1"}', 'Sunny: "1 + 1"'],
	['none', '{}', 'Sunny: undefined'],
])(
	'A tool that takes one text (Calculator, Workflow Tool) can be called with %s',
	async (_, args, output) => {
		callOnce(name, args);
		const tool = () => new DynamicTool({ name, description, func });
		await startWithTools(gradient, TEXT, { tools: { Weather: tool } }).result;
		const [{ parameters }] = gradient.server.bodies[0].tools as IDataObject[];
		expect(parameters).toEqual({
			type: 'object',
			properties: { input: { type: 'string' } },
			additionalProperties: false,
		});
		expect(outputs()).toEqual([output]);
	},
);

test.each<[string, unknown, IDataObject | undefined]>([
	['no schema', undefined, undefined],
	['an empty schema', {}, { type: 'object', properties: {} }],
	['a schema without properties', { type: 'object' }, { type: 'object', properties: {} }],
	['an empty zod 3 object', z3.object({}), expect.objectContaining({ properties: {} })],
	['an empty zod 4 object', z4.object({}), { type: 'object', properties: {} }],
	[
		'a recursive schema',
		recursive,
		{
			type: 'object',
			properties: { children: { type: 'array', items: { $ref: '#' } } },
			required: ['children'],
		},
	],
])('A tool with %s is offered and called', async (_, schema, parameters) => {
	callOnce('odd', '{"children":[]}');
	const tools = { Odd: () => echoTool('odd', { schema }) };
	const result = await startWithTools(gradient, TEXT, { tools }).result;
	const [tool] = gradient.server.bodies[0].tools as IDataObject[];
	expect(tool.parameters).toEqual(parameters);
	expect(outputs()).toEqual(['odd got {"children":[]}']);
	expect(result.json(NODE)[0].text).toBe('Ok');
});

test('Each tool of a toolkit (MCP Client) is offered', async () => {
	callOnce('second', '{}');
	const kit = [echoTool('first'), echoTool('second')];
	const tools = {
		MCP: () => ({ tools: kit, getTools: () => kit }),
		Other: () => echoTool('third'),
	};
	await startWithTools(gradient, TEXT, { tools }).result;
	const offered = gradient.server.bodies[0].tools as IDataObject[];
	// n8n gives the node that was plugged in last first
	expect(offered.map((tool) => tool.name)).toEqual(['third', 'first', 'second']);
	expect(outputs()).toEqual(['second got {}']);
});

/** Runs the Gradient node with a real node plugged in, of the package or given here. */
async function runWithNode(tool: ReturnType<typeof gradientNode>) {
	const main = chain(node('Start', MANUAL_TRIGGER), gradientNode(TEXT));
	return await gradient.start(TEXT, {
		nodes: [...main.nodes, tool],
		connections: {
			...main.connections,
			[tool.name]: { ai_tool: [[{ node: NODE, type: 'ai_tool', index: 0 }]] },
		},
	}).result;
}

test('A node used as a tool is called with the parameters that the model fills', async () => {
	callOnce('Ask_a_model', '{"prompt":"Why?"}');
	const parameters = { ...TEXT, prompt: "={{ $fromAI('prompt', 'What to ask', 'string') }}" };
	const result = await runWithNode({
		...gradientNode(parameters, {}, 'Ask a model'),
		type: `${GRADIENT}Tool`,
	});
	expect(gradient.server.bodies[0].tools).toEqual([
		{
			type: 'function',
			name: 'Ask_a_model',
			description: expect.stringContaining('Message a model'),
			parameters: {
				type: 'object',
				properties: { prompt: { type: 'string', description: 'What to ask' } },
				required: ['prompt'],
				additionalProperties: false,
			},
		},
	]);
	// the tool's own request, which has no tools although it runs within the other
	expect(gradient.server.bodies[1]).toEqual({ model: MODEL, input: 'Why?' });
	const [{ tool_runs: runs }] = result.json(NODE);
	expect(JSON.parse((runs as IDataObject[])[0].output as string)).toEqual([
		expect.objectContaining({ text: 'Ok' }),
	]);
});

testIfHost('isHitlToolType')(
	'The tool behind a gate for a person is refused, because the gate would neither ask nor run it',
	async () => {
		const gated = pluggedInto('Ask first', { Refund: () => echoTool('refund') });
		const main = chain(node('Start', MANUAL_TRIGGER), gradientNode(TEXT));
		const result = await gradient.start(TEXT, {
			nodes: [...main.nodes, ...gated.nodes, node('Ask first', 'test.slackHitlTool')],
			connections: {
				...main.connections,
				...gated.connections,
				'Ask first': { ai_tool: [[{ node: NODE, type: 'ai_tool', index: 0 }]] },
			},
			extraNodeTypes: {
				...gated.extraNodeTypes,
				'test.slackHitlTool': defineNodeType('slackHitlTool', async () => [[]], {
					inputs: ['ai_tool'],
					outputs: ['ai_tool'],
				}),
			},
		}).result;
		expect(result.error?.message).toBe(
			"The connected tool 'Ask first' asks a person before it runs, and only n8n's AI Agent can wait for that. Connect the tool directly; or define it as a function in 'Functions and Server Tools', turn on 'Separate Tool Calls Output', and put the approval on that branch [item 0]",
		);
		expect(gradient.server.requests).toEqual([]);
	},
);

describe('The AI Agent Tool', () => {
	const AGENT = '@n8n/n8n-nodes-langchain.agentTool';
	/** As n8n runs it: it calls its model first, and then gives its tools' calls to the engine. */
	const runWithAgent = async (typeVersion: number, tools: string[]) => {
		const plugged = pluggedInto(
			'Researcher',
			Object.fromEntries(tools.map((one) => [one, () => echoTool(one)])),
		);
		const main = chain(node('Start', MANUAL_TRIGGER), gradientNode(TEXT));
		return await gradient.start(TEXT, {
			nodes: [...main.nodes, ...plugged.nodes, node('Researcher', AGENT, {}, { typeVersion })],
			connections: {
				...main.connections,
				...plugged.connections,
				Researcher: { ai_tool: [[{ node: NODE, type: 'ai_tool', index: 0 }]] },
			},
			extraNodeTypes: {
				...plugged.extraNodeTypes,
				[AGENT]: defineNodeType('agentTool', async () => [[{ json: { output: 'Found it' } }]], {
					inputs: ['ai_tool'],
					outputs: ['ai_tool'],
					version: [2.2, 3],
				}),
			},
		}).result;
	};

	test('with tools of its own is refused before anything is paid for', async () => {
		const result = await runWithAgent(3, ['search']);
		expect(result.error?.message).toBe(
			"The connected AI Agent Tool 'Researcher' has tools of its own, and only n8n's AI Agent can run those. Connect its tools to this node; or put the agent and its tools into a workflow of their own, and connect that with the Call n8n Workflow Tool [item 0]",
		);
		expect(gradient.server.requests).toEqual([]);
	});

	test.each([
		['without tools', 3, []],
		['of version 2.2, which runs its tools itself,', 2.2, ['search']],
	])('%s is run', async (_, typeVersion, tools) => {
		callOnce('Researcher', '{}');
		const result = await runWithAgent(typeVersion, tools);
		expect(result.error).toBeUndefined();
		expect(outputs()).toEqual(['[{"output":"Found it"}]']);
	});
});

test('A tool that is left at the resource Model, which has no Tools port, is not asked', async () => {
	const tools = {
		Broken: () => {
			throw new Error('A tool was asked for');
		},
	};
	const form = { resource: 'model', operation: 'getMany', limit: 1 };
	const result = await startWithTools(gradient, form, { tools }).result;
	expect(result.json(NODE)).toHaveLength(1);
});
