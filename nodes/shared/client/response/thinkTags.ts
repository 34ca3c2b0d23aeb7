const OPEN = '<think>';
const CLOSE = '</think>';

/** Characters of blanks before the tag; more is a text that begins so. */
const BLANKS_LIMIT = 1_000;

/** A piece of an answer's text, told apart. */
export interface Told {
	text: string;
	reasoning: string;
}

/**
 * Tells what a model thought from what it answered, where its server does not: models without a reasoning
 * parser write `<think>…</think>` at the beginning of their text. Takes the text in pieces, cut anywhere.
 * What is between the tags is reasoning, also where the end never comes: the answer was cut, or the model
 * did not stop to think, and what was told as thought while it was written cannot become text afterwards.
 * A `<think>` further on is text.
 */
export class ThinkTags {
	private state: 'beginning' | 'thinking' | 'answering' = 'beginning';
	/** What may be the beginning of a tag. */
	private held = '';

	/** @returns what is known of the text so far and was not told before */
	add(piece: string): Told {
		let rest = this.held + piece;
		let reasoning = '';
		this.held = '';
		if (this.state === 'beginning') {
			const begun = rest.trimStart();
			const mayBegin = begun.length < OPEN.length && OPEN.startsWith(begun);
			if (mayBegin && rest.length < BLANKS_LIMIT) return this.hold(rest);
			this.state = begun.startsWith(OPEN) ? 'thinking' : 'answering';
			if (this.state === 'thinking') rest = begun.slice(OPEN.length);
		}
		if (this.state === 'thinking') {
			const end = rest.indexOf(CLOSE);
			if (end < 0) {
				const known = rest.length - lengthOfBegun(CLOSE, rest);
				return this.hold(rest.slice(known), rest.slice(0, known));
			}
			this.state = 'answering';
			reasoning = rest.slice(0, end);
			rest = rest.slice(end + CLOSE.length);
		}
		return { text: rest, reasoning };
	}

	/** What was held back and turned out to be no tag. */
	end(): Told {
		const { held } = this;
		this.held = '';
		return this.state === 'thinking'
			? { text: '', reasoning: held }
			: { text: held, reasoning: '' };
	}

	private hold(held: string, reasoning = ''): Told {
		this.held = held;
		return { text: '', reasoning };
	}
}

/** How many characters at the end of the text are the first of the tag. */
function lengthOfBegun(tag: string, text: string): number {
	let length = tag.length - 1;
	while (!text.endsWith(tag.slice(0, length))) length--;
	return length;
}

/** Without the empty lines that models put between thinking and answering. */
export const withoutLeadingLines = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/, '');
