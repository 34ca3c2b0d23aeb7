/**
 * Cuts what the model says into tokens: words, as real vocabularies have them, and single bytes where
 * letters are not ASCII. A token is a string with one character for each byte.
 */
import { answers, SCRIPTS, type Script, type ScriptName } from './scripts';

/** One token each, as in Qwen's vocabulary: the servers' parsers go by their ids. */
export const TAGS = ['<think>', '</think>', '<tool_call>', '</tool_call>'];

const TAG = new RegExp(`(${TAGS.join('|')})`);

// a word with the space before it, two digits, one letter's byte, or signs of one kind
const TOKEN = / ?[A-Za-z_]+| ?\d{1,2}|[\x80-\xff]| ?[^\s\w\x80-\xff]+|\s+/g;

/** Of an answer, in order; and how many of them come before its cut. */
export interface Tokens {
	tokens: string[];
	untilCut?: number;
}

/**
 * The model knows what comes next from its script and its last three tokens. So no three tokens may follow one
 * another twice in a script: where they would, two of them become one.
 *
 * @throws where a tag or the cut would have to be within a token
 */
export function cutIntoTokens({ text, cut = '' }: Script): Tokens {
	if (!text.startsWith(cut)) throw new Error(`"${text}" does not begin with "${cut}"`);
	const tokens = words(cut);
	let untilCut = tokens.length;
	tokens.push(...words(text.slice(cut.length)));
	const canJoin = (first: number) =>
		first >= 0 &&
		first !== untilCut - 1 &&
		!TAGS.includes(tokens[first]) &&
		!TAGS.includes(tokens[first + 1]);
	for (;;) {
		const last = endOfRepetition(tokens);
		if (last === undefined) return { tokens, ...(cut && { untilCut }) };
		const first = [last - 1, last - 2].find(canJoin);
		if (first === undefined) throw new Error(`"${tokens[last]}" comes twice in: ${text}`);
		tokens.splice(first, 2, tokens[first] + tokens[first + 1]);
		if (first < untilCut) untilCut--;
	}
}

/** What a template or a user writes: tags, and all else byte by byte. */
export const promptInTokens = (text: string) =>
	text.split(TAG).flatMap((part) => (TAGS.includes(part) ? [part] : [...toBytes(part)]));

const words = (text: string) =>
	text
		.split(TAG)
		.flatMap((part) => (TAGS.includes(part) ? [part] : (toBytes(part).match(TOKEN) ?? [])));

/** Where three tokens end that have come before. */
function endOfRepetition(tokens: string[]): number | undefined {
	const seen = new Set<string>();
	const last = tokens.findIndex((_, index) => {
		const three = JSON.stringify(tokens.slice(Math.max(index - 2, 0), index + 1));
		return seen.size === seen.add(three).size;
	});
	return last < 0 ? undefined : last;
}

const toBytes = (text: string) => Buffer.from(text).toString('latin1');

/** For `max_output_tokens`: as many tokens as there are before the cut of a script that has one. */
export function limits(): Partial<Record<ScriptName, number>> {
	return Object.fromEntries(
		Object.entries<Script>(SCRIPTS).flatMap(([name, script]) => {
			const { untilCut } = cutIntoTokens(script);
			return untilCut === undefined ? [] : [[name, untilCut]];
		}),
	);
}

/** Each answer of the model in tokens. */
export function answersInTokens(): Record<string, string[]> {
	const all = Object.entries(answers());
	return Object.fromEntries(all.map(([name, answer]) => [name, cutIntoTokens(answer).tokens]));
}
