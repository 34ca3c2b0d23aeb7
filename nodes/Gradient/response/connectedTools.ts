import { type IExecuteFunctions, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import type { Tool } from '../../shared/client';
import { type JsonObject, isObject } from '../../shared/client/json';
import { isUsedAsTool } from '../../shared/host/asTool';

/** A tool that is plugged into the node's Tools port. */
export interface ConnectedTool {
	/** As the model sees it. */
	definition: Tool & { name: string };
	/** @throws whatever the tool throws */
	invoke(args: JsonObject): Promise<unknown>;
}

/** What n8n gives for a connected tool, as far as we use it: LangChain's StructuredTool. */
interface LangChainTool {
	name: string;
	description?: string;
	schema?: unknown;
	metadata?: { sourceNodeName?: string; gatedToolNodeName?: string };
	invoke(args: JsonObject): Promise<unknown>;
}

/** Executions with nothing connected: that holds for all items, and n8n looks anew for each. */
const withoutTools = new WeakSet<IExecuteFunctions>();

const LEGAL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * The tools that are connected for an item, with those of toolkits (MCP Client).
 * @throws NodeOperationError, if a tool cannot be offered to the model
 */
export async function readConnectedTools(
	context: IExecuteFunctions,
	item: number,
	toJsonSchema: (schema: unknown) => JsonObject | undefined,
): Promise<ConnectedTool[]> {
	// used as a tool itself, the node has no Tools port, and to ask for it throws
	if (isUsedAsTool(context) || withoutTools.has(context)) return [];
	const connected = await context.getInputConnectionData(NodeConnectionTypes.AiTool, item);
	if (Array.isArray(connected) && connected.length === 0) withoutTools.add(context);
	// a node may also give a list
	const tools = [connected].flat(2).flatMap(toTools);
	const problem = tools.map((tool, index) => refusal(tool, tools.slice(0, index))).find(Boolean);
	if (problem) throw new NodeOperationError(context.getNode(), problem);

	return tools.map((tool) => {
		const parameters = toJsonSchema(tool.schema);
		return {
			definition: {
				type: 'function',
				name: tool.name,
				...(tool.description && { description: tool.description }),
				...(parameters && { parameters }),
			},
			invoke: async (args) => await tool.invoke(args),
		};
	});
}

/** A toolkit stands for its tools. */
const toTools = (connected: unknown): LangChainTool[] => {
	if (!isObject(connected)) return [];
	const isToolkit = Array.isArray(connected.tools) && typeof connected.getTools === 'function';
	return (isToolkit ? connected.tools : [connected]) as LangChainTool[];
};

function refusal({ name, metadata }: LangChainTool, others: LangChainTool[]): string | undefined {
	const node = metadata?.sourceNodeName ?? name;
	// the name of the tool behind the gate, which n8n does not always know
	if (metadata && 'gatedToolNodeName' in metadata) {
		return `The connected tool '${node}' asks a person before it runs, and only n8n's AI Agent can wait for that. Connect the tool directly; or define it as a function in 'Tools', turn on 'Separate Tool Calls Output', and put the approval on that branch`;
	}
	if (!LEGAL_NAME.test(name)) {
		return `The connected tool '${node}' has the name '${name}', but a name must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash. Rename its node`;
	}
	if (others.some((other) => other.name === name)) {
		return `Two connected tools have the name '${name}'. Rename one of their nodes`;
	}
	return undefined;
}
