/**
 * Who saw to it that an answer fits its schema: the server while the model wrote, or the node afterwards. Read off what
 * went over the line, and checked without the nodes' own code.
 */
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { IDataObject } from 'n8n-workflow';

import { type JsonObject, isObject, parseJson } from '../../../nodes/shared/client/json';
import { type Exchange, toBytes } from './exchange';

/** What is known of a case beforehand. */
export interface Asked {
	schema: object;
	/** What the model writes where nothing binds it: at first, or when it is asked again. */
	unbound: string[];
}

/** A request for the output, and what became of it. */
export interface Step {
	way: 'Text Format' | 'Function Call';
	/** `400`: refused; the others are in `SERVERS_PART`. */
	server: string;
	node: keyof typeof NODES_PART;
}

/** The server's part, by the word for it in the table. */
export const SERVERS_PART = {
	held: 'another text than the model writes by itself, and it fits the schema that was sent: the server bound it',
	fits: 'the text that the model writes by itself fits that schema: whether anything bound it cannot be seen',
	free: 'the text that the model writes by itself, which breaks that schema: nothing bound it',
	broken: 'another text than the model writes by itself, and it breaks that schema all the same',
	nothing: 'no text and no call, though the model would write one',
	cut: 'it ends before the JSON is whole, for the limit on tokens',
};

/** The node's part. */
export const NODES_PART = {
	taken: 'the value, as the server gave it',
	mended:
		'a value that fits, read out of a fence or other text, or mapped back: without keys that the schema does not have, without nulls that stand for what is left out, out of `value`',
	refused:
		'no such value, so the model was asked again, or the node ends with an error that says why',
	'sent anew': 'the request, without what the server had refused',
};

const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true, logger: false }));
const checks = new Map<string, ReturnType<typeof ajv.compile>>();

/** What of a value breaks a schema; '' where it fits. A format that nobody knows is not looked at. */
export function breachOf(schema: object, value: unknown): string {
	const key = JSON.stringify(schema);
	const check = checks.get(key) ?? ajv.compile(schema);
	checks.set(key, check);
	return check(value) ? '' : ajv.errorsText(check.errors);
}

/**
 * The requests for the output, but those that were refused for the form of their `tool_choice` alone: vLLM refuses the
 * API reference's, of which the node hears once for each server and model.
 * @param hasValue whether a value came of it in the end, that fits the whole schema
 */
export function stepsOf(exchanges: Exchange[], asked: Asked, hasValue: boolean): Step[] {
	const asks = exchanges.filter(
		({ request, status }, index) =>
			request.method === 'POST' &&
			(status === 200 || !isDeepStrictEqual(unchosen(exchanges[index + 1]), unchosen({ request }))),
	);
	return asks.map((exchange, index): Step => {
		const wish = wishIn(exchange.request.body as IDataObject);
		const isLast = index === asks.length - 1;
		if (exchange.status !== 200) {
			const node = isLast ? 'refused' : 'sent anew';
			return { way: wish.way, server: `${exchange.status}`, node };
		}
		const { text, isCut } = answerOf(exchange, wish.name);
		const value = parseJson(text);
		const fitsSent = value !== undefined && breachOf(wish.schema, value) === '';
		const isWhole = fitsSent && breachOf(asked.schema, value) === '';
		const server = serversPart({ text, isCut, fitsSent }, asked.unbound);
		const node = !isLast || !hasValue ? 'refused' : isWhole ? 'taken' : 'mended';
		return { way: wish.way, server, node };
	});
}

/** The body of a request without its `tool_choice`. */
function unchosen(exchange: Pick<Exchange, 'request'> | undefined): JsonObject | undefined {
	const body = exchange?.request.body;
	return isObject(body) ? { ...body, tool_choice: undefined } : undefined;
}

function serversPart(
	{ text, isCut, fitsSent }: { text: string; isCut: boolean; fitsSent: boolean },
	unbound: string[],
): keyof typeof SERVERS_PART {
	if (unbound.some((own) => isSame(own, text))) return fitsSent ? 'fits' : 'free';
	if (text.trim() === '') return 'nothing';
	// two of these servers say `completed` of what the limit has cut
	if (!fitsSent && (isCut || unbound.some((own) => own.startsWith(text)))) return 'cut';
	return fitsSent ? 'held' : 'broken';
}

/** Servers write the arguments of a call anew, with other spaces. */
function isSame(one: string, other: string): boolean {
	if (one.trim() === other.trim()) return true;
	const value = parseJson(one);
	return value !== undefined && isDeepStrictEqual(value, parseJson(other));
}

/** How a request asks for the output. @throws where it does not */
function wishIn({ text, tools, tool_choice: choice }: IDataObject): {
	way: Step['way'];
	schema: JsonObject;
	name?: string;
} {
	const format = isObject(text) && (text.format as JsonObject | undefined);
	if (format) return { way: 'Text Format', schema: format.schema as JsonObject };
	const { name, function: chosen } = (choice ?? {}) as { name?: string; function?: JsonObject };
	const wanted = name ?? chosen?.name;
	const tool = (tools as JsonObject[] | undefined)?.find((one) => one.name === wanted);
	if (!tool) throw new Error('The request asks for no output');
	return {
		way: 'Function Call',
		schema: tool.parameters as JsonObject,
		name: tool.name as string,
	};
}

/** The text of an answer, or the arguments of the call of its function. */
function answerOf({ headers, chunks }: Exchange, name: string | undefined) {
	const body = Buffer.concat(chunks.map(toBytes)).toString();
	const isStream = headers['content-type']?.includes('event-stream');
	const response = isStream ? lastResponse(body) : (parseJson(body) as JsonObject);
	const items = (response.output ?? []) as JsonObject[];
	const call = items.find((item) => item.type === 'function_call' && item.name === name);
	const parts = items.flatMap((item) => (item.content ?? []) as JsonObject[]);
	const texts = parts.filter(({ type }) => type === 'output_text').map(({ text }) => String(text));
	return {
		text: call ? String(call.arguments) : texts.join(''),
		isCut: response.status === 'incomplete',
	};
}

/** Each of these servers ends its stream with the whole response. */
function lastResponse(stream: string): JsonObject {
	const responses = stream.split('\n').flatMap((line) => {
		const event = parseJson(line.replace(/^data: ?/, ''));
		return isObject(event) && isObject(event.response) ? [event.response] : [];
	});
	const last = responses.at(-1);
	if (!last) throw new Error('The stream has no response');
	return last;
}
