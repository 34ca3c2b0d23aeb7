/** What an answer shows of the field that its call is about. */
import { isDeepStrictEqual } from 'node:util';

import { SHORT_LIMIT, WORD, optionalFields, roles } from './calls';
import type { Check } from './check';
import { type GradientResponse, type JsonObject, isObject, parseJson } from './client';
import { type Effect, type Shows, saysCut } from './judge';
import { answerText, lackOfText, quoted } from './text';

function answerIs(response: GradientResponse): string {
	const lack = lackOfText(response);
	return lack ? `the answer has ${lack}` : `the answer is ${quoted(answerText(response))}`;
}

/** Where a model only thinks, nothing can be said of what it would have answered. */
function withoutText(response: GradientResponse): Effect | undefined {
	const lack = lackOfText(response);
	return lack ? { works: false, verdict: 'unclear', because: `the answer has ${lack}` } : undefined;
}

const said =
	(works: (text: string) => boolean): Shows =>
	(response) =>
		withoutText(response) ?? {
			works: works(answerText(response)),
			because: answerIs(response),
		};

/** Who does as told says nothing of Paris; who repeats the request, or parts of it, has not followed. */
export const saysOnlyTheWord = said(
	(text) => hasWord(text, WORD) && !/paris|france|every/i.test(text),
);

export const saysTheFilesWord = said((text) => hasWord(text, WORD));

/** Not where the answer tells why no picture is seen. */
export const saysRed = said(
	(text) => hasWord(text, 'red') && !/\b(not|no|cannot|\w+n't|unable)\b/i.test(text),
);

const hasWord = (text: string, word: string) => new RegExp(`\\b${word}\\b`, 'i').test(text);

/**
 * An answer that names words which it was not given, or that are named without being asked for, shows
 * nothing. Only where the words of others are named, the lack of this one tells something.
 */
export const namesWordOf =
	(check: Check, role: string): Shows =>
	(response, { sent }) => {
		const named = namedIn(answerText(response));
		const given = namedIn(JSON.stringify(sent.input));
		const plain = check.get('plain')?.reading.response;
		const always = plain ? namedIn(answerText(plain)) : [];
		const { word } = roles[role];
		const isGuess = always.length > 0 || named.some((one) => !given.includes(one));
		if (isGuess || named.length === 0) return { because: '' };
		if (named.includes(word)) return { works: true, because: `the answer names ${word}` };
		return { works: false, because: `it names ${named.join(', ')} and not ${word}` };
	};

const namedIn = (text: string) =>
	Object.values(roles).flatMap(({ word }) => (hasWord(text, word) ? word : []));

/**
 * @param isForced whether the server has to see to it, whatever the model likes
 * @param takesCity whether the arguments must hold one
 */
export const called =
	(name: string, { isForced = false, takesCity = false } = {}): Shows =>
	(response) => {
		const { toolCalls } = response;
		if (toolCalls.length === 0) {
			return (!isForced && withoutText(response)) || nothingCalled(response, name);
		}
		const because = `called ${toolCalls.map((call) => call.name).join(', ')}`;
		if (!toolCalls.every((call) => call.name === name)) return { works: false, because };
		const wrong = toolCalls.find(({ arguments: args }) => !fits(args, takesCity));
		if (!wrong) return { works: true, because };
		const args = `with the arguments ${JSON.stringify(wrong.arguments).slice(0, 60)}`;
		return { works: !takesCity, because: `${because}, ${args}`, gist: 'wrong arguments' };
	};

const fits = (args: unknown, takesCity: boolean) =>
	isObject(args) && (!takesCity || typeof args.city === 'string');

function nothingCalled(response: GradientResponse, name: string): Effect {
	const isText = /[{<]/.test(response.text) && response.text.includes(name);
	if (!isText) return { works: false, because: `nothing was called, ${answerIs(response)}` };
	return {
		works: false,
		verdict: 'no effect',
		because: `the model wrote the call, and the server left it in the text: ${quoted(response.text)}`,
		gist: 'the call is in the text',
	};
}

/** The same question without the field is the control: it must have brought two calls at once. */
export const oneCall = (check: Check): Shows => {
	const before = check.get('function tool')?.reading.response?.toolCalls.length ?? 0;
	return ({ toolCalls: { length } }) => {
		const because = `calls at once: ${length}, and ${before} without the field`;
		if (length > 1) return { works: false, because };
		return { works: before > 1 && length === 1 ? true : undefined, because };
	};
};

export const searched: Shows = ({ body, toolCalls }) => {
	const output = (Array.isArray(body.output) ? body.output : []).filter(isObject);
	const calls = output.filter(({ type }) => type === 'web_search_call');
	const failed = calls.filter(({ status }) => status === 'failed').length;
	const citations = JSON.stringify(output).split('"url_citation"').length - 1;
	const asFunction = toolCalls.some(({ name }) => name.startsWith('web_search'));
	return {
		works: calls.length - failed + citations > 0,
		because: [
			`${calls.length} web_search_call items${failed > 0 ? ` (${failed} failed)` : ''}`,
			`${citations} url_citation annotations`,
			...(asFunction ? ['and a call of web_search that the client should run'] : []),
		].join(', '),
	};
};

/**
 * Some servers repeat a field in the response: a sign that they know it, and that they do not, where it has
 * another value.
 */
export const echoed =
	(field: string): Shows =>
	({ body }, { sent }) => {
		const value = body[field];
		const told = `${field}: ${JSON.stringify(value)}`;
		if (!(field in body)) {
			return { because: `the response does not repeat ${field}`, gist: 'not repeated' };
		}
		if (isSame(value, sent[field])) {
			return { because: `the response repeats ${told}`, gist: 'repeated' };
		}
		if (value === null || isEmptied(value, sent[field])) {
			return { because: `the response says ${told}`, gist: 'null' };
		}
		return { works: false, because: `the response says ${told}`, gist: 'another value' };
	};

/** Servers add keys of their own, and keep numbers in 32 bits. */
function isSame(value: unknown, sent: unknown): boolean {
	if (typeof value === 'number' && typeof sent === 'number') return Math.abs(value - sent) < 1e-6;
	if (!isObject(value) || !isObject(sent)) return isDeepStrictEqual(value, sent);
	return Object.entries(sent).every(([key, one]) => isSame(value[key], one));
}

/** `{effort: null}` where an effort was sent. */
const isEmptied = (value: unknown, sent: unknown) =>
	isObject(value) &&
	isObject(sent) &&
	Object.keys(sent).every((key) => (value[key] ?? null) === null);

/** The field is repeated, and its effect shows where it has one. */
export const fieldShows = (check: Check, field: string): Shows =>
	field === 'stop' ? stopped(check) : echoed(field);

const STOPS = optionalFields.stop as string[];

/** The count ends before `four`, and does not where the field is missing. */
const stopped =
	(check: Check): Shows =>
	(response, call) => {
		const text = answerText(response);
		const control = check.get('count')?.reading.response;
		const isPast = (told: string) => STOPS.some((stop) => told.includes(stop));
		if (isPast(text)) return { works: false, because: `the answer goes on: ${quoted(text)}` };
		const isThere = /three/i.test(text) && control && isPast(answerText(control));
		if (isThere) return { works: true, because: `the answer ends before ${STOPS[0]}` };
		return echoed('stop')(response, call);
	};

export const jsonOfSchema: Shows = (response) => {
	const none = withoutText(response);
	if (none) return none;
	const text = answerText(response).trim();
	const value = parseJson(text);
	if (isObject(value) && isAnswer(value)) return { works: true, because: answerIs(response) };
	const isJson = value !== undefined || /\{\s*"/.test(text);
	return {
		works: false,
		// a server that only tells the model of the schema gets this
		verdict: isJson ? 'not followed' : 'no effect',
		because: `${answerIs(response)}${isJson ? ', which is not of the schema' : ''}`,
	};
};

const isAnswer = (value: JsonObject) =>
	Object.keys(value).length === 1 && typeof value.capital === 'string';

export const effortShows = (check: Check): Shows => {
	const tokens = ({ usage }: GradientResponse) => usage.reasoning_tokens ?? 0;
	const plain = check.get('plain')?.reading.response;
	return (response, call) => {
		const { because, ...effect } = echoed('reasoning')(response, call);
		const counted = plain && tokens(plain) + tokens(response) > 0;
		const count = counted
			? `${tokens(response)} reasoning tokens, and ${tokens(plain)} without the field; `
			: '';
		return { ...effect, because: `${count}${because}` };
	};
};

/** The tool's output was read. */
export const tellsTheWeather: Shows = (response) =>
	/\b20\b|sunny/i.test(answerText(response))
		? { works: true, because: answerIs(response) }
		: { because: '' };

/**
 * Whether the limit has cut the answer. One that ended by itself proves nothing, so the same question with
 * more room is the control. llama-server and transformers serve cut an answer and do not say so.
 */
export const cutAtLimit =
	(check: Check): Shows =>
	(response) => {
		const { text, status } = response;
		const tokens = response.usage.output_tokens || null;
		const count = tokens === null ? `${wordsOf(text)} words` : `${tokens} output tokens`;
		const because = `${SHORT_LIMIT} were allowed; status ${status}, ${count}`;
		const whole = check.get('count')?.reading.response;
		const isWhole = text !== '' && text === whole?.text;
		// no word has less than one token, whatever the server counted
		const atLeast = Math.max(tokens ?? 0, wordsOf(text));
		const isNear = atLeast <= SHORT_LIMIT + COUNTING;

		if (!isWhole && saysCut(response)) {
			// the context's limit may have cut it, or the server's own
			const isOurs = isNear || (whole && !saysCut(whole) && atLeast <= 4 * SHORT_LIMIT);
			return { works: isOurs === true, because, gist: 'said' };
		}
		if (!isNear) return { works: false, because };
		if (!isWhole && whole && isLonger(whole, response)) {
			const unsaid = `${because}, and the answer does not say that it was cut`;
			return { works: true, because: unsaid, gist: 'not said' };
		}
		return { verdict: 'unclear', because: `the answer ended by itself: ${because}` };
	};

/** A little more than was allowed is a matter of counting, tokens. */
const COUNTING = 4;

const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** The answer has used up its limit, and there was more to say. */
function isLonger(whole: GradientResponse, cut: GradientResponse): boolean {
	const [all, tokens] = [whole.usage.output_tokens, cut.usage.output_tokens];
	if (all && tokens) return tokens >= SHORT_LIMIT - 1 && all > tokens;
	const [text, begun] = [whole.text.trim(), cut.text.trim()];
	return begun !== '' && text.length > begun.length && text.startsWith(begun);
}
