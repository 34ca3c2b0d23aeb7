import type { IExecuteFunctions, INode } from 'n8n-workflow';

import { readConnectedTools } from '../../../../nodes/Gradient/response/connectedTools';
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
		getInputConnectionData: async () => connected,
		...more,
	}) as never as IExecuteFunctions;

const read = async (connected: unknown, more?: object) =>
	await readConnectedTools(contextWith(connected, more), 0, toJsonSchema);

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
])('Without a Tools port nothing is asked, on n8n %s', async (_, more) => {
	const getInputConnectionData = jest.fn();
	expect(await read([], { getInputConnectionData, ...more })).toEqual([]);
	expect(getInputConnectionData).not.toHaveBeenCalled();
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

test('A tool whose node is unknown is named by itself', async () => {
	await expect(read([echoTool('not legal')])).rejects.toThrow("The connected tool 'not legal'");
});
