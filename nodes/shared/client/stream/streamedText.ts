/** A text that comes in deltas, part after part; at its end each part may be told once more as a whole. */
export class StreamedText {
	/** Those that have ended. */
	private readonly ended: string[] = [];
	/** Characters of these. */
	private endedLength = 0;
	private current = '';
	private index: unknown;
	isOpen = false;

	/**
	 * @param index of its part, where that is known to tell parts apart
	 * @returns the text of the delta, '' where that is none
	 */
	add(delta: unknown, index?: unknown): string {
		const text = typeof delta === 'string' ? delta : '';
		if (this.current && index !== this.index) this.endPart();
		this.index = index;
		this.current += text;
		this.isOpen = true;
		return text;
	}

	/**
	 * @param whole the part, if it was told: it counts more than its deltas
	 * @returns what the deltas had not told of it
	 */
	finish(whole: unknown): string {
		this.isOpen = false;
		const part = typeof whole === 'string' && whole !== '' ? whole : this.current;
		if (this.isTold(part)) return '';
		// transformers serve (5.23) tells at each end all that the item has, earlier parts included
		const isAll = part !== this.current && this.isBeginningOf(part);
		const before = isAll ? `${this}` : this.current;
		const rest = part.startsWith(before) ? part.slice(before.length) : '';
		if (isAll) this.replace([part]);
		else this.endAs(part);
		return rest;
	}

	/** An end that comes again: the last part, or all of them. */
	private isTold(part: string): boolean {
		if (this.current !== '' || this.ended.length === 0) return false;
		return (
			part === '' ||
			part === this.ended.at(-1) ||
			(part.length === this.length && part === `${this}`)
		);
	}

	/** Put together only where it can be: for each of many parts, that would take the square of the time. */
	private isBeginningOf(text: string): boolean {
		return text.length >= this.length && text.startsWith(`${this}`);
	}

	private endAs(part: string) {
		this.ended.push(part);
		this.endedLength += part.length;
		this.current = '';
	}

	private get length() {
		return this.endedLength + this.current.length;
	}

	/** The part that runs has ended, though no event told its whole. */
	endPart() {
		if (this.current) this.endAs(this.current);
	}

	/** Sets in place of what was told what the item itself says of it. */
	replace(parts: string[]) {
		this.ended.length = 0;
		this.endedLength = 0;
		for (const part of parts) this.endAs(part);
		this.current = '';
		this.isOpen = false;
	}

	/** Whether an event was about it, if only to say that it is empty. */
	get isUsed() {
		return this.isOpen || this.ended.length > 0;
	}

	get isFilled() {
		return this.current !== '' || this.ended.some((part) => part !== '');
	}

	get hasEnded() {
		return this.ended.length > 0 && !this.isOpen;
	}

	/** How many parts there are before the one that runs. */
	get place() {
		return this.ended.length;
	}

	get parts(): string[] {
		return this.current ? [...this.ended, this.current] : [...this.ended];
	}

	toString() {
		return this.ended.join('') + this.current;
	}
}
