import { jsonrepair } from 'jsonrepair';

import { isObject, parseJson } from '../json';
import { MAX_DEPTH } from '../limits';

/** How a value was found in a text: as it should be; in a fence or between words; or broken, and mended. */
export type Found = 'whole' | 'among text' | 'mended';

export interface Candidate {
	value: unknown;
	found: Found;
}

/** Characters of a text that is mended: a model that writes for an hour writes less than four times as much. */
const MENDED = 256 * 1024;

/** Stretches of a text that are looked at, from its end: a long one may have thousands of braces. */
const MOST_STRETCHES = 50;

/**
 * The JSON values that a text may mean, the likeliest first: all of it; what stands in fences; objects and lists
 * between words; and what only lacks a comma or a quotation mark. Never what was cut: to close it would invent its end.
 */
export function* candidatesIn(text: string): Generator<Candidate> {
	const whole = parseJson(text.trim());
	if (whole !== undefined) {
		yield { value: whole, found: 'whole' };
		return;
	}
	const fenced = fencesIn(text);
	const stretches = [...fenced, ...stretchesIn(text)];
	const broken: string[] = [];
	for (const stretch of stretches) {
		const value = parseJson(stretch);
		if (isStructure(value)) yield { value, found: 'among text' };
		else broken.push(stretch);
	}
	for (const stretch of [text, ...broken, fromFirstToLast(text)]) {
		const value = mended(stretch.trim());
		if (isStructure(value)) yield { value, found: 'mended' };
	}
}

/** Whether a text holds JSON that ends before it is whole. */
export const isCutJson = (text: string): boolean => {
	const begin = text.search(/[{[]/);
	return begin >= 0 && scan(text.slice(begin)).depth > 0;
};

const isStructure = (value: unknown) => isObject(value) || Array.isArray(value);

/** The insides, without the name of a language: a fence may also stand within a line. */
const fencesIn = (text: string): string[] =>
	text
		.split('```')
		.filter((_, index) => index % 2 === 1)
		.map((inside) => inside.replace(/^[\w-]+/, '').trim())
		.filter((inside) => /^[{[]/.test(inside))
		.reverse()
		.slice(0, MOST_STRETCHES);

function fromFirstToLast(text: string): string {
	const begin = text.search(/[{[]/);
	const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
	return begin >= 0 ? text.slice(begin, end + 1) : '';
}

/** The outermost stretches between matching brackets, the last one first. */
function stretchesIn(text: string): string[] {
	return scan(text).stretches.reverse().slice(0, MOST_STRETCHES);
}

/** Brackets outside of strings. In the words between, a quotation mark begins no string. */
function scan(text: string): { stretches: string[]; depth: number; deepest: number } {
	const stretches: string[] = [];
	let depth = 0;
	let deepest = 0;
	let start = 0;
	let isInString = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (isInString) {
			if (character === '\\') index++;
			else if (character === '"') isInString = false;
		} else if (character === '"' && depth > 0) {
			isInString = true;
		} else if (character === '{' || character === '[') {
			if (depth++ === 0) start = index;
			deepest = Math.max(deepest, depth);
		} else if ((character === '}' || character === ']') && depth > 0 && --depth === 0) {
			stretches.push(text.slice(start, index + 1));
		}
	}
	return { stretches, depth, deepest };
}

/** undefined where it could only be guessed: what is cut or abridged, or has several values in a row. */
function mended(text: string): unknown {
	if (text.length > MENDED || !/^\{[^]*\}$|^\[[^]*\]$/.test(text)) return undefined;
	const { stretches, depth, deepest } = scan(text);
	if (depth > 0 || stretches.length > 1 || deepest > MAX_DEPTH) return undefined;
	if (/[[,{]\s*(\.\.\.|…)|(\.\.\.|…)\s*[\]},]/.test(text)) return undefined;
	try {
		return parseJson(jsonrepair(text));
	} catch {
		return undefined;
	}
}
