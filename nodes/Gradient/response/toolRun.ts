import type { ToolCall } from '../../shared/client';
import { type JsonObject, isObject } from '../../shared/client/json';
import { Deadline } from '../../shared/client/transport/abort';
import type { ConnectedTool } from './connectedTools';

/** One call of the model that the node has answered. */
export interface ToolRun {
	call_id: string;
	name: string;
	arguments: unknown;
	/** What the model was told; where the tool failed, its `error` in other words. */
	output: string;
	error?: string;
	/** How long the tool took. */
	ms: number;
}

/** As 'Timeout' has it where the user did not add it, ms. */
const DEFAULT_TIMEOUT_MS = 300_000;

/** Characters of a tool's output that are sent to the model; more would only fill its context. */
const OUTPUT_LIMIT = 400_000;

/**
 * Answers one call, whatever happens: a model that is told what went wrong can mend it, and the API wants
 * exactly one output for each call.
 * @param tools the connected tools
 * @param timeout ms; 0: no limit
 * @throws only the signal's reason
 */
export async function runTool(
	call: ToolCall,
	tools: ConnectedTool[],
	{ timeout = DEFAULT_TIMEOUT_MS, signal }: { timeout?: number; signal?: AbortSignal },
): Promise<ToolRun> {
	const started = Date.now();
	const { call_id, name, arguments: args } = call;
	const answer = (result: { output: string; error?: string }): ToolRun => ({
		call_id,
		name,
		arguments: args,
		...result,
		ms: Date.now() - started,
	});
	try {
		signal?.throwIfAborted();
		const tool = tools.find(({ definition }) => definition.name === name);
		if (!tool) return answer(failed(unknownTool(name, tools)));
		const parsed = checkedArguments(call);
		if (typeof parsed === 'string') return answer(failed(parsed));
		const value = await withLimits(tool.invoke(parsed), timeout, signal);
		return answer({ output: asOutput(value) });
	} catch (error) {
		signal?.throwIfAborted();
		return answer(failed(error instanceof Error ? error.message : String(error)));
	}
}

const failed = (error: string) => ({ output: `Error: ${error}`, error });

const unknownTool = (name: string, tools: ConnectedTool[]) =>
	`There is no tool '${name}'. The tools are: ${tools.map((tool) => tool.definition.name).join(', ')}`;

/** The arguments as an object, or what to tell the model. */
function checkedArguments(call: ToolCall): JsonObject | string {
	if (call.arguments_error) {
		return `${call.arguments_error}: ${String(call.arguments)}. Call the tool again with a JSON object`;
	}
	// null: some models say so where they have nothing to give
	const args = call.arguments ?? {};
	return isObject(args)
		? args
		: `The arguments must be a JSON object, but were ${JSON.stringify(args)}. Call the tool again`;
}

/** Any value as the text that the API takes. */
function asOutput(value: unknown): string {
	const content = isObject(value) && 'tool_call_id' in value ? value.content : value;
	const text = asText(content);
	return text.length <= OUTPUT_LIMIT
		? text
		: `${text.slice(0, OUTPUT_LIMIT)}… (${text.length - OUTPUT_LIMIT} more characters were cut off)`;
}

function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === undefined) return 'The tool ran and returned nothing';
	if (value instanceof Uint8Array) return `The tool returned ${value.length} bytes of binary data`;
	try {
		return JSON.stringify(value) ?? String(value);
	} catch (error) {
		return `The tool ran, but what it returned is not JSON: ${(error as Error).message}`;
	}
}

/** A tool cannot be ended from outside, but neither Stop nor the model should wait for it. */
async function withLimits<T>(work: Promise<T>, timeout: number, signal?: AbortSignal): Promise<T> {
	const deadline = new Deadline(signal);
	const seconds = timeout / 1000;
	deadline.set(timeout, () => new Error(`The tool did not answer within ${seconds} s`));
	try {
		return await Promise.race([work, deadline.passed()]);
	} finally {
		deadline.release();
	}
}
