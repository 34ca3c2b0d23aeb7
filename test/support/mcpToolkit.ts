/**
 * An MCP server, and what n8n's MCP Client Tool makes of it: as nodes/mcp/shared/runtime.js and
 * McpClientTool/utils.js of @n8n/n8n-nodes-langchain 2.41.1 do it, and logWrapper of @n8n/ai-utilities 0.34.1.
 */
import { DynamicStructuredTool } from '@langchain/core/tools';
import * as core from 'n8n-core';
import * as z from 'zod/v3';

/** A part of a result, as MCP has it. */
export type McpPart = Record<string, unknown>;

export interface McpResult {
	content?: McpPart[];
	structuredContent?: object;
	isError?: boolean;
}

export interface McpTool {
	/** n8n's copy of the tool's schema; left out where the server's is no object with properties. */
	schema?: z.ZodTypeAny;
	/** What the server does: it gets the arguments as they came. */
	call(args: Record<string, unknown>): McpResult | Promise<McpResult>;
}

export const mcpText = (text: string): McpResult => ({ content: [{ type: 'text', text }] });

export class McpServer {
	/** One for each time that n8n has connected. */
	sessions = 0;

	/** The calls that n8n has logged as runs of a tool: the name and the arguments. */
	readonly logged: Array<[name: string, args: unknown]> = [];

	private readonly live = new Set<number>();

	private isDown = false;

	constructor(readonly tools: Record<string, McpTool>) {}

	/** Sessions are forgotten, as most servers do. */
	restart() {
		this.live.clear();
	}

	/** Nobody can connect any more. */
	stop() {
		this.restart();
		this.isDown = true;
	}

	/** What a node of the name gives for an item, connected anew each time. */
	toolkit(nodeName: string) {
		if (this.isDown) throw new Error('Could not connect to your MCP server');
		const session = ++this.sessions;
		this.live.add(session);
		const tools = Object.entries(this.tools).map(([name, tool]) =>
			this.logging(
				new DynamicStructuredTool({
					name: toolName(nodeName, name),
					description: `The tool ${name}`,
					schema: asObject(tool.schema) as never,
					metadata: { isFromToolkit: true },
					func: async (args: unknown) => await this.call(session, name, args),
				}),
			),
		);
		return asToolkit(tools);
	}

	/** Failures are texts: createCallTool hands them to the node's log, and returns the words. */
	private async call(session: number, name: string, args: unknown): Promise<unknown> {
		if (!this.live.has(session)) return 'MCP error -32001: Session not found';
		try {
			const result = await this.tools[name].call(args as Record<string, unknown>);
			if (result.isError) return result.content?.find(({ text }) => typeof text === 'string')?.text;
			return result.structuredContent ?? result.content;
		} catch (error) {
			return (error as Error).message;
		}
	}

	/** A run is logged where LangChain calls the function of the tool; the result becomes text there. */
	private logging(tool: DynamicStructuredTool): DynamicStructuredTool {
		return new Proxy(tool, {
			get: (target, property) => {
				if (property !== '_call') return target[property as keyof DynamicStructuredTool];
				return async (args: never) => {
					this.logged.push([target.name, args]);
					const { _call: call } = target as never as { _call(args: unknown): Promise<unknown> };
					const response = await call.call(target, args);
					return typeof response === 'string' ? response : JSON.stringify(response);
				};
			},
		});
	}
}

/** The prefix is cut so that 64 characters remain; the tool's own name is not touched. */
function toolName(nodeName: string, name: string): string {
	const prefix = nodeName.replace(/[^a-zA-Z0-9]/g, '_');
	const length = 64 - name.length - 1;
	if (prefix.length <= length) return `${prefix}_${name}`;
	return length > 0 ? `${prefix.slice(0, length)}_${name}` : name;
}

/** `{ type: 'object' }` without properties becomes a record, and that is wrapped. */
function asObject(schema: z.ZodTypeAny = z.record(z.any())): z.ZodTypeAny {
	return schema instanceof z.ZodObject ? schema : z.object({ value: schema });
}

/** n8n tells the tools of its own class which node they are of. */
function asToolkit(tools: DynamicStructuredTool[]): unknown {
	const { StructuredToolkit } = core as { StructuredToolkit?: new (tools: unknown[]) => unknown };
	return StructuredToolkit ? new StructuredToolkit(tools) : { tools, getTools: () => tools };
}
