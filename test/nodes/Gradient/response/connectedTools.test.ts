import type { IExecuteFunctions, INode } from 'n8n-workflow';

import {
	hasConnectedTools,
	readConnectedTools,
} from '../../../../nodes/Gradient/response/connectedTools';
import type { Toolbox } from '../../../../nodes/Gradient/response/toolbox';
import { toJsonSchema } from '../../../../nodes/shared/client';
import { echoTool } from '../../../support/toolNodes';

const NODE: INode = {
	id: '1',
	name: 'Gradient',
	type: 'gradient',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The part of n8n's context that is asked for tools. */
const contextWith = (connected: unknown, more: object = {}) =>
	({
		getNode: () => NODE,
		getParentNodes: () => [{ name: 'Tool', type: 'tool', typeVersion: 1, disabled: false }],
		getInputConnectionData: async () => connected,
		...more,
	}) as never as IExecuteFunctions;

const read = async (connected: unknown, more?: object) =>
	(await readConnectedTools(contextWith(connected, more), 0, toJsonSchema)).tools;

test.each([
	['nothing', undefined],
	['an empty list', []],
	['a toolkit without tools', [{ tools: [], getTools: () => [] }]],
	['what is no tool', [null, 'tool']],
])('Of %s there are no tools', async (_, connected) => {
	expect(await read(connected)).toEqual([]);
});

const AS_TOOL = { getNode: () => ({ ...NODE, type: 'gradientTool' }) };

test.each<[string, object]>([
	['that knows tool executions', { isToolExecution: () => true }],
	['before it did', AS_TOOL],
	['whose agent leaves its tools to the engine', { ...AS_TOOL, isToolExecution: () => false }],
])('Without a Tools port nothing is connected, on n8n %s', (_, more) => {
	expect(hasConnectedTools(contextWith([], more))).toBe(false);
});

test.each([
	['nothing', [], false],
	['nothing that is turned on', [{ name: 'Tool', type: 'tool', disabled: true }], false],
	[
		'something that is turned on',
		[
			{ name: 'Tool', type: 'tool', disabled: true },
			{ name: 'Other', type: 'tool' },
		],
		true,
	],
])('Where %s is connected, that is known without asking n8n', (_, nodes, isConnected) => {
	expect(hasConnectedTools(contextWith([], { getParentNodes: () => nodes }))).toBe(isConnected);
});

test('A tool alone, lists of tools and toolkits are taken alike', async () => {
	const kit = { tools: [echoTool('b')], getTools: () => [] };
	const names = async (connected: unknown) =>
		(await read(connected)).map(({ definition }) => definition.name);
	expect(await names(echoTool('a'))).toEqual(['a']);
	expect(await names([echoTool('a'), kit, [echoTool('c')]])).toEqual(['a', 'b', 'c']);
});

test('A tool that has tools, but does not give them, is a tool', async () => {
	const [tool] = await read([{ ...echoTool('agent'), tools: [echoTool('inner')] }]);
	expect(tool.definition.name).toBe('agent');
});

test('A tool is called as a method of its own object', async () => {
	const own = {
		...echoTool('counter'),
		count: 0,
		async invoke() {
			return ++this.count;
		},
	};
	const [tool] = await read([own]);
	expect([await tool.invoke({}), await tool.invoke({})]).toEqual([1, 2]);
});

test.each([[undefined], ['Refund']])(
	'A gated tool is refused, whether or not n8n knows what is behind the gate: %s',
	async (gatedToolNodeName) => {
		const metadata = { sourceNodeName: 'Ask first', gatedToolNodeName };
		await expect(read([echoTool('refund', { metadata })])).rejects.toThrow(
			"The connected tool 'Ask first' asks a person before it runs",
		);
	},
);

test('A gated tool whose node is unknown is named by itself', async () => {
	await expect(
		read([echoTool('refund', { metadata: { gatedToolNodeName: 'x' } })]),
	).rejects.toThrow("The connected tool 'refund' asks");
});

test('Names become legal and unique, and the own name of each tool is kept', async () => {
	const kit = {
		tools: ['files.read/all', '天气', 'x'.repeat(70)].map((name) => echoTool(name)),
		getTools: () => [],
	};
	const tools = await read([kit, echoTool('files_read_all'), echoTool('get weather')]);
	expect(tools.map(({ definition, name }) => [definition.name, name])).toEqual([
		['files_read_all', 'files.read/all'],
		['tool', '天气'],
		['x'.repeat(64), 'x'.repeat(70)],
		['files_read_all_2', 'files_read_all'],
		['get_weather', 'get weather'],
	]);
});

describe('Asked again', () => {
	const tool = (name: string, metadata: object = {}) => echoTool(name, { metadata });
	const kitOf = (...names: string[]) => ({
		tools: names.map((name) => tool(name, { isFromToolkit: true, sourceNodeName: 'MCP' })),
		getTools: () => [],
	});
	const namesOf = ({ tools }: Toolbox) => tools.map(({ definition }) => definition.name);
	const toolboxOf = async (...answers: unknown[]) => {
		const getInputConnectionData = jest.fn();
		for (const answer of answers)
			getInputConnectionData.mockImplementationOnce(async () => await answer);
		const context = contextWith([], { getInputConnectionData });
		return { toolbox: await readConnectedTools(context, 0, toJsonSchema), getInputConnectionData };
	};

	test('a toolkit may have other tools, and those of other nodes stay as they are', async () => {
		const plain = tool('plain');
		const { toolbox } = await toolboxOf(
			[kitOf('a.1', 'b'), plain],
			[kitOf('c', 'b', 'a/1', 'a.1'), tool('plain')],
		);
		const [, , before] = toolbox.tools;
		expect(await toolbox.renew()).toBe(true);
		// in their places, under the names that they had
		expect(namesOf(toolbox)).toEqual(['a_1', 'b', 'plain', 'c', 'a_1_2']);
		expect(toolbox.tools[2]).toBe(before);
	});

	test('a toolkit that cannot be reached keeps its tools', async () => {
		const { toolbox } = await toolboxOf([kitOf('a')], Promise.reject(new Error('Down')));
		expect(await toolbox.renew()).toBe(false);
		expect(namesOf(toolbox)).toEqual(['a']);
	});

	test('by several calls at once, it is asked once', async () => {
		const { toolbox, getInputConnectionData } = await toolboxOf([kitOf('a')], [kitOf('a')]);
		await Promise.all([toolbox.renew(), toolbox.renew()]);
		expect(getInputConnectionData).toHaveBeenCalledTimes(2);
	});

	test('nothing is, where there is no toolkit', async () => {
		const { toolbox, getInputConnectionData } = await toolboxOf([tool('a')]);
		expect(await toolbox.renew()).toBe(false);
		expect(getInputConnectionData).toHaveBeenCalledTimes(1);
	});
});

describe('An AI Agent Tool', () => {
	const agentWith = (typeVersion: number, tools: object[]) => ({
		getParentNodes: (name: string) =>
			name === NODE.name
				? [
						{
							name: 'Agent',
							type: '@n8n/n8n-nodes-langchain.agentTool',
							typeVersion,
							disabled: false,
						},
					]
				: tools,
	});
	const CALCULATOR = {
		name: 'Calculator',
		type: 'x.toolCalculator',
		typeVersion: 1,
		disabled: false,
	};

	test('with tools of its own is refused before anything is sent', async () => {
		await expect(read([echoTool('agent')], agentWith(3, [CALCULATOR]))).rejects.toThrow(
			"The connected AI Agent Tool 'Agent' has tools of its own, and only n8n's AI Agent can run those. Connect its tools to this node",
		);
	});

	test.each<[string, object]>([
		['without tools', agentWith(3, [])],
		['whose tools are turned off', agentWith(3, [{ ...CALCULATOR, disabled: true }])],
		['of version 2.2, which runs its tools itself', agentWith(2.2, [CALCULATOR])],
	])('%s is offered', async (_, more) => {
		expect(await read([echoTool('agent')], more)).toHaveLength(1);
	});
});
