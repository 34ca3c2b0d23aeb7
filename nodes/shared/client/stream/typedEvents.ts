import { type JsonObject, isObject } from '../json';
import { MAX_KEYS } from '../limits';
import type { Delta } from './delta';
import { isTold, mergeOutput } from './mergeOutput';
import { Paragraphs } from './paragraphs';
import type { StreamedItem } from './streamedItem';
import { StreamedItems } from './streamedItems';

/** The event families that carry text, by what they add to, and the type of the items that have it. */
const TEXTS = {
	'response.output_text': ['text', 'message'],
	'response.refusal': ['refusal', 'message'],
	'response.reasoning_text': ['reasoning', 'reasoning'],
	'response.reasoning_summary_text': ['summary', 'reasoning'],
	'response.function_call_arguments': ['arguments', 'function_call'],
} as const;

type Target = (typeof TEXTS)[keyof typeof TEXTS][0];

const TERMINAL = /^response\.(completed|incomplete|failed|cancelled)$/;

const PART_DONE = /^response\.(content|reasoning|reasoning_summary)_part\.done$/;

const ANNOTATION = /^response\.output_text[._]annotation\.added$/;

/**
 * Folds the typed events of a stream (`response.output_text.delta`, the dialect of OpenAI and vLLM) into
 * the body of an answer that was not streamed. `content_index` is not looked at: it may grow with each delta.
 */
export class TypedEvents {
	/** What the events before the terminal one say of the response; its last word counts. */
	private readonly head = new Map<string, unknown>();
	private terminal: JsonObject | undefined;
	private readonly items = new StreamedItems();
	private readonly thoughts = new Paragraphs();
	private readonly words = new Paragraphs();
	private responseId: unknown;
	/** Asked for several answers (`n`), llama-server sends their events by turns: the first is read. */
	private hasOthers = false;

	get isFinished() {
		return this.terminal !== undefined;
	}

	get entries() {
		return this.items.entries;
	}

	/** Whether something began that has not ended. */
	get isCutOff() {
		return !this.isFinished && this.items.list.some((item) => !item.hasEnded);
	}

	/**
	 * @param type the event's type; unknown ones are ignored
	 * @returns what the event adds to the answer
	 */
	add(type: string, event: JsonObject): Delta {
		const response = isObject(event.response) ? event.response : undefined;
		const [, end] = TERMINAL.exec(type) ?? [];
		if (end) this.terminal = withStatus({ ...response }, end);
		else
			for (const [key, value] of Object.entries(response ?? {})) {
				if (this.head.size < MAX_KEYS || this.head.has(key)) this.head.set(key, value);
			}

		if (type === 'response.created') this.create(response?.id);
		if (this.hasOthers && !this.items.knows(event)) return {};
		const { item, part, annotation } = event;
		if (type === 'response.output_item.added' && isObject(item)) this.items.begin(event, item);
		if (type === 'response.output_item.done' && isObject(item)) this.items.end(event, item);
		if (type === 'response.reasoning_summary_part.added') {
			this.items.find(event, 'reasoning').beginSummaryPart();
		}
		if (PART_DONE.test(type) && isObject(part)) {
			this.items.find(event, undefined).finishPart(part);
		}
		if (ANNOTATION.test(type) && isObject(annotation)) {
			this.items.find(event, 'message').annotate(annotation);
		}
		const [, family, step] = /^(response\.[a-z_]+)\.(delta|done)$/.exec(type) ?? [];
		const [target, kind] = TEXTS[family as keyof typeof TEXTS] ?? [];
		if (!target) return {};
		const found = this.items.find(event, kind, step === 'delta');
		if (typeof event.name === 'string') found.name = event.name;
		return this.tell(found, target, step === 'delta', event);
	}

	private create(id: unknown) {
		this.responseId ??= id;
		// a gateway may announce one response twice, before anything of it comes
		if (id !== this.responseId && this.items.list.length > 0) this.hasOthers = true;
	}

	private tell(item: StreamedItem, target: Target, isDelta: boolean, event: JsonObject): Delta {
		const isThought = target === 'summary' || target === 'reasoning';
		const whole = event[isThought ? 'text' : target];
		// the end of a part belongs to it, though the next is then the one that runs
		let part = item.summaryPart;
		const text = isDelta
			? item.add(target, event.delta, target === 'summary' ? event.summary_index : undefined)
			: item.finish(target, whole);
		if (isDelta) part = item.summaryPart;
		if (isThought) return { reasoning: this.thoughts.add([item, target, part], text) };
		if (target !== 'text') return {};
		return { text: this.words.add([item.isCommentary ? item : undefined], text) };
	}

	/** undefined where nothing of a response came. */
	toBody(): JsonObject | undefined {
		if (!this.terminal && this.items.list.length + this.head.size === 0) {
			return undefined;
		}
		const { terminal = {}, head } = this;
		const last = Array.isArray(terminal.output) ? terminal.output.filter(isObject) : undefined;
		const isComplete = this.isFinished && terminal.status === 'completed';
		const streamed = this.items.inOrder.flatMap((item) => {
			const told = item.toOutput(isComplete);
			// deltas that found no item: the last event may have their text in its own
			return item.isImplied ? told.filter((one) => !isTold(one, last ?? [])) : told;
		});
		const output = this.hasOthers && last?.length ? last : mergeOutput(last ?? [], streamed);
		// in the order of the terminal event, which has the keys of an answer that is not streamed
		return {
			...terminal,
			...withoutKeys(head, new Set([...Object.keys(terminal), 'status', 'output'])),
			...((last || output.length > 0) && { output }),
		};
	}
}

/** vLLM ends with `completed` also where the status is `incomplete`: the status counts, if there is one. */
function withStatus(terminal: JsonObject, end: string): JsonObject {
	const isCut = isObject(terminal.incomplete_details) && terminal.incomplete_details.reason;
	terminal.status ??= end === 'completed' && isCut ? 'incomplete' : end;
	return terminal;
}

const withoutKeys = (entries: Iterable<[string, unknown]>, keys: Set<string>): JsonObject =>
	Object.fromEntries([...entries].filter(([key]) => !keys.has(key)));
