/** Nodes that give a tool to the Tools port, as n8n's tool nodes do. */
import type { IConnections, INode, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { defineNodeType, node } from './engine';

export interface TestTool {
	name: string;
	description?: string;
	/** zod 3, zod 4 or JSON Schema. */
	schema?: unknown;
	metadata?: object;
	invoke(args: never): unknown;
}

/** @param supply what the node gives for an item: one tool, or a toolkit */
export function toolNodeType(name: string, supply: (item: number) => unknown): INodeType {
	return {
		...defineNodeType(name, async () => [[]], {
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		}),
		execute: undefined,
		supplyData: async (item) => ({ response: supply(item) }),
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
