import { type JsonObject, isObject } from '../json';
import { MAX_KEYS } from '../limits';
import type { Delta } from './delta';

interface Call {
	/** Its index, or how many came before it. */
	place: number;
	id: string;
	name: string;
	arguments: string;
}

/**
 * Folds the chat-style chunks of a stream (`choices[].delta`, the dialect of the API reference) into the
 * body of an answer that was not streamed.
 */
export class ChatChunks {
	/** What the chunks say of the response, each key as it came first. */
	private readonly head = new Map<string, unknown>();
	private text = '';
	private reasoning = '';
	private finishReason: string | undefined;
	private usage: unknown;
	/** By index, or else by id. */
	private readonly calls = new Map<number | string, Call>();
	private lastKey: number | string = '';
	private isEmpty = true;

	/** Whether the model has said that it is done. A usage chunk may still follow. */
	get isFinished() {
		return this.finishReason !== undefined;
	}

	get entries() {
		return this.calls.size;
	}

	/** How many keys of the chunks are kept. */
	get keys() {
		return this.head.size;
	}

	/** @returns what the chunk adds */
	add(chunk: JsonObject): Delta {
		this.isEmpty = false;
		const { choices, usage, ...head } = chunk;
		for (const [key, value] of Object.entries(head)) {
			if (this.head.size < MAX_KEYS && !this.head.has(key)) this.head.set(key, value);
		}
		// with include_usage all chunks but the last have `usage: null`
		if (isObject(usage)) this.usage = usage;
		const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
		if (!isObject(choice)) return {};

		if (typeof choice.finish_reason === 'string' && choice.finish_reason) {
			this.finishReason = choice.finish_reason;
		}
		const delta = isObject(choice.delta) ? choice.delta : {};
		const calls: unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
		for (const call of calls) if (isObject(call)) this.addCall(call);
		const reasoning = asText(delta.reasoning_content);
		this.reasoning += reasoning;
		const text = asText(delta.content);
		this.text += text;
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

	/** undefined where no chunk came. */
	toBody(): JsonObject | undefined {
		if (this.isEmpty) return undefined;
		const calls = [...this.calls.values()].sort((one, other) => one.place - other.place);
		const message = {
			role: 'assistant',
			content: this.text,
			...(this.reasoning && { reasoning_content: this.reasoning }),
			...(calls.length > 0 && {
				tool_calls: calls.map(({ id, name, arguments: args }) => ({
					id,
					type: 'function',
					function: { name, arguments: args },
				})),
			}),
		};
		return {
			...Object.fromEntries(this.head),
			object: 'response',
			choices: [{ index: 0, finish_reason: this.finishReason ?? null, message }],
			...(this.usage !== undefined && { usage: this.usage }),
		};
	}
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');
