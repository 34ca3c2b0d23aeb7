import { type JsonObject, isObject } from '../../shared/client/json';

/** What n8n gives for a connected tool, as far as we use it: LangChain's StructuredTool. */
export interface LangChainTool {
	name: string;
	description?: string;
	schema?: unknown;
	metadata?: { sourceNodeName?: string; gatedToolNodeName?: string; isFromToolkit?: boolean };
	invoke(args: JsonObject): Promise<unknown>;
	/** The call without the check of its arguments. */
	_call?(args: JsonObject): Promise<unknown>;
}

/** A connected tool with where it comes from. */
export interface SuppliedTool {
	tool: LangChainTool;
	/** The node that gave it: what is called through it shares one session, one file system, one account. */
	source: string;
	/** The same whenever the source is asked again, and no other tool's. */
	key: string;
	isFromToolkit: boolean;
}

/** What the Tools port gives: tools, toolkits that stand for theirs (MCP Client), and lists of both. */
export function toSuppliedTools(connected: unknown): SuppliedTool[] {
	const counts = new Map<string, number>();
	return [connected].flat(2).flatMap((one: unknown, position) => {
		if (!isObject(one)) return [];
		const isToolkit = Array.isArray(one.tools) && typeof one.getTools === 'function';
		const tools = (isToolkit ? one.tools : [one]) as LangChainTool[];
		return tools.map((tool): SuppliedTool => {
			// n8n 2.16 does not say which node a tool is of
			const source = tool.metadata?.sourceNodeName ?? `connection ${position}`;
			const name = `${source}\n${tool.name}`;
			const count = (counts.get(name) ?? 0) + 1;
			counts.set(name, count);
			return { tool, source, key: `${name}\n${count}`, isFromToolkit: isToolkit };
		});
	});
}
