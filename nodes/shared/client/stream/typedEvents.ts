import { type JsonObject, isObject } from '../json';
import { MAX_KEYS } from '../limits';
import type { Delta } from './delta';
import { mergeOutput } from './mergeOutput';
import { StreamedItem } from './streamedItem';

/** The event families that carry text, by what they add to. */
const TEXTS = {
	'response.output_text': 'text',
	'response.refusal': 'refusal',
	'response.reasoning_text': 'reasoning',
	'response.reasoning_summary_text': 'summary',
	'response.function_call_arguments': 'arguments',
} as const;

const TERMINAL = /^response\.(completed|incomplete|failed|cancelled)$/;

const PART_DONE = /^response\.(content|reasoning|reasoning_summary)_part\.done$/;

/**
 * Folds the typed events of a stream (`response.output_text.delta`, the dialect of OpenAI and vLLM) into
 * the body of an answer that was not streamed. Items are told apart by `output_index` only: ids may be
 * missing or change on the way, and `content_index` may grow with each delta.
 */
export class TypedEvents {
	/** What the events before the terminal one say of the response; its last word counts. */
	private readonly head = new Map<string, unknown>();
	private terminal: JsonObject | undefined;
	/** In the order in which they began. */
	private readonly items: Array<{ index: number; item: StreamedItem }> = [];
	/** The last one of each index. */
	private readonly current = new Map<number, StreamedItem>();

	get isFinished() {
		return this.terminal !== undefined;
	}

	get entries() {
		return this.items.length;
	}

	/** Whether something began that has not ended. */
	get isCutOff() {
		return !this.isFinished && this.items.some(({ item }) => !item.hasEnded);
	}

	/**
	 * @param type the event's type; unknown ones are ignored
	 * @returns what the event adds to the answer
	 */
	add(type: string, event: JsonObject): Delta {
		const response = isObject(event.response) ? event.response : undefined;
		if (TERMINAL.test(type)) {
			// vLLM ends with `completed` also where the status is `incomplete`: the status counts
			this.terminal = { ...response };
			if (type !== 'response.completed') {
				this.terminal.status ??= type.slice('response.'.length);
			}
		} else if (response) {
			for (const [key, value] of Object.entries(response)) {
				if (this.head.size < MAX_KEYS || this.head.has(key)) this.head.set(key, value);
			}
		}
		if (type === 'response.output_item.added' && isObject(event.item)) {
			this.begin(event).added = event.item;
		}
		if (type === 'response.output_item.done' && isObject(event.item)) {
			this.item(event).done = event.item;
		}
		if (PART_DONE.test(type) && isObject(event.part)) this.item(event).finishPart(event.part);

		const [, family, step] = /^(response\.[a-z_]+)\.(delta|done)$/.exec(type) ?? [];
		const target = TEXTS[family as keyof typeof TEXTS];
		if (!target) return {};
		const item = this.item(event);
		if (typeof event.name === 'string') item.name = event.name;
		const whole = event[target === 'summary' || target === 'reasoning' ? 'text' : target];
		const text = step === 'delta' ? item.add(target, event.delta) : item.finish(target, whole);
		if (target === 'text') return { text };
		return target === 'reasoning' || target === 'summary' ? { reasoning: text } : {};
	}

	/** Where all items have the same index, or none has one, the next begins when the last has ended. */
	private begin(event: JsonObject): StreamedItem {
		const index = indexOf(event);
		if (this.current.get(index)?.hasEnded) this.current.delete(index);
		return this.item(event);
	}

	private item(event: JsonObject): StreamedItem {
		const index = indexOf(event);
		const known = this.current.get(index);
		if (known) return known;
		const item = new StreamedItem();
		this.current.set(index, item);
		this.items.push({ index, item });
		return item;
	}

	/** undefined where nothing of a response came. */
	toBody(): JsonObject | undefined {
		if (!this.terminal && this.items.length + this.head.size === 0) {
			return undefined;
		}
		const { terminal = {}, head } = this;
		const last = Array.isArray(terminal.output) ? terminal.output.filter(isObject) : undefined;
		const isComplete = this.isFinished && (terminal.status ?? 'completed') === 'completed';
		const streamed = [...this.items]
			.sort((one, other) => one.index - other.index)
			.flatMap(({ item }) => item.toOutput(isComplete));
		const output = mergeOutput(last ?? [], streamed);
		// in the order of the terminal event, which has the keys of an answer that is not streamed
		return {
			...terminal,
			...withoutKeys(head, new Set([...Object.keys(terminal), 'status', 'output'])),
			...((last || output.length > 0) && { output }),
		};
	}
}

const indexOf = ({ output_index: index }: JsonObject) => (typeof index === 'number' ? index : 0);

const withoutKeys = (entries: Iterable<[string, unknown]>, keys: Set<string>): JsonObject =>
	Object.fromEntries([...entries].filter(([key]) => !keys.has(key)));
