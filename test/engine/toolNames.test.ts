/** What is offered together, and which names are refused before anything is sent. */
import { DynamicStructuredTool } from '@langchain/core/tools';
import type { IDataObject } from 'n8n-workflow';
import * as z4 from 'zod/v4';

import { json } from '../support/answers';
import { MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import { responses } from '../support/responses';
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

const LONG = 'x'.repeat(65);

test.each<[string, IDataObject, ToolsRun['tools'], string]>([
	[
		'two connected tools',
		TEXT,
		{ One: () => echoTool('same'), Two: () => echoTool('same') },
		"Two connected tools have the name 'same'. Rename one of their nodes",
	],
	[
		'a connected tool and a function of the form',
		own('same'),
		{ One: () => echoTool('same') },
		"'Tools' has a function 'same', and a connected tool has the same name",
	],
])('The same name for %s is refused', async (_, form, tools, words) => {
	const result = await run(form, tools);
	expect(result.error?.message).toBe(`${words} [item 0]`);
	expect(gradient.server.requests).toEqual([]);
});

test.each([['get weather'], ['wetter_für'], [''], [LONG]])(
	"The name '%s' is refused",
	async (name) => {
		const result = await run(TEXT, { 'My Tool': () => echoTool(name) });
		expect(result.error?.message).toMatch(/^The connected tool '.*' has the name '/);
		expect(result.error?.message).toContain(
			` has the name '${name}', but a name must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash. Rename its node [item 0]`,
		);
		expect(gradient.server.requests).toEqual([]);
	},
);

testIfHost('isHitlToolType')('The node is named whose tool is refused', async () => {
	// one of LangChain's own: n8n 2.16 tells no other the name of its node
	const schema = z4.object({}) as never;
	const tool = () =>
		new DynamicStructuredTool({
			name: 'get weather',
			description: '',
			schema,
			func: async () => '',
		});
	const result = await run(TEXT, { 'My Tool': tool });
	expect(result.error?.message).toContain(
		"The connected tool 'My Tool' has the name 'get weather'",
	);
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

	test('Required stays where a function of the form can end the loop', async () => {
		const form = choose({ mode: 'required' }, own('give_answer'));
		expect(await rounds(form)).toEqual(['required', 'required']);
	});

	test.each([['auto'], ['none']])('%s stays', async (mode) => {
		expect(await rounds(choose({ mode }))).toEqual([mode, mode]);
	});
});
