import type { ToolCall } from '../../shared/client';
import { type JsonObject, isObject } from '../../shared/client/json';
import {
	type Picture,
	type ToolOutput,
	toToolOutput,
} from '../../shared/client/response/toolOutput';
import { Deadline } from '../../shared/client/transport/abort';
import { LostSession } from './mcpTool';
import type { Toolbox } from './toolbox';

/** One call of the model that the node has answered. */
export interface ToolRun {
	call_id: string;
	/** The tool's own name; where there is no such tool, what the model called. */
	name: string;
	arguments: unknown;
	/** What the model was told; where the tool failed, its `error` in other words. */
	output: string;
	error?: string;
	/** How long the tool took. */
	ms: number;
}

/** A run, and the pictures in its result, which are no part of the node's output. */
export interface AnsweredCall {
	run: ToolRun;
	pictures: Picture[];
}

export interface ToolLimits {
	/** For each call, ms; 0: no limit. */
	timeout?: number;
	signal?: AbortSignal;
}

/** As 'Timeout' has it where the user did not add it, ms. */
const DEFAULT_TIMEOUT_MS = 300_000;

/**
 * Answers one call, whatever happens: a model that is told what went wrong can mend it, and the API wants
 * exactly one output for each call.
 * @throws only the signal's reason
 */
export async function runTool(
	call: ToolCall,
	toolbox: Toolbox,
	limits: ToolLimits,
): Promise<AnsweredCall> {
	const started = Date.now();
	const { call_id, arguments: args } = call;
	const name = toolbox.find(call.name)?.name ?? call.name;
	const answer = ({ output, pictures }: ToolOutput, error?: string): AnsweredCall => ({
		run: {
			call_id,
			name,
			arguments: args,
			output,
			...(error !== undefined && { error }),
			ms: Date.now() - started,
		},
		pictures,
	});
	try {
		limits.signal?.throwIfAborted();
		return answer(toToolOutput(await invoke(call, toolbox, limits)));
	} catch (thrown) {
		limits.signal?.throwIfAborted();
		const error = inWords(thrown);
		return answer({ output: `Error: ${error}`, pictures: [] }, error);
	}
}

/** A call that is answered with why it is not run. */
export const notRun = (call: ToolCall, toolbox: Toolbox, error: string): AnsweredCall => ({
	run: {
		call_id: call.call_id,
		name: toolbox.find(call.name)?.name ?? call.name,
		arguments: call.arguments,
		output: `Error: ${error}`,
		error,
		ms: 0,
	},
	pictures: [],
});

/** What a tool throws may be as long as what it returns, and hold the same. */
const inWords = (thrown: unknown) =>
	toToolOutput(thrown instanceof Error ? thrown.message : String(thrown)).output;

/** @throws Error, in words for the model */
async function invoke(call: ToolCall, toolbox: Toolbox, limits: ToolLimits): Promise<unknown> {
	const tool = toolbox.find(call.name);
	if (!tool) throw new Error(unknownTool(call.name, toolbox));
	const args = checkedArguments(call);
	const outcome = await withLimits(tool.invoke(args), limits).then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
	if ('value' in outcome) return outcome.value;
	const isLost = outcome.error instanceof LostSession;
	const isBack = isLost && (await withLimits(toolbox.renew(), limits));
	const again = isBack ? toolbox.find(call.name) : undefined;
	if (!again) throw outcome.error;
	return await withLimits(again.invoke(args), limits);
}

const unknownTool = (name: string, { tools }: Toolbox) =>
	`There is no tool '${name}'. The tools are: ${tools.map((tool) => tool.definition.name).join(', ')}`;

/** @throws Error, what to tell the model where the arguments are no object */
function checkedArguments(call: ToolCall): JsonObject {
	if (call.arguments_error) {
		throw new Error(
			`${call.arguments_error}: ${String(call.arguments)}. Call the tool again with a JSON object`,
		);
	}
	// null: some models say so where they have nothing to give
	const args = call.arguments ?? {};
	if (isObject(args)) return args;
	throw new Error(
		`The arguments must be a JSON object, but were ${JSON.stringify(args)}. Call the tool again`,
	);
}

/** A tool cannot be ended from outside, but neither Stop nor the model should wait for it. */
export async function withLimits<T>(
	work: Promise<T>,
	{ timeout = DEFAULT_TIMEOUT_MS, signal }: ToolLimits,
): Promise<T> {
	const deadline = new Deadline(signal);
	const seconds = timeout / 1000;
	deadline.set(timeout, () => new Error(`The tool did not answer within ${seconds} s`));
	try {
		return await Promise.race([work, deadline.passed()]);
	} finally {
		deadline.release();
	}
}
