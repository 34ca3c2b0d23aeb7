import type { ToolCall } from './response/toolCall';
import type { Usage } from './response/usage';
import type { InputItem } from './schema/request';

/**
 * - `http`: the API answered with a status that is not 2xx
 * - `answer`: a 2xx that is no usable response (HTML, not JSON, `status: "failed"`, an `error`, cut), or
 *   something that is not even HTTP; it may be billed, as the server had worked
 * - `stream`: a stream that reports a failure, cannot be read or broke off
 * - `connection`: no answer came
 * - `timeout`: our own deadline ran out; the call may be billed all the same
 * - `output`: the model's answer is not the structured output that was asked for, also after it was told so
 * - `settings`: key, base URL, proxy or certificate cannot be used; nothing was sent
 */
export type FailureKind =
	| 'http'
	| 'answer'
	| 'stream'
	| 'connection'
	| 'timeout'
	| 'output'
	| 'settings';

/** What is usable of a response that failed, and of what went before it, in the API's words. */
export interface PartialResponse {
	id: string;
	text: string;
	reasoning: string | null;
	tool_calls: ToolCall[];
	usage: Usage;
	/** Tools that were run, and the conversation so far, where there were earlier rounds. */
	tool_runs?: ToolCall[];
	conversation?: InputItem[];
}

export interface GradientApiErrorDetails {
	kind: FailureKind;
	/** HTTP status. */
	status?: number;
	/** The API's own error code and type, as far as it gave them. */
	code?: string;
	type?: string;
	/** The request parameter that the API complains about. */
	parameter?: string;
	requestId?: string;
	/** What the API sent: parsed JSON, or text; cut to a readable length. */
	body?: unknown;
	/** What the model had written before the failure; it is paid for. */
	partial?: PartialResponse;
	/** The model that was asked, where the API refuses it. */
	model?: string;
	/** Requests sent for this call, retries included. */
	attempts?: number;
	/** Time between them, ms. */
	waitedMs?: number;
	/** How long the API asks to wait, ms. */
	retryAfterMs?: number;
	/** The limit is said to be reset by now, so that only this request is to wait. */
	isResetDue?: boolean;
	/** The limit of requests, as the API names it (`x-ratelimit-limit-requests`). */
	limitPerMinute?: number;
	/** For a minute nobody with this key got through. */
	isHopeless?: boolean;
	/** Where a redirect points, which is never followed. */
	redirectedTo?: string;
	/**
	 * A gateway gave up on an answer in one piece (504; Cloudflare's 524): the model goes on, and that is
	 * billed.
	 */
	mayRunOn?: boolean;
	/** An event of the stream told of it, so that it would also have failed in one piece. */
	wasReported?: boolean;
	/** The input of the request was a list that begins with something else than a message. */
	isHeadless?: true;
	/** Whether the API said itself that a retry makes sense (`x-should-retry`). */
	shouldRetry?: boolean;
}

/** Any failure of a call to the Gradient API. Holds no header, so never the key. */
export class GradientApiError extends Error {
	override readonly name = 'GradientApiError';

	constructor(
		message: string,
		readonly details: GradientApiErrorDetails,
	) {
		super(message);
	}
}

/** By name, not by class: the client is bundled apart from the nodes, so classes may exist twice. */
export const isGradientApiError = (error: unknown): error is GradientApiError =>
	error instanceof Error && error.name === 'GradientApiError' && 'details' in error;

/**
 * Six models of the catalogue answer a forced call so, with 500 (reported by a third party, August 2026), and
 * llama-server a history with such a call: the same request fails again.
 */
export const isUnreadableCall = ({ message }: GradientApiError): boolean =>
	/failed to parse tool call arguments/i.test(message);
