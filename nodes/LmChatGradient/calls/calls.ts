import type { GradientResponse, InputItem, ResponseRequest } from '../../shared/client';
import { isObject, parseJson } from '../../shared/client/json';
import { cutCalls } from '../../shared/client/response/cutCalls';
import { answeredIds } from '../../shared/client/response/serverToolCalls';
import { offeredName } from '../../shared/client/response/toolName';
import { toldOfUnread } from '../../shared/client/response/unreadCall';

type Call = Extract<InputItem, { type: 'function_call' }>;

export interface WrongCall {
	call: Call;
	/** It was cut off, there is no such tool, or its arguments are not a JSON object. */
	fault: 'cut' | 'name' | 'arguments';
	/** What the model is told. */
	output: string;
}

/** What an answer says and calls. */
export interface ReadAnswer {
	/** In their order, each call under an id of its own and the name of the tool. */
	items: InputItem[];
	/** The calls that n8n can run. */
	calls: Call[];
	wrong: WrongCall[];
	/** Of a call that came as text and cannot be read as one. */
	unread?: UnreadCall;
}

export interface UnreadCall {
	/** As the model wrote it. */
	text: string;
	/** What the model is told. */
	told: InputItem;
}

export interface CallContext {
	request: ResponseRequest;
	/** The names of the tools that n8n can run. */
	offered: ReadonlySet<string>;
	/** The id, or another where a call has it already. */
	ownId(callId: string): string;
	/** The arguments of a call as they are read. */
	mend?(name: string, args: string): string;
}

/**
 * Tells the calls that n8n can run from those that it cannot: n8n's agent (2.41) drops a call of a tool that it does
 * not have, and asks the same again; where arguments are not JSON, the SDK (0.31) calls the tool with {}, and
 * LangChain with as much as it can read of them.
 */
export function readCalls(response: GradientResponse, context: CallContext): ReadAnswer {
	const { request, offered } = context;
	const isCut = cutCalls(response, request);
	const answered = answeredIds(response.outputAsInput);
	const answer: ReadAnswer = { items: [], calls: [], wrong: [] };
	let index = 0;
	for (const item of response.outputAsInput) {
		if (!isCall(item)) {
			answer.items.push(item);
			continue;
		}
		const call = { ...item, name: offeredName(item.name, offered) };
		// by the server, which has run it
		if (answered.has(item.call_id)) {
			answer.items.push(call);
			continue;
		}
		const wasCut = isCut[index++];
		call.call_id = context.ownId(item.call_id);
		call.arguments = argumentsText(item.arguments);
		if (!wasCut && context.mend) call.arguments = context.mend(call.name, call.arguments);
		answer.items.push(call);
		const wrong = faultOf(call, wasCut, offered);
		if (wrong) answer.wrong.push(wrong);
		else answer.calls.push(call);
	}
	const { callAsText: text } = response;
	return text === undefined
		? answer
		: { ...answer, unread: { text, told: toldOfUnread(response, request) } };
}

/** Some models send nothing or null where there is nothing to give. */
const argumentsText = (text: string) => (/^\s*(null\s*)?$/.test(text) ? '{}' : text);

function faultOf(call: Call, wasCut: boolean, offered: ReadonlySet<string>): WrongCall | undefined {
	const { name, arguments: args } = call;
	if (wasCut) {
		return {
			call,
			fault: 'cut',
			output:
				'Error: This call was not run, because the answer was cut off within it. Call the tool again, with less text before it and in its arguments',
		};
	}
	if (!offered.has(name)) {
		const tools = [...offered].join(', ');
		const others = tools ? `The tools are: ${tools}` : 'Answer without a tool';
		return { call, fault: 'name', output: `Error: There is no tool '${name}'. ${others}` };
	}
	if (!isObject(parseJson(args))) {
		return {
			call,
			fault: 'arguments',
			output: `Error: The arguments are not a JSON object: ${shortened(args)}. Call the tool again with a JSON object`,
		};
	}
	return undefined;
}

/** Characters of what a model wrote that are repeated to it or to a reader. */
const SHOWN = 200;

export const shortened = (text: string) =>
	text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;

const isCall = (item: InputItem): item is Call => item.type === 'function_call';
