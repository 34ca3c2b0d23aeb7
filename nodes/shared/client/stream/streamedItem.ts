import { type JsonObject, withoutEmpty } from '../json';
import { filled } from './mergeOutput';

/** A text that comes in deltas, part after part; at its end each part may be told once more as a whole. */
class StreamedText {
	private readonly parts: string[] = [];
	private current = '';
	isOpen = false;

	/** @returns the text of the delta, '' where that is none */
	add(delta: unknown): string {
		const text = typeof delta === 'string' ? delta : '';
		this.current += text;
		this.isOpen = true;
		return text;
	}

	/**
	 * @param whole the part, if it was told: it counts more than its deltas
	 * @returns what the deltas had not told of it
	 */
	finish(whole: unknown): string {
		const part = typeof whole === 'string' && whole !== '' ? whole : this.current;
		const rest = part.startsWith(this.current) ? part.slice(this.current.length) : '';
		this.parts.push(part);
		this.current = '';
		this.isOpen = false;
		return rest;
	}

	get hasEnded() {
		return this.parts.length > 0 && !this.isOpen;
	}

	toString() {
		return this.parts.join('') + this.current;
	}
}

/** All that the typed events of a stream tell of one output item. */
export class StreamedItem {
	/** As it began: incomplete, and its arguments may be the first delta once more. */
	added: JsonObject = {};
	/** As it ended. Still its content may be empty although there were deltas. */
	done: JsonObject | undefined;
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

	get hasEnded() {
		const texts = Object.values(this.texts);
		const isOpen = texts.some((text) => text.isOpen);
		return this.done !== undefined || (!isOpen && texts.some((text) => text.hasEnded));
	}

	/** @returns the text of the delta */
	add(target: keyof typeof this.texts, delta: unknown): string {
		this.running = this.texts[target];
		return this.running.add(delta);
	}

	/** @returns what the deltas had not told of the text */
	finish(target: keyof typeof this.texts, whole: unknown): string {
		this.running = this.texts[target];
		return this.running.finish(whole);
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

	/**
	 * Usually one item; two where a server put reasoning and answer at the same place.
	 * @param isComplete whether the response is, and with it an item that nothing else ended
	 */
	toOutput(isComplete: boolean): JsonObject[] {
		const { text, refusal, reasoning, summary, arguments: args } = this.texts;
		const item = { ...this.added, ...withoutEmpty(this.done ?? {}) };
		// of an item without a type, its parts tell what it is
		if (!item.type && filled(item.content)) return [item];
		const ended = isComplete || this.hasEnded ? 'completed' : 'incomplete';
		const status = this.done ? item.status : ended;
		const thought = parts('reasoning_text', reasoning);
		if (item.type === 'function_call' || (!item.type && `${args}`)) {
			const told = this.done?.arguments || `${args}` || this.added.arguments || '';
			const name = item.name || this.name;
			return [{ ...item, type: 'function_call', name, arguments: told, status }];
		}
		const spoken = [...parts('output_text', text), ...parts('refusal', refusal)];
		const answer = { type: 'message', role: 'assistant', content: spoken, status: ended };
		if (item.type === 'reasoning' || (!item.type && spoken.length === 0 && thought.length > 0)) {
			const content = filled(item.content) ?? (thought.length > 0 ? thought : item.content);
			const summaries = filled(item.summary) ?? parts('summary_text', summary);
			return [
				{ ...item, type: 'reasoning', content, summary: summaries, status },
				...(spoken.length > 0 ? [answer] : []),
			];
		}
		if ((item.type ?? 'message') !== 'message') return [item];
		return [
			...(thought.length > 0 ? [{ type: 'reasoning', content: thought, summary: [] }] : []),
			{ ...answer, ...item, type: 'message', content: filled(item.content) ?? spoken, status },
		];
	}
}

function parts(
	type: 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text',
	text: StreamedText,
) {
	const key = type === 'refusal' ? 'refusal' : 'text';
	return `${text}` ? [{ type, [key]: `${text}` }] : [];
}
