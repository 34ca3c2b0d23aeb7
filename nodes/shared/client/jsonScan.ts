import { MAX_DEPTH, MAX_KEYS, MAX_OBJECTS, MAX_VALUES } from './limits';

/** A shorter text cannot have too many values: only its depth counts. */
const SHORT = 64 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

const inWords = (count: number) => count.toLocaleString('en-US');

/**
 * Counts what is in a JSON text before it is parsed: parsing takes time and memory by the number of its
 * values, not by its length, and what is nested too deep cannot be written again. Whether it is JSON at all
 * does not matter here.
 */
export class JsonScan {
	/** What there is too much of, in words that follow "The answer". */
	excess: string | undefined;
	/** Objects and lists so far. */
	objects = 0;
	private at: number;
	private depth = 0;
	private values = 0;
	private readonly keys = new Set<string>();
	private lastString = { from: 0, to: 0 };
	private readonly isShort: boolean;

	constructor(private readonly text: string) {
		this.isShort = text.length <= SHORT;
		// anything else is no more than one value
		this.at = /^\s*[[{]/.test(text) ? 0 : text.length;
	}

	/** To the end, or to the first excess. */
	read() {
		const { text } = this;
		for (; this.at < text.length && !this.excess; this.at++) {
			switch (text.charCodeAt(this.at)) {
				case QUOTE:
					this.skipString();
					break;
				case BRACKET:
				case BRACE:
					this.begin();
					break;
				case BRACKET_END:
				case BRACE_END:
					this.depth--;
					break;
				case COMMA:
					this.values++;
					if (this.values > MAX_VALUES) this.excess = `has more than ${inWords(MAX_VALUES)} values`;
					break;
				case COLON:
					if (!this.isShort) this.addKey();
			}
		}
	}

	private begin() {
		this.depth++;
		this.objects++;
		if (this.depth > MAX_DEPTH) this.excess = `is nested deeper than ${MAX_DEPTH} levels`;
		if (this.objects > MAX_OBJECTS) {
			this.excess = `has more than ${inWords(MAX_OBJECTS)} objects and lists`;
		}
	}

	private addKey() {
		this.keys.add(this.text.slice(this.lastString.from, this.lastString.to));
		if (this.keys.size > MAX_KEYS)
			this.excess = `has more than ${inWords(MAX_KEYS)} different keys`;
	}

	/** To the quote that ends the string; a quote after an odd number of backslashes does not. */
	private skipString() {
		const { text } = this;
		const from = this.at + 1;
		let to = text.indexOf('"', from);
		while (isEscaped(text, to)) to = text.indexOf('"', to + 1);
		this.at = to < 0 ? text.length : to;
		this.lastString = { from, to: this.at };
	}
}

/** The backslashes before it are all within the string, as the quote that begins it is none. */
function isEscaped(text: string, quote: number): boolean {
	let first = quote;
	while (text.charCodeAt(first - 1) === BACKSLASH) first--;
	return (quote - first) % 2 === 1;
}
