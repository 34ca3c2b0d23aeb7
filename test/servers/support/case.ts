/** What a case of the table says, and which of it holds for a server, a node, and an answer streamed or not. */
import type { ServerBench } from './bench';
import type { Outcome } from './outcome';

/** One more server is one more name here, and what differs there in the tables of `cases/`. */
export const SERVER_NAMES = ['vllm', 'vllm-qwen3', 'transformers', 'llama-server'] as const;

export type ServerName = (typeof SERVER_NAMES)[number];
export type NodeName = 'gradient' | 'chatModel';

/** How a user asks. */
export interface Way {
	node: NodeName;
	streamed: boolean;
}

export const WAYS: Way[] = [
	{ node: 'gradient', streamed: false },
	{ node: 'gradient', streamed: true },
	{ node: 'chatModel', streamed: false },
	{ node: 'chatModel', streamed: true },
];

export const nameOf = ({ node, streamed }: Way) =>
	`${node === 'gradient' ? 'Gradient node' : 'chat model'}, ${streamed ? 'streamed' : 'whole'}`;

/**
 * Where something holds: `['vllm', 'vllm-qwen3', 'streamed']` is both of these servers, both nodes, but only
 * streamed answers. None of a kind means all of it.
 */
export type Where = Array<ServerName | NodeName | 'whole' | 'streamed'>;

export type Expectation = Partial<{ [Key in keyof Outcome]: unknown }>;

export interface Case {
	/** Also the name of its fixture. */
	name: string;
	/** Where it can be asked at all; everywhere if left out. */
	on?: Where;
	run(bench: ServerBench, way: Way): Promise<Outcome>;
	/** What is right, on every server unless `differs` says otherwise. */
	expect: Expectation;
	/** What is right instead where a server answers otherwise, and why; the first that holds counts. */
	differs?: Array<{ on?: Where; expect: Expectation; why: string }>;
	/** Where what is right is not yet so, and what happens instead. */
	failing?: Array<{ on?: Where; why: string }>;
	/** Not recorded: its answers are many and all alike. */
	isBulk?: boolean;
}

export interface Group {
	/** Also the folder of its fixtures. */
	name: string;
	cases: Case[];
}

/** Whether a place is meant by the words. */
export function holds(where: Where | undefined, server: ServerName, way: Way): boolean {
	const words = where ?? [];
	const isMeant = (kind: readonly string[], is: string) => {
		const named = words.filter((word) => kind.includes(word));
		return named.length === 0 || named.includes(is as never);
	};
	return (
		isMeant(SERVER_NAMES, server) &&
		isMeant(['gradient', 'chatModel'], way.node) &&
		isMeant(['whole', 'streamed'], way.streamed ? 'streamed' : 'whole')
	);
}

/** All that is right at a place; what `steps` say goes for the keys that follow from them. */
export function expectationOf(
	{ expect, differs = [] }: Case,
	server: ServerName,
	way: Way,
): Expectation {
	const own = differs.find(({ on }) => holds(on, server, way))?.expect ?? expect;
	return { error: null, ...fromSteps(own.steps, way), ...own };
}

/** Who reads the steps of a run knows the text of its end, what tools ran, and what a chat was told. */
function fromSteps(steps: unknown, { streamed }: Way): Expectation {
	if (!Array.isArray(steps)) return {};
	const after = (word: string) =>
		(steps as string[])
			.filter((step) => step.startsWith(word))
			.map((step) => step.slice(word.length));
	const texts = after('assistant: ');
	return {
		text: texts.at(-1) ?? '',
		ran: after('call: '),
		calls: [],
		said: streamed ? texts.join(' ').replaceAll(/\s+/g, ' ') : null,
	};
}
