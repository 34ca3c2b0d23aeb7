import {
	type IDataObject,
	type INode,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { type GradientApiError, isGradientApiError } from '../client/errors';
import { isObject } from '../client/json';
import { MESSAGE_LIMIT, NAMED_PROBLEMS } from '../client/limits';
import { type FormWords, GRADIENT_FORM, adviceFor } from './advice';

export type NodeError = NodeApiError | NodeOperationError;

/** What the user must mend in the form, all of it at once. Nothing was sent. */
export function invalidFields(node: INode, problems: string[]): NodeOperationError {
	const count = problems.length > 1 ? `${problems.length} fields need a correction: ` : '';
	const list = listed(problems);
	// n8n's chat shows the description only, and n8n drops one that is equal to the message
	const description = `Nothing was sent, because the form needs a correction: ${list}.`;
	return new NodeOperationError(node, withCapital(`${count}${list}`), { description });
}

/** As many of them as anybody reads. */
export function listed(problems: string[]): string {
	const more = problems.length - NAMED_PROBLEMS;
	const named = problems.slice(0, NAMED_PROBLEMS).join('; ');
	return more > 0 ? `${named}; and ${more.toLocaleString('en-US')} more` : named;
}

/** n8n knows by this very word that the user pressed Stop; otherwise the execution counts as failed. */
export const canceled = (node: INode) => new NodeOperationError(node, 'The execution was canceled');

const withCapital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Any failure as one of n8n's two errors. Those of n8n stay what they are, so that class and HTTP code
 * survive. Never throws: n8n would take that for the failure, and 'On Error' would not see the item's own.
 * @param itemIndex the item, where the failure is that of one item
 * @param form the words for what the user can do about it
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
	form: FormWords = GRADIENT_FORM,
): NodeError {
	try {
		return ofItem(asNodeError(node, error, form), itemIndex);
	} catch {
		return ofItem(plainError(node, error), itemIndex);
	}
}

function asNodeError(node: INode, error: unknown, form: FormWords): NodeError {
	if (isNodeError(error)) return error;
	if (isGradientApiError(error)) return fromApiError(node, error, form);
	const isUsual = isObject(error) && typeof error.message === 'string';
	return new NodeOperationError(node, isUsual ? (error as unknown as Error) : wordsOf(error));
}

/** What is left where a failure cannot be described: its message and status. */
function plainError(node: INode, error: unknown): NodeError {
	const message = wordsOf(error);
	try {
		const { kind, status } = (error as GradientApiError).details;
		if (kind === 'http') return new NodeApiError(node, {}, { message, httpCode: String(status) });
	} catch {
		// then it has no status
	}
	return new NodeOperationError(node, message);
}

function wordsOf(error: unknown): string {
	try {
		return String(isObject(error) && 'message' in error ? error.message : error) || UNKNOWN;
	} catch {
		return UNKNOWN;
	}
}

const UNKNOWN = 'It failed, and nothing says why';

function ofItem(nodeError: NodeError, itemIndex: number | undefined): NodeError {
	if (itemIndex === undefined) return nodeError;
	nodeError.context.itemIndex = itemIndex;
	nodeError.message = withItem(nodeError.message, itemIndex);
	return nodeError;
}

const isNodeError = (error: unknown): error is NodeError =>
	error instanceof NodeApiError || error instanceof NodeOperationError;

/** In the form that the editor knows, or it would add the item once more. */
const withItem = (message: string, itemIndex: number) =>
	message.includes('[item ') ? message : `${message} [item ${itemIndex}]`;

function fromApiError(node: INode, error: GradientApiError, form: FormWords): NodeError {
	const { kind, status, ...details } = error.details;
	const whole = asMessage(error);
	const message = heading(whole);
	const description = describe(error, form, message === whole ? '' : whole);
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
const asMessage = ({ message }: GradientApiError) =>
	message.slice(0, LONGEST_MESSAGE).replaceAll('canceled', 'cancelled');

/** Characters. What an API says is cut before, but a model may have called a function of any name. */
const LONGEST_MESSAGE = 3 * MESSAGE_LIMIT;

/** Characters that are read at a glance; the editor shows the heading of an error in large letters. */
const HEADING_LIMIT = 180;

/** The first line, or as many of its sentences as there is place for. */
function heading(message: string): string {
	const [line] = message.trim().split(/\s*\n/, 1);
	if (line.length <= HEADING_LIMIT) return line;
	const beginning = line.slice(0, HEADING_LIMIT);
	const end = beginning.lastIndexOf('. ');
	return end > 0 ? beginning.slice(0, end + 1) : `${beginning.trimEnd()}…`;
}

const httpCode = ({ details: { kind, status } }: GradientApiError) =>
	kind === 'http' && status !== undefined ? String(status) : undefined;

/**
 * What to do, then what a support request needs.
 * @param whole the message, where its heading is not all of it
 */
function describe(error: GradientApiError, form: FormWords, whole: string): string {
	const { code, type, parameter, requestId, attempts = 1, waitedMs = 0 } = error.details;
	return [
		adviceFor(error, form),
		whole && `In full: ${whole}`,
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

const withoutUndefined = (data: object) =>
	JSON.parse(JSON.stringify(data)) as JsonObject & IDataObject;
