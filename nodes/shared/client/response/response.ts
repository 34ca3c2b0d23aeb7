import { GradientApiError, type PartialResponse } from '../errors';
import { type JsonObject, isObject } from '../json';
import { MAX_ENTRIES } from '../limits';
import { NO_SECRETS, type Secrets } from '../redact';
import type { InputItem } from '../schema/request';
import { type ResponseBody, responseBodySchema } from '../schema/response';
import { describeFailure } from '../transport/failure';
import { hasTooMany, withoutTooMany } from './entries';
import { toInputItems } from './outputAsInput';
import { type Output, readOutput } from './outputItems';
import { type ToolCall, toToolCall } from './toolCall';
import { type Usage, readUsage } from './usage';

/** One response of the API, whichever of its shapes it came in. */
export interface GradientResponse {
	id: string;
	model: string;
	/** Unix time, seconds. */
	created: number | null;
	status: string | null;
	/** Why an answer is incomplete, in the API's words: `max_output_tokens`. */
	incompleteReason: string | null;
	/** stop, length, tool_calls, content_filter; null where the response is not finished. */
	finishReason: string | null;
	/** '' where the model only called tools. */
	text: string;
	refusal: string | null;
	reasoning: string | null;
	toolCalls: ToolCall[];
	usage: Usage;
	/** The output as input items: what the next request repeats to continue the conversation. */
	outputAsInput: InputItem[];
	/** The body as it came. */
	body: JsonObject;
}

/**
 * Reads the body of a 2xx answer.
 * @param secrets what must not be seen of a failure
 * @throws GradientApiError `answer`, if the body says that the response failed, has no output or too much.
 */
export function readResponse(body: unknown, secrets: Secrets = NO_SECRETS): GradientResponse {
	if (hasTooMany(body)) throw tooMany(body);
	const { data: response } = responseBodySchema.safeParse(body);
	if (!response || response.status === 'failed' || response.error) {
		throw failedAnswer(body, 'The API answered 200, but the response failed', secrets);
	}
	if (!response.output && !response.choices && !response.output_text) {
		throw failedAnswer(body, 'The API answered 200, but without any output', secrets);
	}

	return toResponse(response, body as JsonObject);
}

function toResponse(response: ResponseBody, body: JsonObject): GradientResponse {
	const output = readOutput(response);
	const textOf = (kind: Output['kind'], separator = '') =>
		output.flatMap((one) => (one.kind === kind && 'text' in one ? one.text : [])).join(separator);
	const toolCalls = output.flatMap((one) => (one.kind === 'function_call' ? toToolCall(one) : []));
	const created = response.created ?? response.created_at;
	return {
		id: response.id ?? '',
		model: response.model ?? '',
		created: typeof created === 'number' ? Math.floor(created) : null,
		status: response.status ?? null,
		incompleteReason: response.incomplete_details?.reason ?? null,
		finishReason: finishReason(response, toolCalls),
		text: textOf('message'),
		refusal: output.map((one) => (one.kind === 'message' ? one.refusal : '')).join('') || null,
		reasoning: textOf('reasoning', '\n\n') || null,
		toolCalls,
		usage: readUsage(response.usage),
		outputAsInput: output.flatMap(toInputItems),
		body,
	};
}

/** undefined where nothing of an answer is in the body. */
export function readPartial(body: unknown): PartialResponse | undefined {
	if (!isObject(body)) return undefined;
	const { data } = responseBodySchema.safeParse(withoutTooMany(body));
	if (!data) return undefined;
	const { id, text, reasoning, toolCalls, usage } = toResponse(data, body);
	const isEmpty = !text && !reasoning && toolCalls.length === 0 && usage.total_tokens === null;
	return isEmpty ? undefined : { id, text, reasoning, tool_calls: toolCalls, usage };
}

const tooMany = (body: unknown) =>
	new GradientApiError(
		`The answer has more than ${MAX_ENTRIES.toLocaleString('en-US')} output items, parts and calls`,
		{ kind: 'answer', status: 200, partial: readPartial(body) },
	);

function failedAnswer(body: unknown, otherwise: string, secrets: Secrets) {
	const { message, ...details } = describeFailure(body, otherwise, secrets);
	return new GradientApiError(message, {
		kind: 'answer',
		status: 200,
		...details,
		partial: readPartial(body),
	});
}

const CUT_BY = new Map([
	['max_output_tokens', 'length'],
	['content_filter', 'content_filter'],
]);

/** In the words of `choices[].finish_reason`; `output` has none, so there it follows from the rest. */
function finishReason(response: ResponseBody, toolCalls: ToolCall[]): string | null {
	const said = response.choices?.[0]?.finish_reason;
	if (said) return said;
	const cutBy = response.incomplete_details?.reason;
	if (cutBy) return CUT_BY.get(cutBy) ?? null;
	if ((response.status ?? 'completed') !== 'completed') return null;
	return toolCalls.length > 0 ? 'tool_calls' : 'stop';
}
