import { NodeConnectionTypes, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { errorBodies } from '../support/errorBodies';
import {
	MANUAL_TRIGGER,
	defineNodeType,
	node,
	runWorkflow,
	type RunOptions,
} from '../support/engine';
import { byId, GRADIENT, gradientNode, MODEL, useGradient } from '../support/gradientNode';

const gradient = useGradient();

interface ConnectedTool {
	name: string;
	description: string;
	invoke(args: IDataObject): Promise<unknown>;
}

/** Calls its one tool with the arguments of each item, as an agent does. */
const caller: INodeType = defineNodeType(
	'caller',
	async function () {
		const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
		const [tool] = connected as ConnectedTool[];
		const answers = [];
		for (const { json } of this.getInputData()) answers.push(await tool.invoke(json));
		const { name, description } = tool;
		return [answers.map((answer) => ({ json: { name, description, answer } as IDataObject }))];
	},
	{
		inputs: [
			{ type: NodeConnectionTypes.Main },
			{ type: NodeConnectionTypes.AiTool, displayName: 'Tools' },
		],
	},
);

async function callTool(parameters: IDataObject, items: IDataObject[], settings?: Partial<INode>) {
	const tool = { ...gradientNode(parameters, settings, 'Ask a model'), type: `${GRADIENT}Tool` };
	const options: RunOptions = {
		loader: gradient.loader,
		nodes: [node('Start', MANUAL_TRIGGER), node('Agent', 'test.caller'), tool],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			'Ask a model': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
		extraNodeTypes: { 'test.caller': caller },
		credentials: { gradientApi: gradient.credential },
		items: items.map((json) => ({ json })),
	};
	return await runWorkflow(options).result;
}

const PARAMETERS: IDataObject = {
	model: byId(MODEL),
	inputType: 'text',
	prompt: "={{ $fromAI('prompt', 'What to ask', 'string') }}",
};

test('An agent asks a model with a prompt of its own and gets the answer', async () => {
	const result = await callTool(PARAMETERS, [{ prompt: 'Why?' }]);
	expect(gradient.server.bodies).toEqual([{ model: MODEL, input: 'Why?' }]);
	const [{ name, description, answer }] = result.json('Agent');
	expect(name).toBe('Ask_a_model');
	expect(description).toContain('Message a model');
	const [item] = JSON.parse(answer as string) as IDataObject[];
	expect(item).toMatchObject({ text: 'Echo: Why?', finish_reason: 'stop' });
	// which would only cost the agent's tokens
	expect(item).not.toHaveProperty('conversation');
});

test('Each call of the tool is a request of its own', async () => {
	await callTool(PARAMETERS, [{ prompt: 'One' }, { prompt: 'Two' }]);
	expect(gradient.server.bodies.map(({ input }) => input)).toEqual(['One', 'Two']);
});

test('An agent can look up the models', async () => {
	const parameters = { resource: 'model', operation: 'getMany', limit: 1 };
	const result = await callTool(parameters, [{}]);
	const [{ answer }] = result.json('Agent');
	expect(JSON.parse(answer as string)).toEqual([
		expect.objectContaining({ id: 'deepseek-v4-pro', object: 'model' }),
	]);
});

test('A failure is told to the agent in the words of the API', async () => {
	gradient.server.answer(errorBodies.modelNotInAccount);
	const result = await callTool(PARAMETERS, [{ prompt: 'Why?' }]);
	expect(JSON.stringify(result.run.data.resultData.runData)).toContain(
		'this model is not available for your account',
	);
	expect(gradient.server.requests).toHaveLength(1);
});
