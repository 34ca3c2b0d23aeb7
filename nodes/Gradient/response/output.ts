import type { IDataObject } from 'n8n-workflow';

import type { GradientResponse } from '../../shared/client';
import type { PartialResponse } from '../../shared/client/errors';
import { isObject } from '../../shared/client/json';
import type { Searches } from '../../shared/client/response/searches';
import type { ServerToolCall } from '../../shared/client/response/serverToolCalls';
import { summaryOf } from './callSummary';
import type { LoopResult } from './toolLoop';

interface OutputKind {
	simplify: boolean;
	/** Old workflows read their keys: the first version of the node gives them as it always has. */
	isFirstVersion: boolean;
	/** An agent asks, and pays for what it reads. */
	isTool: boolean;
	hasTools: boolean;
	/** Whether the model could call anything. */
	mayCall: boolean;
	/** Whether the request asks for thought. */
	mayReason: boolean;
	hasConversation: boolean;
	/** Of all rounds: each is paid for. */
	searches?: Searches;
	/** Likewise. */
	serverToolCalls: ServerToolCall[];
	/** Structured, where it was asked for. */
	output?: unknown;
}

/** What is looked for first stands first: the table of a hundred answers is read from its left edge. */
const KEY_ORDER = [
	'text',
	'output',
	'tool_calls',
	'usage',
	'reasoning',
	'finish_reason',
	'status',
	'commentary',
	'citations',
	'searches',
	'server_tool_calls',
	'tool_runs',
	'id',
	'model',
	'created',
];

/** Long, and for a machine. */
const LAST_KEYS = ['conversation'];

/** The name of what is called, with what, and then the rest. */
const CALL_ORDER = ['type', 'call_id', 'name', 'args'];

function inOrder<T extends object>(json: T, first: string[], last: string[] = []): T {
	const others = Object.keys(json).filter((key) => !first.includes(key) && !last.includes(key));
	const keys = [...first, ...others, ...last].filter((key) => key in json);
	return Object.fromEntries(keys.map((key) => [key, json[key as keyof T]])) as T;
}

/**
 * The outcome as the JSON of an n8n item.
 * Simplified: keys of the API's own names. `output` is there where it was asked for, `tool_calls` and `reasoning` where
 * there can be any, `commentary`, `citations`, `searches` and `server_tool_calls` where there are any, `conversation` where
 * it is asked for. Otherwise the body as it came, and `output_parsed`. Where tools are connected, `tool_runs` says what they did.
 */
export function toOutputJson(result: LoopResult, kind: OutputKind): IDataObject {
	const { response, toolCalls, toolRuns, usage } = result;
	const { isFirstVersion, searches, serverToolCalls, output } = kind;
	// an agent wants what it has asked for, and pays for all else
	if (kind.isTool && output !== undefined && output !== null) return valueOf(output);
	const { commentary, citations, reasoning, route } = response;
	const isStructured = output !== undefined;
	const runs = kind.hasTools ? { tool_runs: toolRuns.map(withArgs(isFirstVersion)) } : {};
	const hasConversation = kind.hasConversation && !kind.isTool;
	const said = hasConversation ? { conversation: result.conversation } : {};
	if (!kind.simplify) {
		return {
			...withoutError(response.body),
			// the body has a list called output; OpenAI's libraries have this name for it
			...(isStructured && { output_parsed: output }),
			...runs,
			...(!isFirstVersion && said),
		} as unknown as IDataObject;
	}
	const mayCall = isFirstVersion || kind.mayCall || toolCalls.length > 0;
	const mayReason = isFirstVersion || kind.mayReason || reasoning !== null;
	const json = {
		text: response.text,
		...(isStructured && { output }),
		...(mayCall && { tool_calls: toolCalls.map(withArgs(isFirstVersion)) }),
		...(mayReason && { reasoning }),
		finish_reason: response.finishReason,
		status: response.status,
		usage,
		id: response.id,
		model: response.model,
		...(route !== undefined && { route }),
		created: response.created,
		...(commentary !== undefined && { commentary }),
		...(citations && { citations }),
		...(searches && { searches }),
		...(serverToolCalls.length > 0 && {
			server_tool_calls: serverToolCalls.map(withArgs(isFirstVersion)),
		}),
		...runs,
		...said,
	} as unknown as IDataObject;
	return isFirstVersion ? json : inOrder(json, KEY_ORDER, LAST_KEYS);
}

const valueOf = (output: unknown) => (isObject(output) ? output : { output }) as IDataObject;

/**
 * A call with its arguments as `args`: n8n refuses `arguments` in expressions ("Cannot access "arguments" due to
 * security concerns", n8n-workflow 2.41), also where it is a field of an item, and the editor offers it for
 * dragging all the same. Version 1 of the node has both.
 */
const withArgs =
	(isFirstVersion: boolean) =>
	<T extends { arguments: unknown }>({ arguments: args, ...call }: T) =>
		isFirstVersion ? { ...call, arguments: args, args } : inOrder({ ...call, args }, CALL_ORDER);

/** Each call that the workflow should answer, with all that the way back needs. */
export const toToolCallJson = (result: LoopResult, isFirstVersion: boolean) =>
	result.openCalls.map((call) => ({
		...(!isFirstVersion && { summary: summaryOf(call) }),
		...withArgs(isFirstVersion)(call),
		response_id: result.response.id,
		conversation: result.conversation,
	})) as unknown as IDataObject[];

/** What is known of an answer that failed, with its calls as those of an answer. */
export const toPartialJson = (partial: PartialResponse, isFirstVersion: boolean) => ({
	...partial,
	tool_calls: partial.tool_calls.map(withArgs(isFirstVersion)),
	...(partial.tool_runs && { tool_runs: partial.tool_runs.map(withArgs(isFirstVersion)) }),
});

/** All that was paid for although there is no answer. */
export const toPartial = (
	{ response, toolCalls, toolRuns, usage, conversation }: LoopResult,
	isFirstVersion: boolean,
) =>
	toPartialJson(
		{
			id: response.id,
			text: response.text,
			reasoning: response.reasoning,
			tool_calls: toolCalls,
			usage,
			tool_runs: toolRuns,
			conversation,
		},
		isFirstVersion,
	);

/**
 * `error: null`, which vLLM sends with every response, would make n8n up to 2.15 repeat the call
 * where 'Retry On Fail' is on: it takes any `error` on an item for a failure.
 */
function withoutError(body: GradientResponse['body']): IDataObject {
	const json = { ...body } as IDataObject;
	delete json.error;
	return json;
}
