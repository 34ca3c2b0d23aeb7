/** Who takes part, in the order of the table. */
export const LABELS: Record<string, string> = {
	floor: 'bare undici (the floor)',
	kept: 'bare undici, connections kept',
	engine: "n8n's engine around bare undici",
	ours: 'this package',
	oursInTurns: 'the chat model of this package',
	httpRequest: 'n8n HTTP Request 4.5',
	openAi: 'n8n OpenAI 2.3, Message a model',
	digitalOcean: "DigitalOcean's node 1.0.6 (over TLS)",
};

export const PEERS = ['httpRequest', 'openAi', 'digitalOcean'];

/** Those of `turns` and `sequence` only. */
export const APART = ['kept', 'oursInTurns'];

export const CONCURRENCY = 50;

export interface Case {
	title: string;
	items: number;
	latencyMs: number;
	contestants: string[];
	/** Requests at a time, where a node has such a setting; left out: 50. */
	concurrency?: number;
	isStreaming?: boolean;
	/** Over TLS, 40 ms away. */
	isFar?: boolean;
	/** Find out also what the finished execution holds. */
	memory?: boolean;
}

const OWN = ['floor', 'engine', 'ours'];
const ALL = [...OWN, ...PEERS];

const many = (items: number): Case => ({
	title: `${items.toLocaleString('en')} items, answered after 5 ms`,
	items,
	latencyMs: 5,
	contestants: OWN,
	memory: true,
});

export const waiting: Case = {
	title: '200 items, answered after 50 ms',
	items: 200,
	latencyMs: 50,
	contestants: ALL,
};

export const working: Case = {
	title: '500 items, answered at once',
	items: 500,
	latencyMs: 0,
	contestants: ALL,
};

/** As wide as the nodes without such a setting. */
export const wide: Record<'waiting' | 'working', Case> = {
	waiting: { ...waiting, title: `${waiting.title}, 200 at a time`, concurrency: 200 },
	working: { ...working, title: `${working.title}, 200 at a time`, concurrency: 200 },
};

export const streaming: Case = {
	title: '200 items, streamed to the chat, first event after 50 ms',
	items: 200,
	latencyMs: 50,
	contestants: OWN,
	isStreaming: true,
};

export const far = (items: number): Case => ({
	title: `${items} items over TLS, 40 ms away, answered after 50 ms`,
	items,
	latencyMs: 50,
	contestants: ALL,
	isFar: true,
});

/** Each size twice the one before. */
export const growing = (isQuick: boolean): Case[] =>
	(isQuick ? [1_000, 2_000] : [2_500, 5_000, 10_000]).map(many);
