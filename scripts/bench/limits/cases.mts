import type { ANSWERS } from './answers.mjs';

/** What is tried: an answer, and who gets it. */
export interface Case {
	title: string;
	answer: keyof typeof ANSWERS;
	/** The client alone, or the node in n8n's engine. */
	by: 'client' | 'engine';
	/** Of the client's call. */
	stream?: boolean;
	maxRetries?: number;
	/** Items that the node gets; 1 if left out. */
	items?: number;
	/** Over the form with a text prompt. */
	form?: object;
	/** Whether a tool `get_weather` is connected. */
	hasTool?: boolean;
	/** MB; Node's own limit if left out. */
	heap?: number;
}

const CONTINUOUS = { stream: true, maxRetries: 0 } as const;

export const CASES: Record<string, Case> = {
	errorBomb: {
		title: 'error body, 60 MB of JSON in 61 KB of gzip, heap 1 GB',
		answer: 'errorBomb',
		by: 'client',
		maxRetries: 0,
		heap: 1024,
	},
	answerBomb: {
		title: 'the same with HTTP 200',
		answer: 'answerBomb',
		by: 'client',
		heap: 1024,
	},
	endlessTitle: {
		title: 'error page of 300 KB, its title never ends',
		answer: 'endlessTitle',
		by: 'client',
		maxRetries: 0,
	},
	newKeys100k: {
		title: 'stream of 100 KB, a new key in each chunk',
		answer: 'newKeys100k',
		by: 'client',
		...CONTINUOUS,
	},
	newKeys1m: {
		title: 'the same, 1 MB',
		answer: 'newKeys1m',
		by: 'client',
		...CONTINUOUS,
	},
	emptyItems: { title: '5 MB of empty output items', answer: 'emptyItems', by: 'client' },
	wrongItems: { title: '5 MB of zeros as output items', answer: 'wrongItems', by: 'client' },
	wrongFields: {
		title: '10,000 output items with wrong fields',
		answer: 'wrongFields',
		by: 'client',
	},
	strangeLines: {
		title: 'stream with 1 MB of lines that are no events',
		answer: 'strangeLines',
		by: 'client',
		...CONTINUOUS,
	},
	sameCallId: { title: '15,000 calls with one call_id', answer: 'sameCallId', by: 'engine' },
	chinese20k: {
		title: 'stream that breaks off after 20,000 Chinese characters',
		answer: 'chinese20k',
		by: 'client',
		...CONTINUOUS,
	},
	chinese50k: {
		title: 'the same, 50,000',
		answer: 'chinese50k',
		by: 'client',
		...CONTINUOUS,
	},
	incomingItems: {
		title: 'Incoming Items with 20,000 rows',
		answer: 'healthy',
		by: 'engine',
		items: 20_000,
		form: { inputType: 'items', contentField: 'content' },
	},
	hints: { title: '50,000 items with a hint', answer: 'hints', by: 'engine', items: 50_000 },
	deepArguments: {
		title: 'tool arguments nested 20,000 deep',
		answer: 'deepArguments',
		by: 'engine',
	},
	manyCalls: {
		title: '5,000 calls of a connected tool',
		answer: 'manyCalls',
		by: 'engine',
		hasTool: true,
		form: { requestOptions: { maxToolIterations: 2 } },
	},
	commentsAfterEvent: {
		title: 'a comment every 100 ms after the first event',
		answer: 'commentsAfterEvent',
		by: 'client',
		...CONTINUOUS,
	},
	commentsAfterEnd: {
		title: 'comments after the finish reason',
		answer: 'commentsAfterEnd',
		by: 'client',
		...CONTINUOUS,
	},
	dripping429: {
		title: '429 whose body drips, Timeout 20 s',
		answer: 'dripping429',
		by: 'client',
		maxRetries: 1,
	},
	dripping500: {
		title: '500 whose body drips, Timeout 20 s',
		answer: 'dripping500',
		by: 'client',
		maxRetries: 1,
	},
	endless429: {
		title: '429 whose body never ends',
		answer: 'endless429',
		by: 'client',
		maxRetries: 1,
	},
	endless500: {
		title: '500 whose body never ends',
		answer: 'endless500',
		by: 'client',
		maxRetries: 1,
	},
};
