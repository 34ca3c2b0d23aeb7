import { type IExecuteFunctions, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import type { JsonObject } from '../../shared/client/json';
import { ownName } from '../../shared/client/response/toolName';
import { isUsedAsTool } from '../../shared/host/asTool';
import { nodeOf, perExecution } from '../../shared/host/perExecution';
import { type LangChainTool, type SuppliedTool, toSuppliedTools } from './langChainTool';
import { callMcpTool, mcpSchema } from './mcpTool';
import { type ConnectedTool, Toolbox } from './toolbox';

type ToJsonSchema = (schema: unknown) => JsonObject | undefined;

/**
 * Whether any tool is. Used as a tool itself, the node has no Tools port, and to ask for it throws; where nothing is
 * connected, n8n would still work out which ports the node has.
 */
export const hasConnectedTools = (context: IExecuteFunctions) =>
	!isUsedAsTool(context) && connectedNodes(context).length > 0;

/**
 * The tools that are connected for an item, with those of toolkits (MCP Client).
 * @throws NodeOperationError, if a tool cannot be offered to the model
 */
export async function readConnectedTools(
	context: IExecuteFunctions,
	item: number,
	toJsonSchema: ToJsonSchema,
): Promise<Toolbox> {
	const supply = async () => await context.getInputConnectionData(NodeConnectionTypes.AiTool, item);
	const supplied = toSuppliedTools(await supply());
	const problem = refusedAgent(context) ?? supplied.map(refusal).find(Boolean);
	if (problem) throw new NodeOperationError(nodeOf(context), problem);

	const nameOf = legalNames();
	const toConnected = (one: SuppliedTool) =>
		toConnectedTool(one, nameOf(one), toJsonSchema, context);
	return new Toolbox(supplied.map(toConnected), async () =>
		toSuppliedTools(await supply())
			.filter(({ isFromToolkit }) => isFromToolkit)
			.map(toConnected),
	);
}

function toConnectedTool(
	{ tool, source, isFromToolkit }: SuppliedTool,
	name: string,
	toJsonSchema: ToJsonSchema,
	context: IExecuteFunctions,
): ConnectedTool {
	const isMcp = isFromToolkit && isOfMcpClient(tool, context);
	const parameters = toJsonSchema(isMcp ? mcpSchema(tool.schema) : tool.schema);
	return {
		definition: {
			type: 'function',
			name,
			...(tool.description && { description: tool.description }),
			...(parameters && { parameters }),
		},
		name: tool.name,
		source,
		isFromToolkit,
		invoke: async (args) => await (isMcp ? callMcpTool(tool, args) : tool.invoke(args)),
	};
}

/** Names that the API takes: those of MCP servers may be of any characters and length. A tool that comes again keeps its own. */
function legalNames() {
	const taken = new Set<string>();
	const given = new Map<string, string>();
	return ({ tool, key }: SuppliedTool): string => {
		const name = given.get(key) ?? ownName(String(tool.name ?? ''), taken);
		given.set(key, name);
		return name;
	};
}

/** The nodes at the Tools port of a node that are turned on. */
const toolNodesOf = (context: IExecuteFunctions, name: string) =>
	context
		.getParentNodes(name, { connectionType: NodeConnectionTypes.AiTool, depth: 1 })
		.filter(({ disabled }) => !disabled);

const connectedNodes = perExecution((context: IExecuteFunctions) =>
	toolNodesOf(context, nodeOf(context).name),
);

/** n8n 2.41 marks the tools of its two MCP nodes; older versions only have the type of the node. */
const isOfMcpClient = ({ metadata }: LangChainTool, context: IExecuteFunctions) =>
	metadata?.isFromToolkit === true ||
	connectedNodes(context).some(
		({ name, type }) => name === metadata?.sourceNodeName && /\.mcp\w*ClientTool$/.test(type),
	);

function refusal({ tool: { name, metadata } }: SuppliedTool): string | undefined {
	// the name of the tool behind the gate, which n8n does not always know
	if (!metadata || !('gatedToolNodeName' in metadata)) return undefined;
	return `The connected tool '${metadata.sourceNodeName ?? name}' asks a person before it runs, and only n8n's AI Agent can wait for that. Connect the tool directly; or define it as a function in 'Functions and Server Tools', turn on 'Separate Tool Calls Output', and put the approval on that branch`;
}

/**
 * From version 3 on, the AI Agent Tool (n8n 2.41) leaves the calls of its tools to n8n's engine, which only serves
 * n8n's own agent: its model would be paid for, and then n8n refuses ("returned an engine request").
 */
const refusedAgent = perExecution((context: IExecuteFunctions): string | undefined => {
	const agent = connectedNodes(context).find(
		({ name, type, typeVersion }) =>
			type.endsWith('.agentTool') && typeVersion >= 3 && toolNodesOf(context, name).length > 0,
	);
	return (
		agent &&
		`The connected AI Agent Tool '${agent.name}' has tools of its own, and only n8n's AI Agent can run those. Connect its tools to this node; or put the agent and its tools into a workflow of their own, and connect that with the Call n8n Workflow Tool`
	);
});
