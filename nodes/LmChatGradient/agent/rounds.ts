import type { InputItem } from '../../shared/client';

type Call = Extract<InputItem, { type: 'function_call' }>;
type Result = Extract<InputItem, { type: 'function_call_output' }>;

/** An answer that called tools, as the model wrote it. */
export interface Round {
	/** With the calls that were answered in this node, and their answers. */
	items: InputItem[];
	/** The ids of the calls that n8n got. */
	calls: string[];
	/** The one before it, to the same question. */
	previous?: Round;
	/** What the tools gave, by the ids of the calls. */
	results: Map<string, InputItem>;
	/** The start of the agent in which the model was told that. */
	toldIn?: string;
}

export interface Restored {
	input: InputItem[];
	/** The last one in the input. */
	round?: Round;
	/** Whether calls of other items of the agent stood in it, or earlier calls of this one were missing. */
	isMixed: boolean;
	/** Whether it tells the model what tools gave that it did not know. */
	hasNews: boolean;
}

/** Characters that are kept; a round that is forgotten goes back as n8n tells it. */
const LIMIT = 20_000_000;

/**
 * The calls that the model made in one execution. Of a call, n8n's agent (3.1 in 2.41) keeps the name and the
 * arguments, to which it adds its id; what the model said and thought beside it, and what this node has answered,
 * is lost. With several items, from the third round on, each of them has the earlier calls of the first one
 * in place of its own.
 */
export class Rounds {
	private readonly byCall = new Map<string, Round>();
	private readonly sizes = new Map<Round, number>();
	private size = 0;
	/** By the id that a server gave, how often it came. */
	private readonly counts = new Map<string, number>();

	/**
	 * The id, or another where a call has it already: some servers number the calls of each response anew, and n8n's
	 * agent takes two calls of one id for one, also where they are of two items.
	 */
	ownId(id: string, isTaken: (id: string) => boolean): string {
		let own = id;
		let count = this.counts.get(id) ?? 1;
		while (this.byCall.has(own) || isTaken(own)) own = `${id}_${++count}`;
		this.counts.set(id, count);
		return own;
	}

	/**
	 * @param items an answer, with calls under ids of their own
	 * @param calls the ids of those that n8n gets
	 */
	add(items: InputItem[], calls: string[], previous?: Round) {
		const round: Round = { items, calls, previous, results: new Map() };
		for (const id of calls) this.byCall.set(id, round);
		this.grow(round, items);
	}

	/**
	 * The input with the rounds since its last question as they were; as it came where they are not all known, as
	 * after a wait, or where somebody has added to them.
	 * @param start of the agent, as `startOf` tells it
	 */
	restore(input: InputItem[], start: string): Restored {
		const asked = input.findLastIndex((item) => !isOfModel(item)) + 1;
		const steps = input.slice(asked);
		const calls = steps.filter(isCall).map(({ call_id }) => call_id);
		const round = this.byCall.get(calls.at(-1) ?? '');
		if (!round || !this.knowsAll(steps)) {
			return { input, isMixed: false, hasNews: steps.length > 0 };
		}

		const before = input.slice(0, asked);
		round.toldIn ??= start;
		if (round.toldIn !== start) return { input: before, isMixed: true, hasNews: false };

		const results = steps.filter(isResult).filter(({ call_id }) => round.calls.includes(call_id));
		for (const result of results) round.results.set(result.call_id, result);
		this.grow(round, results);
		const chain = chainOf(round);
		const told = chain.flatMap((one) => [...one.results.keys()]);
		const isMixed = told.length !== calls.length || told.some((id) => !calls.includes(id));
		return { input: [...before, ...chain.flatMap(historyOf)], round, isMixed, hasNews: true };
	}

	private knowsAll(steps: InputItem[]): boolean {
		const rounds = new Set(steps.filter(isCall).map(({ call_id }) => this.byCall.get(call_id)));
		const texts = new Set([...rounds].flatMap((round) => (round?.items ?? []).map(textOf)));
		return steps.every((step) =>
			isCall(step) || isResult(step)
				? this.byCall.has(step.call_id)
				: step.type === 'reasoning' || texts.has(textOf(step)),
		);
	}

	/** The oldest are forgotten first. What a later one stands on stays as long as that. */
	private grow(round: Round, items: InputItem[]) {
		const size = JSON.stringify(items).length;
		this.size += size;
		this.sizes.set(round, (this.sizes.get(round) ?? 0) + size);
		for (const [oldest, itsSize] of this.sizes) {
			if (this.size <= LIMIT || oldest === round) break;
			this.size -= itsSize;
			this.sizes.delete(oldest);
			for (const id of oldest.calls) this.byCall.delete(id);
		}
	}
}

/** From the first one on. */
function chainOf(last: Round): Round[] {
	const chain = [];
	for (let round: Round | undefined = last; round; round = round.previous) chain.unshift(round);
	return chain;
}

/** Without the calls that n8n did not run. */
const historyOf = ({ items, calls, results }: Round): InputItem[] => [
	...items.filter(
		(item) => !isCall(item) || !calls.includes(item.call_id) || results.has(item.call_id),
	),
	...results.values(),
];

const isCall = (item: InputItem): item is Call => item.type === 'function_call';
const isResult = (item: InputItem): item is Result => item.type === 'function_call_output';

const isOfModel = (item: InputItem) =>
	'role' in item
		? item.role === 'assistant'
		: isCall(item) || isResult(item) || item.type === 'reasoning';

const textOf = (item: InputItem) => ('role' in item ? item.content : undefined);
