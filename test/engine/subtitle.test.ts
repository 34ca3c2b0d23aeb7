/** What the canvas shows below the name of the node. */
import { Workflow, type IDataObject } from 'n8n-workflow';

import { GRADIENT, gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { withIsolate } from '../support/host';
import { TestNodeTypes } from '../support/nodeTypes';

const gradient = useGradient();

test.each<[string, IDataObject, string]>([
	['the model of a response', TEXT, 'openai-gpt-oss-20b'],
	[
		'a model from the list',
		{ ...TEXT, model: { __rl: true, mode: 'list', value: 'kimi-k2.6' } },
		'kimi-k2.6',
	],
	['the operation of models', { resource: 'model', operation: 'getMany' }, 'Get many models'],
])('is %s', async (_, parameters, expected) => {
	const nodeTypes = new TestNodeTypes(gradient.loader);
	const nodes = [gradientNode(parameters)];
	const workflow = new Workflow({ nodes, connections: {}, active: false, nodeTypes });
	const { subtitle } = nodeTypes.getByNameAndVersion(GRADIENT).description;
	const shown = await withIsolate(workflow, () =>
		workflow.expression.getSimpleParameterValue(workflow.getNode(NODE)!, subtitle, 'internal', {}),
	);
	expect(shown).toBe(expected);
});
