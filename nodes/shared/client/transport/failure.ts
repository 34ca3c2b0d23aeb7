import type { GradientApiErrorDetails } from '../errors';
import { isObject } from '../json';
import { fieldOf, firstWords } from './failureWords';

/** Characters of an API message that are shown: vLLM's validation messages can be whole dumps. */
const MESSAGE_LIMIT = 600;

/** Characters of a body that are kept in the error's data, which n8n stores with the execution. */
const BODY_LIMIT = 4_000;

export type FailureDescription = { message: string } & Pick<
	GradientApiErrorDetails,
	'code' | 'type' | 'parameter' | 'requestId' | 'body'
>;

/**
 * What a failure's body says, whichever envelope it came in: the control plane's, the inference
 * gateway's, OpenAI's and vLLM's, FastAPI's, HTML, plain text or nothing.
 * @param body parsed JSON, or text
 */
export function describeFailure(body: unknown, otherwise: string): FailureDescription {
	if (typeof body === 'string') {
		const said = isHtml(body) ? htmlTitle(body) : body.trim();
		return { message: cut(said || otherwise, MESSAGE_LIMIT), body: cut(body, BODY_LIMIT) };
	}
	if (!isObject(body)) return { message: otherwise, body: kept(body) };

	const inner = isObject(body.error) ? body.error : body;
	const said = firstWords(
		...[textOf(body.error), inner.message, inner.detail, inner.errors, inner.text],
		...[textOf(inner.error), inner.msg, body.message, body.detail],
	);
	return {
		message: cut(said ?? otherwise, MESSAGE_LIMIT),
		code: asText(inner.code),
		// the control plane's `id` ("unauthorized", "too_many_requests") is its kind of error
		type: asText(inner.type) ?? ('message' in body ? asText(body.id) : undefined),
		parameter: asText(inner.param) ?? fieldOf(inner.detail),
		requestId: asText(body.request_id) ?? asText(inner.request_id),
		body: kept(body),
	};
}

/** A long body as the beginning of its text. */
function kept(body: unknown): unknown {
	const text = JSON.stringify(body) ?? '';
	return text.length <= BODY_LIMIT ? body : cut(text, BODY_LIMIT);
}

const isHtml = (text: string) => /^\s*(<!doctype html|<html|<head|<body)/i.test(text);

/** 'DigitalOcean - Maintenance', which the gateway shows on paths that it does not route. */
function htmlTitle(html: string): string {
	const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1].trim();
	return title ? `The server sent a web page: ${title}` : 'The server sent a web page';
}

/** An object there has been looked into. */
const textOf = (error: unknown) => (typeof error === 'string' ? error : undefined);

const asText = (value: unknown): string | undefined =>
	typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;

const cut = (text: string, limit: number) =>
	text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
