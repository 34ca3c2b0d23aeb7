/** The connectors that the canvas shows. */
import { NodeHelpers, Workflow, type IDataObject } from 'n8n-workflow';

import { GRADIENT, gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { withIsolate } from '../support/host';
import { TestNodeTypes } from '../support/nodeTypes';

const gradient = useGradient();

async function portsOf(parameters: IDataObject, type = GRADIENT) {
	const nodeTypes = new TestNodeTypes(gradient.loader);
	const nodes = [{ ...gradientNode(parameters), type }];
	const workflow = new Workflow({ nodes, connections: {}, active: false, nodeTypes });
	const node = workflow.getNode(NODE)!;
	const { description } = nodeTypes.getByNameAndVersion(type);
	return await withIsolate(workflow, () => ({
		inputs: NodeHelpers.getNodeInputs(workflow, node, description),
		outputs: NodeHelpers.getNodeOutputs(workflow, node, description),
	}));
}

const MODELS = { resource: 'model', operation: 'getMany' };
const MEMORY = { type: 'ai_memory', displayName: 'Memory', maxConnections: 1 };
const TOOLS = { type: 'ai_tool', displayName: 'Tools' };
const RESPONSE = { type: 'main', displayName: 'Response' };
const CALLS = { type: 'main', displayName: 'Tool Calls' };

test.each<[string, IDataObject, unknown[], unknown[]]>([
	['A response has ports for a memory and tools', TEXT, ['main', MEMORY, TOOLS], ['main']],
	[
		'Separate Tool Calls Output names both outputs',
		{ ...TEXT, separateToolCalls: true },
		['main', MEMORY, TOOLS],
		[RESPONSE, CALLS],
	],
	['Get many models has neither', MODELS, ['main'], ['main']],
	[
		'Get many models has neither after a change of the resource',
		{ ...TEXT, separateToolCalls: true, ...MODELS },
		['main'],
		['main'],
	],
])('%s', async (_, parameters, inputs, outputs) => {
	expect(await portsOf(parameters)).toEqual({ inputs, outputs });
});

test('The error output comes after both', async () => {
	const nodeTypes = new TestNodeTypes(gradient.loader);
	const node = gradientNode(
		{ ...TEXT, separateToolCalls: true },
		{ onError: 'continueErrorOutput' },
	);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const { description } = nodeTypes.getByNameAndVersion(GRADIENT);
	const outputs = await withIsolate(workflow, () =>
		NodeHelpers.getNodeOutputs(workflow, workflow.getNode(NODE)!, description),
	);
	expect(outputs).toEqual([RESPONSE, CALLS, expect.objectContaining({ category: 'error' })]);
});

test('The tool that n8n makes of the node has no inputs', async () => {
	const ports = await portsOf(TEXT, `${GRADIENT}Tool`);
	expect(ports).toMatchObject({ inputs: [], outputs: ['ai_tool'] });
});
