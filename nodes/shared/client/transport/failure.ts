import type { GradientApiErrorDetails } from '../errors';
import { beginningOfJson, isObject, parseJson } from '../json';
import {
	ERROR_BODY_LIMIT,
	KEPT_BODY_LIMIT,
	MESSAGE_LIMIT,
	PATTERN_LIMIT,
	WORD_LIMIT,
} from '../limits';
import { NO_SECRETS, type Secrets } from '../redact';
import { fieldOf, firstWords } from './failureWords';

export type FailureDescription = { message: string } & Pick<
	GradientApiErrorDetails,
	'code' | 'type' | 'parameter' | 'requestId' | 'body'
>;

/**
 * What a failure's body says, whichever envelope it came in: the control plane's, the inference
 * gateway's, OpenAI's and vLLM's, FastAPI's, HTML, plain text or nothing. Never throws: where the body
 * cannot be read, there is only `otherwise`.
 * @param body parsed JSON, or text
 */
export function describeFailure(
	body: unknown,
	otherwise: string,
	secrets: Secrets = NO_SECRETS,
): FailureDescription {
	try {
		return describe(body, otherwise, secrets);
	} catch {
		// nested too deep to be written, or no JSON value at all
		return { message: otherwise };
	}
}

function describe(body: unknown, otherwise: string, secrets: Secrets): FailureDescription {
	const shown = (text: string) => secrets.beginning(text, MESSAGE_LIMIT);
	const word = (value: unknown) => {
		const text = asText(value);
		return text && secrets.beginning(text, WORD_LIMIT);
	};
	if (typeof body === 'string') {
		const said = isHtml(body) ? htmlTitle(body) : body.trim();
		return { message: shown(said || otherwise), body: secrets.beginning(body, KEPT_BODY_LIMIT) };
	}
	if (!isObject(body)) return { message: shown(otherwise), body: kept(body, secrets) };

	const inner = isObject(body.error) ? body.error : body;
	const said = firstWords(
		...[textOf(body.error), inner.message, inner.detail, inner.errors, inner.text],
		...[textOf(inner.error), inner.msg, body.message, body.detail],
	);
	return {
		message: shown(said ?? otherwise),
		code: word(inner.code),
		// the control plane's `id` ("unauthorized", "too_many_requests") is its kind of error
		type: word(inner.type) ?? ('message' in body ? word(body.id) : undefined),
		parameter: word(inner.param) ?? fieldOf(inner.detail),
		requestId: word(body.request_id) ?? word(inner.request_id),
		body: kept(body, secrets),
	};
}

/** A long body as the beginning of its text. */
function kept(body: unknown, secrets: Secrets): unknown {
	const text = beginningOfJson(body, ERROR_BODY_LIMIT);
	if (text.length > KEPT_BODY_LIMIT) return secrets.beginning(text, KEPT_BODY_LIMIT);
	const hidden = secrets.hide(text);
	return hidden === text ? body : (parseJson(hidden) ?? hidden);
}

const isHtml = (text: string) =>
	/^\s*(<!doctype html|<html|<head|<body)/i.test(text.slice(0, PATTERN_LIMIT));

/** 'DigitalOcean - Maintenance', which the gateway shows on paths that it does not route. */
function htmlTitle(html: string): string {
	const beginning = html.slice(0, PATTERN_LIMIT);
	const title = /<title[^<>]*>([^<]*)/i.exec(beginning)?.[1].trim();
	return title ? `The server sent a web page: ${title}` : 'The server sent a web page';
}

/** An object there has been looked into. */
const textOf = (error: unknown) => (typeof error === 'string' ? error : undefined);

const asText = (value: unknown): string | undefined =>
	typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
