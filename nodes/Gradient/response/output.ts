import type { IDataObject } from 'n8n-workflow';

import type { GradientResponse } from '../../shared/client';
import type { PartialResponse } from '../../shared/client/errors';
import { isObject } from '../../shared/client/json';
import type { Searches } from '../../shared/client/response/searches';
import type { LoopResult } from './toolLoop';

interface OutputKind {
	simplify: boolean;
	hasTools: boolean;
	isTool: boolean;
	/** Of all rounds: each is paid for. */
	searches?: Searches;
	/** Structured, where it was asked for. */
	output?: unknown;
}

/**
 * The outcome as the JSON of an n8n item.
 * Simplified: ten keys of the API's own names, always all there, and `commentary`, `citations` and `searches`
 * where there are any, `output` where it was asked for. Otherwise the body as it came. Where tools are connected, `tool_runs` says what they
 * did. As a tool of an agent, the node gives no `conversation`: it would only cost the agent's tokens.
 */
export function toOutputJson(
	{ response, toolCalls, toolRuns, usage, conversation }: LoopResult,
	{ simplify, hasTools, isTool, searches, output }: OutputKind,
): IDataObject {
	// an agent wants what it has asked for, and pays for all else
	if (isTool && output !== undefined && output !== null) return valueOf(output);
	const { commentary, citations } = response;
	const runs = hasTools ? { tool_runs: toolRuns.map(forExpressions) } : {};
	const isStructured = output !== undefined;
	if (!simplify) {
		// the body has a list of that name; OpenAI's libraries call it so
		const parsed = isStructured && { output_parsed: output };
		return { ...withoutError(response.body), ...parsed, ...runs } as unknown as IDataObject;
	}
	return {
		text: response.text,
		...(isStructured && { output }),
		tool_calls: toolCalls.map(forExpressions),
		reasoning: response.reasoning,
		finish_reason: response.finishReason,
		status: response.status,
		usage,
		id: response.id,
		model: response.model,
		created: response.created,
		...(commentary !== undefined && { commentary }),
		...(citations && { citations }),
		...(searches && { searches }),
		...runs,
		...(!isTool && { conversation }),
	} as unknown as IDataObject;
}

const valueOf = (output: unknown) => (isObject(output) ? output : { output }) as IDataObject;

/**
 * A call with its arguments under a second name: n8n refuses `arguments` in expressions ("Cannot access
 * "arguments" due to security concerns", n8n-workflow 2.41), also where it is a field of an item.
 */
const forExpressions = <T extends { arguments: unknown }>(call: T) => ({
	...call,
	args: call.arguments,
});

/** Each call that the workflow should answer, with all that the way back needs. */
export const toToolCallJson = ({ response, openCalls, conversation }: LoopResult) =>
	openCalls.map((call) => ({
		...forExpressions(call),
		response_id: response.id,
		conversation,
	})) as unknown as IDataObject[];

/** What is known of an answer that failed, with its calls as those of an answer. */
export const toPartialJson = (partial: PartialResponse) => ({
	...partial,
	tool_calls: partial.tool_calls.map(forExpressions),
	...(partial.tool_runs && { tool_runs: partial.tool_runs.map(forExpressions) }),
});

/** All that was paid for although there is no answer. */
export const toPartial = ({ response, toolCalls, toolRuns, usage, conversation }: LoopResult) =>
	toPartialJson({
		id: response.id,
		text: response.text,
		reasoning: response.reasoning,
		tool_calls: toolCalls,
		usage,
		tool_runs: toolRuns,
		conversation,
	});

/**
 * `error: null`, which vLLM sends with every response, would make n8n up to 2.15 repeat the call
 * where 'Retry On Fail' is on: it takes any `error` on an item for a failure.
 */
function withoutError(body: GradientResponse['body']): IDataObject {
	const json = { ...body } as IDataObject;
	delete json.error;
	return json;
}
