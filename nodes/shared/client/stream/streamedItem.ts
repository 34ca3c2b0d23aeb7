import { type JsonObject, isObject, withoutEmpty } from '../json';
import { StreamedAnnotations } from './annotations';
import { filled, kindOf, partsOf, textOf } from './outputItem';
import { StreamedText } from './streamedText';

/** All that the typed events of a stream tell of one output item. */
export class StreamedItem {
	/** Its place in the output, where an event said it. */
	index: number | undefined;
	/** All by which it was called, also by its deltas alone. */
	readonly ids = new Set<string>();
	/** Whether it has an id of its own. */
	isNamed = false;
	/** As it began: incomplete, and its arguments may be the first delta once more. */
	private added: JsonObject | undefined;
	/** As it ended. Still its content may be empty although there were deltas. */
	private done: JsonObject | undefined;
	/** Deltas came after its end, so that it does not hold all. */
	private wentOn = false;
	/** From the event that ends the arguments, where the item itself has none. */
	name = '';
	private readonly texts = {
		text: new StreamedText(),
		refusal: new StreamedText(),
		reasoning: new StreamedText(),
		summary: new StreamedText(),
		arguments: new StreamedText(),
	};
	/** What the part that runs adds to. */
	private running: StreamedText | undefined;
	private readonly annotations = new StreamedAnnotations();

	get isAnnounced() {
		return this.added !== undefined;
	}

	/** Whether only events about a part of it came, and none about itself. */
	get isImplied() {
		return !this.added && !this.done;
	}

	/** Whether its own end came, and nothing of it after that. */
	get isDone() {
		return this.done !== undefined && !this.wentOn;
	}

	get hasEnded() {
		const texts = Object.values(this.texts);
		const isOpen = texts.some((text) => text.isOpen);
		return !isOpen && (this.done !== undefined || texts.some((text) => text.hasEnded));
	}

	get isTouched() {
		return this.done !== undefined || Object.values(this.texts).some((text) => text.isFilled);
	}

	/** Of what type it is, as far as that is known. */
	get kind(): string | undefined {
		const { text, refusal, reasoning, summary, arguments: args } = this.texts;
		const told = kindOf(this.done ?? {}) ?? kindOf(this.added ?? {});
		if (told) return told;
		if (args.isFilled) return 'function_call';
		if (text.isFilled || refusal.isFilled) return 'message';
		return reasoning.isFilled || summary.isFilled ? 'reasoning' : undefined;
	}

	/** Whether this is its end once more. */
	isEnd(item: JsonObject): boolean {
		if (!this.done || this.done.arguments !== item.arguments) return false;
		return textOf(item).startsWith(textOf(this.done));
	}

	/** Whether its deltas say just that. */
	hasTold(item: JsonObject): boolean {
		const { text, refusal, reasoning, arguments: args } = this.texts;
		const whole = typeof item.arguments === 'string' ? item.arguments : textOf(item);
		return whole !== '' && whole === `${text}${refusal}${reasoning}${args}`;
	}

	/** Of the item itself, not of its events. */
	get callId() {
		return this.done?.call_id ?? this.added?.call_id;
	}

	get callName() {
		return this.done?.name ?? this.added?.name;
	}

	get isCommentary() {
		return (this.done ?? this.added)?.phase === 'commentary';
	}

	/** Which part of its summary is being told. */
	get summaryPart() {
		return this.texts.summary.place;
	}

	/** `response.output_item.added`. Some servers announce an item again, when it goes on. */
	begin(item: JsonObject) {
		this.added ??= item;
	}

	/** `response.output_item.done`. A second one of the same adds only what is new. */
	end(item: JsonObject) {
		const content = this.done && this.contentOf(item, this.done);
		this.done = content ? { ...item, content } : item;
		this.wentOn = false;
		for (const text of Object.values(this.texts)) text.isOpen = false;
	}

	/** Of an item that ended before; undefined where its new end has all. */
	private contentOf(item: JsonObject, before: JsonObject): unknown[] | undefined {
		const [old, now] = [textOf(before), textOf(item)];
		const { text, refusal, reasoning } = this.texts;
		// what was told counts, where the end does not have all of it
		if (this.wentOn) return now.length < `${text}${refusal}${reasoning}`.length ? [] : undefined;
		if (now.startsWith(old)) return undefined;
		// two messages under one id, as a faulty gateway has it: neither holds the other
		return old.startsWith(now)
			? partsOf(before.content)
			: [...partsOf(before.content), ...partsOf(item.content)];
	}

	/**
	 * @param index of its part, where that is known to tell parts apart
	 * @returns the text of the delta
	 */
	add(target: keyof typeof this.texts, delta: unknown, index?: unknown): string {
		this.running = this.texts[target];
		if (this.done && !this.wentOn) {
			this.goOn(target, this.done);
			this.wentOn = true;
		}
		return this.running.add(delta, index);
	}

	/** After its end: what that told is where the deltas go on. */
	private goOn(target: keyof typeof this.texts, done: JsonObject) {
		const { content, arguments: args } = done;
		const text = this.texts[target];
		if (target === 'arguments') {
			if (typeof args === 'string' && !args.startsWith(`${text}`)) text.replace([args]);
			return;
		}
		// of a text that is no part of the item, that tells nothing
		const kind = target === 'reasoning' ? 'reasoning' : 'message';
		if (target === 'summary' || kindOf(done) !== kind || !Array.isArray(content)) return;
		const key = target === 'refusal' ? 'refusal' : 'text';
		const told = content.map((part: unknown) => (isObject(part) ? part[key] : undefined));
		const parts = told.filter((part): part is string => typeof part === 'string' && part !== '');
		if (parts.join('').length > `${text}`.length) text.replace(parts);
	}

	/** @returns what the deltas had not told of the text */
	finish(target: keyof typeof this.texts, whole: unknown): string {
		this.running = this.texts[target];
		return this.running.finish(whole);
	}

	/** `response.reasoning_summary_part.added`, which ends the part before where nothing else did. */
	beginSummaryPart() {
		this.texts.summary.endPart();
	}

	/**
	 * `response.content_part.done`, which follows the `done` of the text itself, if there is one. The
	 * part's own type counts only where nothing was told of it before: old vLLM ends reasoning by an
	 * `output_text` (its PR 24788).
	 */
	finishPart({ type, text, refusal }: JsonObject) {
		if (!this.running) this.textOf(type)?.finish(refusal ?? text);
		else if (this.running.isOpen) this.running.finish(refusal ?? text);
		this.running = undefined;
	}

	/** Not looked up in an object: a server may name `constructor` as the type of a part. */
	private textOf(type: unknown): StreamedText | undefined {
		switch (type) {
			case 'output_text':
				return this.texts.text;
			case 'refusal':
				return this.texts.refusal;
			case 'reasoning_text':
				return this.texts.reasoning;
			case 'summary_text':
				return this.texts.summary;
			default:
				return undefined;
		}
	}

	/** Where a piece of the part that runs, or ran last, comes from. */
	annotate(annotation: JsonObject) {
		const { text } = this.texts;
		this.annotations.add(annotation, text.isOpen ? text.place : Math.max(text.place - 1, 0));
	}

	/**
	 * Usually one item; two where a server put reasoning and answer at the same place.
	 * @param isComplete whether the response is, and with it an item that nothing else ended
	 */
	toOutput(isComplete: boolean): JsonObject[] {
		const { text, refusal, reasoning, summary, arguments: args } = this.texts;
		if (this.isImplied && !Object.values(this.texts).some((one) => one.isUsed)) return [];
		const item = { ...this.added, ...withoutEmpty(this.done ?? {}) };
		const content = this.wentOn ? undefined : filled(item.content);
		// of an item without a type, its parts tell what it is
		if (!item.type && content) return [item];
		const ended = isComplete || this.hasEnded ? 'completed' : 'incomplete';
		const status = this.isDone ? item.status : ended;
		const thought = parts('reasoning_text', reasoning);
		if (item.type === 'function_call' || (!item.type && `${args}`)) {
			const whole = this.done?.arguments;
			const said = this.wentOn ? `${args}` || whole : whole || `${args}`;
			const told = said || this.added?.arguments || '';
			const name = item.name || this.name;
			return [{ ...item, type: 'function_call', name, arguments: told, status }];
		}
		const spoken = [...parts('output_text', text), ...parts('refusal', refusal)];
		const answer = { type: 'message', role: 'assistant', content: spoken, status: ended };
		const summaries = filled(item.summary) ?? parts('summary_text', summary);
		const isThought = !item.type && spoken.length === 0 && thought.length + summaries.length > 0;
		if (item.type === 'reasoning' || isThought) {
			const thoughts = content ?? (thought.length > 0 ? thought : item.content);
			return [
				{ ...item, type: 'reasoning', content: thoughts, summary: summaries, status },
				...(spoken.length > 0 ? [answer] : []),
			];
		}
		if ((item.type ?? 'message') !== 'message') return [item];
		return [
			...(thought.length + summaries.length > 0
				? [{ type: 'reasoning', content: thought, summary: summaries }]
				: []),
			{
				...answer,
				...item,
				type: 'message',
				// where only thoughts came after its end, that has all of it
				content: this.annotations.addTo(
					content ?? (spoken.length > 0 ? spoken : partsOf(item.content)),
				),
				status,
			},
		];
	}
}

function parts(
	type: 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text',
	text: StreamedText,
): JsonObject[] {
	const key = type === 'refusal' ? 'refusal' : 'text';
	return text.parts.filter(Boolean).map((part) => ({ type, [key]: part }));
}
