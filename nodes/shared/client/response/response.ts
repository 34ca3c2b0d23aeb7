import { GradientApiError, type PartialResponse } from '../errors';
import { type JsonObject, isObject } from '../json';
import { MAX_ENTRIES } from '../limits';
import { NO_SECRETS, type Secrets } from '../redact';
import type { InputItem, ResponseRequest } from '../schema/request';
import { type ResponseBody, responseBodySchema } from '../schema/response';
import { describeFailure } from '../transport/failure';
import { inContext } from '../transport/failureWords';
import { hasTooMany, withoutTooMany } from './entries';
import { toInputItems } from './outputAsInput';
import { firstChoice, hasOutput, readOutput } from './outputItems';
import { type Said, otherTypes, readSaid } from './said';
import { type Searches, readSearches } from './searches';
import { type ServerToolCall, answeredIds, readServerToolCalls } from './serverToolCalls';
import { readMarkup } from './textMarkup';
import { type ToolCall, toToolCall } from './toolCall';
import { type Usage, readUsage } from './usage';

/** One response of the API, whichever of its shapes it came in. */
export interface GradientResponse extends Said {
	id: string;
	model: string;
	/** Unix time, seconds. */
	created: number | null;
	status: string | null;
	/** Why an answer is incomplete, in the API's words: `max_output_tokens`. */
	incompleteReason: string | null;
	/** stop, length, tool_calls, content_filter; null where the response is not finished. */
	finishReason: string | null;
	/** What is called and not yet answered. */
	toolCalls: ToolCall[];
	/** How many of them came as text; left out where none did. */
	callsOfText?: number;
	/** A call that came as text and could not be read as one, as the model wrote it: `text` still holds it. */
	callAsText?: string;
	usage: Usage;
	/** The way that DigitalOcean's router took; left out where there was none. */
	route?: string;
	/** Left out where there were none. */
	searches?: Searches;
	/** Other tools that the server ran; left out where there were none. */
	serverToolCalls?: ServerToolCall[];
	/** The types of what else the answer holds, pictures or calls of MCP servers; left out where nothing. */
	otherTypes?: string[];
	/** As many tokens as were allowed, and no word that the limit cut the answer: two servers never say so. */
	mayBeCut?: true;
	/** Further answers to the same request, as `n` asks for; left out where there are none. */
	otherAnswers?: number;
	/** The output as input items: what the next request repeats to continue the conversation. Made when it is asked for. */
	readonly outputAsInput: InputItem[];
	/** The body as it came. */
	body: JsonObject;
}

/** What of a request tells how its answer is to be read. */
export type AnsweredRequest = Partial<
	Pick<ResponseRequest, 'tools' | 'max_output_tokens' | 'max_tokens'>
>;

/**
 * Reads the body of a 2xx answer.
 * @param secrets what must not be seen of a failure
 * @throws GradientApiError `answer`, if the body says that the response failed, has no output or too much.
 */
export function readResponse(
	body: unknown,
	request: AnsweredRequest = {},
	secrets: Secrets = NO_SECRETS,
): GradientResponse {
	const failed = (otherwise: string) => failedAnswer(body, otherwise, secrets);
	// llama-server, asked for several
	if (Array.isArray(body) && body.length > 1) throw failed(severalAnswers(body.length));
	const only: unknown = Array.isArray(body) ? body[0] : body;
	if (hasTooMany(only)) throw tooMany(only);
	const { data } = responseBodySchema.safeParse(only);
	if (!data || data.status === 'failed' || data.error) {
		throw failed('The API answered 200, but the response failed');
	}
	const response = hasOutput(data) ? toResponse(data, only as JsonObject, request) : undefined;
	const notYet = UNANSWERED.get(data.status);
	if (notYet && (!response || isEmpty(response))) throw failed(notYet);
	if (!response) throw failed('The API answered 200, but without any output');
	return response;
}

const severalAnswers = (count: number) =>
	`The API answered with a list of ${count} responses, of which only one can be read: remove 'n' from 'Additional Fields (JSON)'`;

const WITHOUT_ANSWER =
	"The API took the request, but will answer only later, and there is no way to fetch an answer from it: remove 'background' from 'Additional Fields (JSON)'";

/** By a status that may stand over an empty output. */
const UNANSWERED = new Map<unknown, string>([
	['queued', WITHOUT_ANSWER],
	['in_progress', WITHOUT_ANSWER],
	['cancelled', 'The API cancelled the response before there was any of it'],
]);

const isEmpty = ({ text, refusal, reasoning, toolCalls, otherTypes: others }: GradientResponse) =>
	!text && !refusal && !reasoning && toolCalls.length === 0 && !others;

function toResponse(
	response: ResponseBody,
	body: JsonObject,
	request: AnsweredRequest = {},
): GradientResponse {
	const read = readMarkup(readOutput(response), offeredNames(request));
	const { output, callAsText, callsOfText } = read;
	const answered = answeredIds(output.map(({ item }) => item));
	const toolCalls = output.flatMap((one) =>
		one.kind === 'function_call' && !answered.has(one.callId) ? toToolCall(one) : [],
	);
	const created = response.created ?? response.created_at;
	const usage = readUsage(response.usage);
	const finish = finishReason(response, toolCalls, callsOfText);
	const searches = readSearches(output);
	const serverToolCalls = readServerToolCalls(output);
	const others = otherTypes(output);
	const otherAnswers = (response.choices?.length ?? 0) - 1;
	let asInput: InputItem[] | undefined;
	return {
		id: response.id ?? '',
		model: response.model ?? '',
		created: typeof created === 'number' ? Math.floor(created) : null,
		status: response.status ?? null,
		incompleteReason: response.incomplete_details?.reason ?? null,
		finishReason: finish,
		...readSaid(output),
		toolCalls,
		...(callsOfText > 0 && { callsOfText }),
		...(callAsText !== undefined && { callAsText }),
		usage,
		...(searches && { searches }),
		...(serverToolCalls && { serverToolCalls }),
		...(others.length > 0 && { otherTypes: others }),
		...(isUsedUp(response, usage, request) && { mayBeCut: true as const }),
		...(otherAnswers > 0 && { otherAnswers }),
		get outputAsInput() {
			return (asInput ??= output.flatMap(toInputItems));
		},
		body,
	};
}

/** The functions that a request offers. Nobody has checked what 'Additional Fields (JSON)' put there. */
export function offeredNames({ tools }: AnsweredRequest): string[] {
	const list: unknown[] = Array.isArray(tools) ? tools : [];
	return list.flatMap((tool) =>
		isObject(tool) && tool.type === 'function' && typeof tool.name === 'string' ? [tool.name] : [],
	);
}

/** Only where the server itself says that the answer is complete, and not why it ended. */
function isUsedUp(
	{ status, incomplete_details, choices, max_output_tokens: echoed }: ResponseBody,
	{ output_tokens: used }: Usage,
	{ max_output_tokens, max_tokens }: AnsweredRequest,
): boolean {
	const limit: unknown = max_output_tokens ?? max_tokens ?? echoed;
	const isSaid = incomplete_details?.reason ?? choices?.some(({ finish_reason: said }) => said);
	return status === 'completed' && !isSaid && typeof limit === 'number' && !!used && used >= limit;
}

/** undefined where nothing of an answer is in the body. */
export function readPartial(body: unknown): PartialResponse | undefined {
	if (!isObject(body)) return undefined;
	const { data } = responseBodySchema.safeParse(withoutTooMany(body));
	if (!data) return undefined;
	const { id, text, reasoning, toolCalls, usage } = toResponse(data, body);
	const isNothing = !text && !reasoning && toolCalls.length === 0 && usage.total_tokens === null;
	return isNothing ? undefined : { id, text, reasoning, tool_calls: toolCalls, usage };
}

const tooMany = (body: unknown) =>
	new GradientApiError(
		`The answer has more than ${MAX_ENTRIES.toLocaleString('en-US')} output items, parts and calls`,
		{ kind: 'answer', status: 200, partial: readPartial(body) },
	);

function failedAnswer(body: unknown, otherwise: string, secrets: Secrets) {
	const { message, ...details } = describeFailure(body, otherwise, secrets);
	return new GradientApiError(inContext(message, otherwise), {
		kind: 'answer',
		status: 200,
		...details,
		partial: readPartial(body),
	});
}

/** In the words of `choices[].finish_reason`; `output` has none, so there it follows from the rest. */
function finishReason(
	response: ResponseBody,
	toolCalls: ToolCall[],
	callsOfText: number,
): string | null {
	const said = firstChoice(response)?.finish_reason;
	if (said) return said === 'stop' && callsOfText > 0 ? 'tool_calls' : said;
	const cutBy = response.incomplete_details?.reason;
	if (cutBy) return CUT_BY.get(cutBy) ?? null;
	const status = response.status ?? 'completed';
	if (status === 'requires_action') return toolCalls.length > 0 ? 'tool_calls' : null;
	if (status !== 'completed') return null;
	return toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

const CUT_BY = new Map([
	['max_output_tokens', 'length'],
	['max_tokens', 'length'],
	['content_filter', 'content_filter'],
]);
