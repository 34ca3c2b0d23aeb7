import { PARAGRAPH } from '../response/said';

/** Puts an empty line between paragraphs of a text that is told in pieces; blank ones do not count. */
export class Paragraphs {
	private key: unknown[] = [];
	private hasBegun = false;
	private hasSpoken = false;
	private blanks = '';

	/**
	 * @param key of the paragraph
	 * @returns what is to be told now
	 */
	add(key: unknown[], text: string): string {
		if (key.some((one, i) => one !== this.key[i])) {
			this.hasBegun = false;
			this.blanks = '';
		}
		this.key = key;
		if (this.hasBegun) return text;
		if (text.trim() === '') {
			this.blanks += text;
			return '';
		}
		const told = (this.hasSpoken ? PARAGRAPH : '') + this.blanks + text;
		this.hasBegun = true;
		this.hasSpoken = true;
		return told;
	}
}
