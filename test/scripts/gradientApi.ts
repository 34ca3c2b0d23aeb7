/** An API, and a model behind it, that do and refuse what they are told to, for the live check to find out. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import type { AnswerHandler } from '../support/gradientServer';
import { type ResponseBody, functionCall, message, responseOf } from '../support/responses';
import { DONE, chatChunks, frame, typedEvents } from '../support/streams';

export interface Behaviour {
	dialect?: 'typed events' | 'chat chunks';
	namedToolChoice?: 'nested' | 'flat';
	/** Keys, anywhere in the request, that are refused with HTTP 400. */
	refused?: string[];
	/** Roles of messages, and types of items and parts likewise. */
	refusedValues?: string[];
	/** What is refused beyond that. */
	refuses?: (request: IDataObject) => string | undefined;
	/** How a refusal comes; HTTP 400 if left out. */
	refusal?: (what: string) => Answer;
	/** Fields that are taken and then do nothing. */
	ignored?: string[];
	/** transformers serve streams unless told not to. */
	streams?: 'if asked' | 'unless told not to' | 'always' | 'never';
	/** Of the streams; `text/event-stream` if left out. */
	streamType?: string;
	/** Answers for models that it does not have. */
	takesAnyModel?: boolean;
	/** Whether an answer that a limit has cut says so. llama-server's does not. */
	saysCut?: boolean;
	/** The model's answer, where it is another than usual; undefined: the usual one. */
	says?: (request: IDataObject) => IDataObject[] | string | undefined;
	/** Changes the response, as the last thing. */
	tells?: (response: ResponseBody, request: IDataObject) => ResponseBody;
}

const refusedBody = (what: string) => ({
	error: {
		message: `Unsupported: ${what}`,
		type: 'invalid_request_error',
		code: null,
		param: what,
	},
});

const badRequest = (what: string): Answer =>
	json(refusedBody(what), { status: 400, headers: { 'x-ratelimit-remaining-requests': '119' } });

/** A failure that says itself, in an answer of HTTP 200, what it is. */
export const refusalInOk = (what: string): Answer => json(refusedBody(what));

export function gradientApi(behaviour: Behaviour = {}): AnswerHandler {
	const { refused = [], refusedValues = [], ignored = [], refuses, takesAnyModel } = behaviour;
	const { namedToolChoice = 'nested', refusal = badRequest } = behaviour;
	return ({ method, body }) => {
		if (method !== 'POST') return undefined;
		const request = body as IDataObject;
		const wrong =
			refused.find((key) => key in request) ??
			refusedValues.find((value) => JSON.stringify(request).includes(`"${value}"`)) ??
			refuses?.(request);
		if (wrong) return refusal(wrong);
		const isUnknown = String(request.model).startsWith('no-such') && !takesAnyModel;
		if (isUnknown) return errorBodies.unknownModel;

		const choice = request.tool_choice as IDataObject | undefined;
		const isIgnored = ignored.includes('tool_choice');
		if (choice && !isIgnored && 'function' in choice !== (namedToolChoice === 'nested')) {
			return refusal('tool_choice');
		}
		return sent(answerTo(withoutKeys(request, ignored), behaviour), request, behaviour);
	};
}

const withoutKeys = (object: IDataObject, keys: string[]): IDataObject =>
	Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

function sent(response: ResponseBody, request: IDataObject, behaviour: Behaviour): Answer {
	const { dialect, streams = 'if asked', streamType } = behaviour;
	const isStream = {
		'if asked': request.stream === true,
		'unless told not to': request.stream !== false,
		always: true,
		never: false,
	}[streams];
	if (!isStream) return json(response);
	const [first] = response.output ?? [];
	const [part] = (first?.content ?? []) as IDataObject[];
	const usage = request.stream_options ? (response.usage as IDataObject) : undefined;
	const chunks =
		dialect === 'chat chunks'
			? [...chatChunks(String(part?.text ?? ''), 'm', usage).map(frame), DONE]
			: typedEvents(response).map(frame);
	return eventStream(chunks, streamType ? { headers: { 'content-type': streamType } } : {});
}

const ONES = 'one two three four five six seven eight nine ten'.split(' ');
const TEENS = 'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
	' ',
);
const tens = (ten: string) => [ten, ...ONES.slice(0, 9).map((one) => `${ten}-${one}`)];
const NUMBERS = [...ONES, ...TEENS, ...tens('twenty'), ...tens('thirty'), 'forty'];

/** What an obedient model says, after `says`, its limit and its stops. A word has one token. */
function answerTo(request: IDataObject, { says, tells, saysCut = true }: Behaviour): ResponseBody {
	const said = says?.(request) ?? usual(request);
	const limit = Number(request.max_tokens ?? request.max_output_tokens ?? Infinity);
	const words = typeof said === 'string' ? upToStop(said, request.stop).split(' ') : [];
	const isCut = words.length > limit;
	const output = typeof said === 'string' ? [message(words.slice(0, limit).join(' '))] : said;
	const output_tokens = words.length > 0 ? Math.min(words.length, limit) : 20;
	const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
	const response = responseOf(output, {
		model: request.model,
		reasoning: request.reasoning,
		temperature: request.temperature,
		usage: { input_tokens: 10, output_tokens, total_tokens: 10 + output_tokens },
		...(isCut && saysCut && cut),
	});
	return tells?.(response, request) ?? response;
}

const upToStop = (text: string, stop: unknown) =>
	((stop ?? []) as string[]).reduce((left, one) => left.split(one)[0], text);

function usual(request: IDataObject): IDataObject[] | string {
	const asked = JSON.stringify(request.input);
	const tools = (request.tools ?? []) as IDataObject[];
	const names = tools.map(({ name, type }) => String(name ?? type));
	const call = (city: string, id: string) =>
		functionCall('get_weather', JSON.stringify({ city }), id);

	if (names.some((name) => name.startsWith('web_search'))) {
		return [{ type: 'web_search_call', id: 'ws_1', status: 'completed' }, message('Node.js 24.')];
	}
	if (names.includes('web_fetch')) {
		return [{ type: 'web_fetch_call', id: 'wf_1', status: 'completed' }, message('Example.')];
	}
	if (request.tool_choice) return [functionCall('get_time', '{}')];
	if (asked.includes('function_call_output')) return 'It is sunny in both, 20 °C.';
	if (asked.includes('Call the function')) {
		const calls = [call('Paris', 'call_1'), call('Rome', 'call_2')];
		return request.parallel_tool_calls === false ? calls.slice(0, 1) : calls;
	}
	if (request.text) return '{"capital":"Paris"}';
	if (request.instructions) return 'PINEAPPLE';
	if (asked.includes('input_image')) return 'Red.';
	if (asked.includes('input_file')) return 'It holds PINEAPPLE.';
	if (asked.includes('Which words were named')) {
		return [...asked.matchAll(/The word of the \w+ is (\w+)/g)].map(([, word]) => word).join(', ');
	}
	if (asked.includes('to forty')) return NUMBERS.join(' ');
	if (asked.includes('to ten')) return ONES.join(' ');
	return asked.includes('France') ? 'Paris.' : 'Hello.';
}
