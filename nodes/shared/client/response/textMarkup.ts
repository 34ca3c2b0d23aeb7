import { type Output, type OutputMessage, callOf, reasoningOf } from './outputItems';
import { readTextCalls } from './textCalls';
import { ThinkTags } from './thinkTags';

export interface ReadMarkup {
	output: Output[];
	/** A call that came as text and cannot be read as one. */
	callAsText?: string;
	/** How many calls were read of the text. */
	callsOfText: number;
}

/**
 * The output with what models write into their text, where the server does not tell it apart: thoughts in
 * `<think>` tags, and calls of tools.
 * @param offered names of tools; empty where none was offered
 */
export function readMarkup(output: Output[], offered: string[]): ReadMarkup {
	const told = readThoughts(output);
	const hasCalls = told.some(({ kind }) => kind === 'function_call');
	const first = hasCalls ? undefined : told.find(isSaid);
	if (!first) return { output: told, callsOfText: 0 };

	const { calls, rest, unread } = readTextCalls(first.text, offered);
	if (calls.length === 0) return { output: told, callAsText: unread, callsOfText: 0 };
	const read = told.flatMap((one): Output[] => {
		if (one !== first) return [one];
		// the text before the calls: servers refuse a message between a call and its result
		return [
			...(rest ? [shortened(first, rest)] : []),
			...calls.map(({ name, arguments: args }) => callOf(name, args)),
		];
	});
	return { output: read, callsOfText: calls.length };
}

/** Of all messages together, as a listener hears them: where one is divided does not matter. */
function readThoughts(output: Output[]): Output[] {
	const tags = new ThinkTags();
	let thought = '';
	let thoughtAt = 0;
	const told = output.map((one, at): Output => {
		if (one.kind !== 'message' || !one.text) return one;
		const { text, reasoning } = tags.add(one.text);
		if (!thought) thoughtAt = at;
		thought += reasoning;
		return text === one.text ? one : shortened(one, text);
	});
	const { text, reasoning } = tags.end();
	const last = told.findLastIndex(({ kind }) => kind === 'message');
	return told.flatMap((one, at) => [
		...(at === thoughtAt ? reasoningOf(thought + reasoning) : []),
		one.kind === 'message' && at === last ? { ...one, text: one.text + text } : one,
	]);
}

/** The end of a message. */
const shortened = (message: OutputMessage, text: string): OutputMessage => ({
	...message,
	text,
	from: (message.from ?? 0) + message.text.length - text.length,
});

const isSaid = (one: Output): one is OutputMessage =>
	one.kind === 'message' && one.text.trim() !== '';
