import { type JsonObject, isObject } from '../json';
import { MAX_KEYS } from '../limits';
import { readChatContent } from '../response/chatContent';
import type { Delta } from './delta';

interface Call {
	/** Its index, or how many came before it. */
	place: number;
	id: string;
	name: string;
	arguments: string;
}

/** As many as OpenAI's API gives. */
const MOST_CHOICES = 128;

/** One answer; the field `n` of a request asks for more than one. */
class ChatChoice {
	private text = '';
	private reasoning = '';
	private refusal = '';
	/** Parts of the content that are neither. */
	private readonly others: JsonObject[] = [];
	private readonly annotations: unknown[] = [];
	finishReason: string | undefined;
	/** By index, or else by id. */
	private readonly calls = new Map<number | string, Call>();
	private lastKey: number | string = '';

	/** Parts that are no text, and annotations: they are kept as they came. */
	get kept() {
		return this.others.length + this.annotations.length;
	}

	get entries() {
		return this.calls.size + this.kept;
	}

	/** @returns what the chunk adds */
	add(choice: JsonObject): Required<Delta> {
		if (typeof choice.finish_reason === 'string' && choice.finish_reason) {
			this.finishReason = choice.finish_reason;
		}
		const delta = isObject(choice.delta) ? choice.delta : {};
		const calls: unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
		for (const call of calls) if (isObject(call)) this.addCall(call);
		if (Array.isArray(delta.annotations))
			this.annotations.push(...(delta.annotations as unknown[]));
		const { text, reasoning, refusal, others } = readChatContent(delta);
		this.reasoning += reasoning;
		this.refusal += refusal;
		this.text += text;
		for (const other of others) this.others.push(other);
		return { text, reasoning };
	}

	/** A call comes in pieces: the first with id and name, all with the same index, if they have one. */
	private addCall({ index, id, function: fn }: JsonObject) {
		const { name, arguments: args } = isObject(fn) ? fn : {};
		const piece = { id: asText(id), name: asText(name), arguments: asText(args) };
		const place = typeof index === 'number' ? index : this.calls.size;
		const key = typeof index === 'number' ? index : this.keyOf(piece);
		const call = this.calls.get(key) ?? { place, id: '', name: '', arguments: '' };
		call.id ||= piece.id;
		call.name ||= piece.name;
		call.arguments += piece.arguments;
		this.calls.set(key, call);
		this.lastKey = key;
	}

	/** Without an index, as in the API reference, a new id begins a call, or a name after a name. */
	private keyOf({ id, name }: { id: string; name: string }) {
		const last = this.calls.get(this.lastKey);
		return id || (last && !(name && last.name) ? this.lastKey : `#${this.calls.size}`);
	}

	/** As it would have come in one piece. */
	toChoice(index: number): JsonObject {
		const calls = [...this.calls.values()].sort((one, other) => one.place - other.place);
		const message = {
			role: 'assistant',
			content:
				this.others.length > 0 ? [{ type: 'text', text: this.text }, ...this.others] : this.text,
			...(this.refusal && { refusal: this.refusal }),
			...(this.reasoning && { reasoning_content: this.reasoning }),
			...(this.annotations.length > 0 && { annotations: this.annotations }),
			...(calls.length > 0 && {
				tool_calls: calls.map(({ id, name, arguments: args }) => ({
					id,
					type: 'function',
					function: { name, arguments: args },
				})),
			}),
		};
		return { index, finish_reason: this.finishReason ?? null, message };
	}
}

/**
 * Folds the chat-style chunks of a stream (`choices[].delta`, the dialect of the API reference) into the
 * body of an answer that was not streamed.
 */
export class ChatChunks {
	/** What the chunks say of the response, each key as it came first. */
	private readonly head = new Map<string, unknown>();
	private usage: unknown;
	private readonly choices = new Map<number, ChatChoice>();
	private isEmpty = true;

	/** Whether the model has said that it is done. A usage chunk may still follow. */
	get isFinished() {
		const choices = [...this.choices.values()];
		return choices.length > 0 && choices.every(({ finishReason }) => finishReason !== undefined);
	}

	get entries() {
		return this.sum('entries');
	}

	/** How much of the chunks is kept as it came: keys, parts that are no text, annotations. */
	get kept() {
		return this.head.size + this.sum('kept');
	}

	private sum(what: 'entries' | 'kept') {
		return [...this.choices.values()].reduce((sum, choice) => sum + choice[what], 0);
	}

	/** @returns what the chunk adds to the first choice, which is the answer */
	add(chunk: JsonObject): Required<Delta> {
		this.isEmpty = false;
		const { choices, usage, ...head } = chunk;
		for (const [key, value] of Object.entries(head)) {
			if (this.head.size < MAX_KEYS && !this.head.has(key)) this.head.set(key, value);
		}
		// with include_usage all chunks but the last have `usage: null`
		if (isObject(usage)) this.usage = usage;
		const told = { text: '', reasoning: '' };
		for (const choice of Array.isArray(choices) ? (choices as unknown[]) : []) {
			if (!isObject(choice)) continue;
			const index = typeof choice.index === 'number' ? choice.index : 0;
			if (index >= MOST_CHOICES) continue;
			const delta = this.at(index).add(choice);
			if (index !== this.first) continue;
			told.text += delta.text;
			told.reasoning += delta.reasoning;
		}
		return told;
	}

	private at(index: number): ChatChoice {
		const choice = this.choices.get(index) ?? new ChatChoice();
		this.choices.set(index, choice);
		return choice;
	}

	/** Some servers number from 1. */
	private get first() {
		return Math.min(...this.choices.keys());
	}

	/** undefined where no chunk came. */
	toBody(): JsonObject | undefined {
		if (this.isEmpty) return undefined;
		if (this.choices.size === 0) this.at(0);
		const indexes = [...this.choices.keys()].sort((one, other) => one - other);
		return {
			...Object.fromEntries(this.head),
			object: 'response',
			choices: indexes.map((index) => this.at(index).toChoice(index)),
			...(this.usage !== undefined && { usage: this.usage }),
		};
	}
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');
