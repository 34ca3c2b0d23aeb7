/** Nodes that give a tool to the Tools port, as n8n's tool nodes do. */
import type { IConnections, IDataObject, INode, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { MANUAL_TRIGGER, chain, defineNodeType, node, type WorkflowRun } from './engine';
import { NODE, gradientNode, type GradientBench, type GradientRun } from './gradientNode';

export interface TestTool {
	name: string;
	description?: string;
	/** zod 3, zod 4 or JSON Schema. */
	schema?: unknown;
	metadata?: object;
	invoke(args: unknown): unknown;
}

/** @param supply what the node gives for an item: one tool, or a toolkit; or a promise of it */
export function toolNodeType(name: string, supply: (item: number) => unknown): INodeType {
	return {
		...defineNodeType(name, async () => [[]], {
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		}),
		execute: undefined,
		supplyData: async (item) => ({ response: await supply(item) }),
	};
}

/** What a workflow needs to have these plugged into a node. */
export function pluggedInto(nodeName: string, tools: Record<string, (item: number) => unknown>) {
	const nodes: INode[] = [];
	const connections: IConnections = {};
	const extraNodeTypes: Record<string, INodeType> = {};
	for (const [name, supply] of Object.entries(tools)) {
		const type = `test.${name}`;
		extraNodeTypes[type] = toolNodeType(name, supply);
		nodes.push(node(name, type));
		connections[name] = {
			[NodeConnectionTypes.AiTool]: [
				[{ node: nodeName, type: NodeConnectionTypes.AiTool, index: 0 }],
			],
		};
	}
	return { nodes, connections, extraNodeTypes };
}

export interface ToolsRun extends Omit<GradientRun, 'nodes' | 'connections' | 'extraNodeTypes'> {
	/** By node: what it gives for an item. */
	tools: Record<string, (item: number) => unknown>;
}

/** Starts the Gradient node of these tests with tools plugged into it. */
export function startWithTools(
	bench: GradientBench,
	parameters: IDataObject,
	{ tools, next = [], nodeSettings, ...options }: ToolsRun,
): WorkflowRun {
	const plugged = pluggedInto(NODE, tools);
	const main = chain(
		node('Start', MANUAL_TRIGGER),
		gradientNode(parameters, nodeSettings),
		...next,
	);
	return bench.start(parameters, {
		nodes: [...main.nodes, ...plugged.nodes],
		connections: { ...main.connections, ...plugged.connections },
		extraNodeTypes: plugged.extraNodeTypes,
		...options,
	});
}

/** A tool that answers with what it was given. */
export const echoTool = (name: string, extra: Partial<TestTool> = {}): TestTool => ({
	name,
	description: `The tool ${name}`,
	schema: { type: 'object', properties: { city: { type: 'string' } } },
	invoke: (args: unknown) => `${name} got ${JSON.stringify(args)}`,
	...extra,
});
