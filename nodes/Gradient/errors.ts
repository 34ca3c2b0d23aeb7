import {
	type IDataObject,
	type INode,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { type GradientApiError, isGradientApiError } from './client/errors';
import { MAX_WAIT_MS } from './client/retry';

export type NodeError = NodeApiError | NodeOperationError;

/** What the user must mend in the form, all of it at once. Nothing was sent. */
export function invalidFields(node: INode, problems: string[]): NodeOperationError {
	const count = problems.length > 1 ? `${problems.length} fields need a correction: ` : '';
	const list = problems.join('; ');
	// n8n's chat shows the description only, and n8n drops one that is equal to the message
	const description = `Nothing was sent, because the form needs a correction: ${list}.`;
	return new NodeOperationError(node, withCapital(`${count}${list}`), { description });
}

/** n8n knows by this very word that the user pressed Stop; otherwise the execution counts as failed. */
export const canceled = (node: INode) => new NodeOperationError(node, 'The execution was canceled');

const withCapital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Any failure as one of n8n's two errors. Those of n8n stay what they are, so that class and HTTP code
 * survive.
 * @param itemIndex the item, where the failure is that of one item
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
	const nodeError = isNodeError(error)
		? error
		: isGradientApiError(error)
			? fromApiError(node, error)
			: new NodeOperationError(node, error as Error);
	if (itemIndex !== undefined) {
		nodeError.context.itemIndex = itemIndex;
		nodeError.message = withItem(nodeError.message, itemIndex);
	}
	return nodeError;
}

const isNodeError = (error: unknown): error is NodeError =>
	error instanceof NodeApiError || error instanceof NodeOperationError;

/** In the form that the editor knows, or it would add the item once more. */
const withItem = (message: string, itemIndex: number) =>
	message.includes('[item ') ? message : `${message} [item ${itemIndex}]`;

function fromApiError(node: INode, error: GradientApiError): NodeError {
	const { kind, status, ...details } = error.details;
	const message = asMessage(error);
	const description = describe(error);
	// a plain object: n8n would put its own words for a `code` in place of ours
	const nodeError =
		kind === 'settings'
			? new NodeOperationError(node, message, { description })
			: new NodeApiError(node, {}, { message, description, httpCode: httpCode(error) });
	// set again, because n8n replaces a message that holds a word such as ECONNREFUSED or EPERM
	nodeError.message = message;
	nodeError.context.data = withoutUndefined({ status, ...details });
	return nodeError;
}

/** n8n takes any final error that says "canceled" for a press of Stop. */
const asMessage = ({ message }: GradientApiError) => message.replaceAll('canceled', 'cancelled');

const httpCode = ({ details: { kind, status } }: GradientApiError) =>
	kind === 'http' && status !== undefined ? String(status) : undefined;

/** What to do, then what a support request needs. */
function describe(error: GradientApiError): string {
	const { code, type, parameter, requestId, attempts = 1, waitedMs = 0 } = error.details;
	return [
		adviceFor(error),
		code && `Code: ${code}.`,
		type && `Type: ${type}.`,
		parameter && `Parameter: ${parameter}.`,
		requestId && `Request ID: ${requestId}.`,
		attempts > 1 &&
			`The request was sent ${attempts} times, with ${inSeconds(waitedMs)} of waiting in between.`,
	]
		.filter(Boolean)
		.join(' ');
}

const inSeconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

const TOO_LONG = /context length|too large|too long|invalid request body/i;

function adviceFor({ message, details }: GradientApiError): string {
	const { kind, status = 0, redirectedTo, retryAfterMs = 0 } = details;
	if (kind === 'timeout') {
		return "Raise 'Timeout' in 'Request Options' if the model needs longer. The request may be billed all the same, so it was not sent again.";
	}
	if (redirectedTo) {
		return `The server points to ${redirectedTo}, which is not followed, as the key would travel along. Correct 'Base URL' in the credential.`;
	}
	if (kind === 'connection')
		return "Check 'Base URL' in the credential, and n8n's network and proxy.";
	if (kind === 'answer' && message.includes('web page')) {
		return "Check 'Base URL' in the credential: it seems to point to a web site.";
	}
	if (kind === 'answer' && message.startsWith('The answer is not JSON')) {
		return "Check 'Base URL' in the credential, and n8n's proxy: something else may have answered in place of the API.";
	}
	if (kind === 'stream') {
		return "What had come is in the error's data, and may be billed, so the request was not sent again. Where this happens often, set 'Stream' in 'Options' to Off, or shorten the answer with 'Max Output Tokens'.";
	}
	if (kind === 'answer') {
		return 'The request may be billed all the same, so it was not sent again.';
	}
	if (status === 413 || (status === 400 && TOO_LONG.test(message))) {
		return "Shorten the input, or lower 'Max Output Tokens', or choose a model with a longer context.";
	}
	if (status === 429 && retryAfterMs > MAX_WAIT_MS) {
		const at = new Date(Date.now() + retryAfterMs).toISOString().slice(0, 16).replace('T', ' ');
		return `A quota of your account is used up; it is reset at ${at} UTC. Until then each request is refused, so none is repeated.`;
	}
	if (status >= 500) return 'The fault is on the side of the server. Try again later.';
	return ADVICE[status] ?? '';
}

const ADVICE: Record<number, string> = {
	401: "Check 'Model Access Key' in the credential. A personal access token needs full access, and keys of agent endpoints do not work here.",
	402: 'Check the billing of your DigitalOcean account.',
	403: "Your account or its subscription tier may not have this model, or the key is limited to a VPC or may not list models. Choose another 'Model', by its ID if need be, or another key.",
	404: "Check 'Model': it may not exist, or not support the Responses API. If all models do this, check 'Base URL' in the credential.",
	429: "The rate limit of your account is reached. In 'Request Options', lower 'Max Concurrent Requests', or raise 'Delay Between Requests' or 'Max Retries'.",
};

const withoutUndefined = (data: object) =>
	JSON.parse(JSON.stringify(data)) as JsonObject & IDataObject;
