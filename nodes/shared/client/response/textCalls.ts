import { type JsonObject, isObject, parseJson } from '../json';

/** Characters of the JSON of one call; more is no call of a model, and would only cost time. */
export const CALL_LIMIT = 200_000;

/** Calls that are read of one text. */
const MOST_CALLS = 64;

/** Where a markup that cannot be read is looked for behind a text: a call is at the end of an answer. */
const TAIL_LIMIT = 20_000;

/**
 * How models write a call where their server does not make one of it: vLLM's parsers give up on broken
 * JSON, on a cut call, and with `tool_choice: none`; other servers have none for the model. All patterns are
 * sticky and bounded.
 */
interface Markup {
	/** That a call begins here; enough to say that there was one. */
	opening: RegExp;
	/** All before the JSON; `name` where that has only the arguments. */
	begin: RegExp;
	/** All behind it. */
	end: RegExp;
}

const MARKUPS: Markup[] = [
	{
		// Qwen, Hermes and many more; a list in the plural
		opening: /<(?:[a-z]{1,20}:)?(?:tool_calls?|function_?calls?)>/y,
		begin: /<(?:tool_calls?|function_?calls?)>\s{0,20}/y,
		end: /\s{0,20}<\/(?:tool_calls?|function_?calls?)>/y,
	},
	{
		// Llama's own functions; Qwen3-Coder, whose arguments are tags and not JSON, has it within <tool_call>
		opening: /<function=/y,
		begin: /(?:<tool_call>\s{0,20})?<function=(?<name>[\w.-]{1,64})>\s{0,20}/y,
		end: /\s{0,20}<\/function>(?:\s{0,20}<\/tool_call>)?/y,
	},
	{
		// Llama, for the tools that it was trained with; what is no JSON there is Python
		opening: /<\|python_tag\|>/y,
		begin: /<\|python_tag\|>\s{0,20}/y,
		end: /(?:\s{0,20}<\|eo[mt]_id\|>)?/y,
	},
	{
		// Granite, Phi
		opening: /<\|tool_calls?\|>/y,
		begin: /<\|tool_calls?\|>\s{0,20}/y,
		end: /(?:\s{0,20}<\|\/tool_calls?\|>)?/y,
	},
	{
		// Mistral: a list of calls, or the name before the arguments
		opening: /\[TOOL_CALLS\]/y,
		begin:
			/\[TOOL_CALLS\]\s{0,20}(?:(?<name>[\w.-]{1,64})(?:\[CALL_ID\][\w-]{1,64})?(?:\[ARGS\])?\s{0,20})?/y,
		end: /(?:<\/s>)?/y,
	},
	{
		// gpt-oss and Kimi, with or without the tokens around it
		opening:
			/(?:<\|[a-z_]{1,40}\|>[a-z]{0,12}\s{0,5}){0,4}(?:to=)?functions\.[\w-]{1,64}\s{0,5}[:({<]/y,
		begin:
			/(?:<\|[a-z_]{1,40}\|>[a-z]{0,12}\s{0,5}){0,4}(?:to=)?functions\.(?<name>[\w-]{1,64})(?::\d{1,4})?\s{0,20}(?:<\|[a-z_]{1,40}\|>[a-z]{0,12}\s{0,5}){0,4}\(?\s{0,20}/y,
		// a sentence may begin so too: nothing but another call may follow
		end: /\s{0,20}\)?(?:\s{0,5}<\|[a-z_]{1,40}\|>){0,2}(?=[\s;,]{0,100}(?:$|<\||(?:to=)?functions\.))/y,
	},
	{
		// DeepSeek
		opening: /(?:<｜tool▁calls▁begin｜>\s{0,5})?<｜tool▁call▁begin｜>/y,
		begin:
			/(?:<｜tool▁calls▁begin｜>\s{0,5})?<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?(?<name>[\w.-]{1,64})(?:<｜tool▁sep｜>)?\s{0,5}(?:```json)?\s{0,5}/y,
		end: /\s{0,5}(?:```)?\s{0,5}<｜tool▁call▁end｜>(?:\s{0,5}<｜tool▁calls▁end｜>)?/y,
	},
];

/** The first characters of each opening. */
const FIRST = [
	'<tool_call',
	'<function',
	'<|',
	'[TOOL_CALLS]',
	'functions.',
	'to=functions.',
	'<｜tool',
];

export interface TextCall {
	name: string;
	/** JSON of an object. */
	arguments: string;
}

export interface TextCalls {
	calls: TextCall[];
	/** The text without them. */
	rest: string;
	/** A call that cannot be read as one; not where others could. */
	unread?: string;
}

/**
 * The calls that a text begins with. One counts only where its markup is whole, it names a tool that was
 * offered, and its arguments are a JSON object: everything else stays text, as it may be one.
 * @param offered names of tools; empty where none was offered, and then nothing is a call
 */
export function readTextCalls(text: string, offered: string[]): TextCalls {
	const calls: TextCall[] = [];
	if (offered.length === 0) return { calls, rest: text };
	let end = 0;
	while (calls.length < MOST_CALLS) {
		const read = readMarkup(text, endOf(BETWEEN, text, end) ?? end, offered);
		if (!read) break;
		calls.push(...read.calls);
		end = read.end;
	}
	if (calls.length > 0) return { calls, rest: text.slice(end).trimStart() };
	return { calls, rest: text, unread: openingIn(text, offered) };
}

const BETWEEN = /[\s;,]{0,100}/y;

function readMarkup(text: string, start: number, offered: string[]) {
	for (const { begin, end: closing } of MARKUPS) {
		begin.lastIndex = start;
		const found = begin.exec(text);
		if (!found) continue;
		const from = start + found[0].length;
		const to = endOfJson(text, from);
		const end = to && endOf(closing, text, to);
		if (!end) continue;
		const name = found.groups?.name;
		const said = parseJson(text.slice(from, to));
		const list = Array.isArray(said) && name === undefined ? said : [said];
		const calls = list.flatMap((one: unknown) => toCall(one, name, offered) ?? []);
		// of a list, all or none: a call that is left out without a word would be lost
		if (calls.length > 0 && calls.length === list.length) return { calls, end };
	}
	return undefined;
}

/** @param name of the function, where `said` has its arguments only */
function toCall(said: unknown, name: string | undefined, offered: string[]): TextCall | undefined {
	if (!isObject(said)) return undefined;
	const args = name === undefined ? argumentsOf(said) : said;
	const meant = offeredName(name ?? said.name, offered);
	return isObject(args) && meant !== undefined
		? { name: meant, arguments: JSON.stringify(args) }
		: undefined;
}

/** Llama says `parameters`; some models write the arguments as text, as the API has them. */
function argumentsOf({ arguments: args, parameters }: JsonObject): unknown {
	const said = args ?? parameters ?? {};
	return typeof said === 'string' ? parseJson(said) : said;
}

const offeredName = (said: unknown, offered: string[]): string | undefined =>
	offered.find((name) => name === said || `functions.${name}` === said);

/** Where the object or list ends that begins here; undefined where it does not, or only beyond the limit. */
function endOfJson(text: string, start: number): number | undefined {
	if (text[start] !== '{' && text[start] !== '[') return undefined;
	const limit = Math.min(text.length, start + CALL_LIMIT);
	let depth = 0;
	let isQuoted = false;
	for (let at = start; at < limit; at++) {
		const character = text[at];
		if (isQuoted) {
			if (character === '\\') at++;
			else if (character === '"') isQuoted = false;
		} else if (character === '"') isQuoted = true;
		else if (character === '{' || character === '[') depth++;
		else if (character === '}' || character === ']') depth--;
		if (depth === 0) return at + 1;
	}
	return undefined;
}

/** Where a sticky pattern that matches here ends. */
function endOf(pattern: RegExp, text: string, start: number): number | undefined {
	pattern.lastIndex = start;
	return pattern.test(text) ? pattern.lastIndex : undefined;
}

/**
 * A call that the text begins with, or that stands on a line of its own and ends the text, as after "Let me
 * look that up." There it must name a tool, unless it was cut before that: it may be an example.
 */
function openingIn(text: string, offered: string[]): string | undefined {
	const first = text.search(/\S|$/);
	if (isOpening(text, first)) return text.slice(first).trimEnd();
	const tail = Math.max(text.length - TAIL_LIMIT, first);
	for (let at = text.indexOf('\n', tail); at >= 0; at = text.indexOf('\n', at + 1)) {
		if (!isOpening(text, at + 1)) continue;
		const markup = text.slice(at + 1).trimEnd();
		const isNamed = offered.some((name) => markup.includes(name));
		if ((isNamed || markup.length < 60) && endsAsMarkup(markup)) return markup;
	}
	return undefined;
}

const isOpening = (text: string, start: number) =>
	MARKUPS.some(({ opening }) => endOf(opening, text, start) !== undefined);

/** With its own end, or cut: not with a sentence behind it. */
const endsAsMarkup = (markup: string) =>
	/[>\]})]$/.test(markup) || !/<\/\w+>|<\|\/\w+\|>/.test(markup);

/** Characters within which a text shows whether it begins with a markup. */
export const OPENING_LIMIT = 200;

/**
 * Whether a text that goes on may turn out to be a call, so that it should not be shown yet.
 * @param begun its beginning, without blanks before it
 */
export const mayBecomeCall = (begun: string): boolean =>
	begun.length > OPENING_LIMIT
		? isOpening(begun, 0)
		: FIRST.some((first) => first.startsWith(begun) || begun.startsWith(first));
