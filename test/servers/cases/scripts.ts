/** What a model may write, and what a user should see of it. */
import type { Case, Group, Where } from '../support/case';
import { type Question, ask } from '../support/question';
import { AFTER, TEXT, asksFor, failure, hinted, noMarkup, says, thinks, user } from './words';

/** A case of the script `say`. */
const script = (
	name: string,
	say: string,
	{ on, expect, differs, failing, ...question }: Partial<Question> & Omit<Case, 'name' | 'run'>,
): Case => ({
	name,
	on,
	run: ask({ prompt: `say ${say}`, ...question }),
	expect,
	differs,
	failing,
});

/** A case of a script that is cut where it has a cut. */
const cut = (
	name: string,
	say: string,
	{ hasTool, ...more }: Omit<Case, 'name' | 'run'> & { hasTool?: boolean },
): Case => ({
	name,
	run: async (bench, way) => {
		const options = { maxOutputTokens: bench.limitOf(say) };
		return await ask({ prompt: `say ${say}`, hasTool, options })(bench, way);
	},
	...more,
});

/** 000 001 … 999 */
const THOUSAND_NUMBERS = Array.from({ length: 1000 }, (_, index) =>
	String(index).padStart(3, '0'),
).join(' ');

/** Of a call that the model had not finished: it is asked once more. */
const askedAgain = { ran: [], calls: [], text: noMarkup(), requests: 2 };

const THOUGHT = 'Okay, the user asks about Paris.';
const ENDLESS = 'This never comes to an end';

/** An agent that got nothing should not go on as if it had. */
const nothingToSay = { error: failure(/./, /./) };

const NOT_LLAMA: Case['on'] = ['vllm', 'vllm-qwen3', 'transformers'];

/** Where a model may write what it will: llama-server's grammar lets calls through that fit the tools only. */
const UNBOUND = NOT_LLAMA;

const plain: Case[] = [
	script('text', 'hello', {
		expect: { steps: [user('say hello'), says(TEXT)], finishReason: 'stop', hints: [] },
	}),
	script('text of several lines', 'lines', {
		expect: { steps: [user('say lines'), says('one\ntwo\nthree')] },
	}),
	script('text that is not ASCII', 'unicodetext', {
		expect: { steps: [user('say unicodetext'), says('Grüße aus 北京 ☀ 👋🏽!')] },
	}),
	script('JSON', 'json', {
		expect: { steps: [user('say json'), says('{"city": "Paris", "temp": 21}')] },
	}),
	script('JSON in a fence', 'fence', {
		expect: {
			steps: [
				user('say fence'),
				says('Here you are:\n```json\n{"city": "Paris", "temp": 22}\n```'),
			],
		},
	}),
	script('nothing at all', 'empty', {
		expect: { steps: [user('say empty')], text: '', hints: hinted() },
		differs: [{ on: ['chatModel'], expect: nothingToSay, why: 'an agent has no hints' }],
	}),
	cut('text cut by the limit', 'cuttext', {
		expect: {
			steps: [user('say cuttext'), says('This answer is cut')],
			finishReason: 'length',
			hints: hinted(/Max Output Tokens/),
		},
		differs: [
			{
				on: ['llama-server', 'transformers', 'gradient'],
				expect: {
					steps: [user('say cuttext'), says('This answer is cut')],
					hints: hinted(/Max Output Tokens/),
				},
				why: 'the server says that the answer is complete, but its tokens are as many as the limit',
			},
			{
				on: ['llama-server', 'transformers'],
				expect: { steps: [user('say cuttext'), says('This answer is cut')] },
				why: 'likewise, and an agent has no hints',
			},
			{
				on: ['chatModel'],
				expect: {
					steps: [user('say cuttext'), says('This answer is cut')],
					finishReason: 'length',
				},
				why: 'an agent has no hints',
			},
		],
	}),
	{
		...script('text of 2,000 tokens', 'count', {
			// llama-server reads the whole answer anew for each token, which takes it four minutes as it is built here
			on: NOT_LLAMA,
			// without a limit, transformers serve has one of its own: 1,024
			options: { maxOutputTokens: 3000 },
			expect: { steps: [user('say count'), says(THOUSAND_NUMBERS)] },
		}),
		isBulk: true,
	},
];

const thinking: Case[] = [
	script('thinking', 'think', {
		thinks: true,
		expect: {
			steps: [user('say think'), thinks(THOUGHT), says('It is sunny in Paris.')],
			reasoning: expect.stringContaining(THOUGHT) as string,
		},
	}),
	script('thinking, then a call', 'thinkcall', {
		thinks: true,
		hasTool: true,
		expect: {
			steps: [
				user('say thinkcall'),
				thinks('I should look up Athens.'),
				...asksFor('Athens'),
				thinks('The tool has answered.'),
				says(AFTER),
			],
		},
	}),
	script('only thinking', 'onlythink', {
		thinks: true,
		expect: {
			// OpenAI's models refuse a history with a thought that nothing follows
			steps: [user('say onlythink')],
			reasoning: expect.stringContaining(ENDLESS) as string,
			hints: hinted(),
		},
		differs: [{ on: ['chatModel'], expect: nothingToSay, why: 'an agent has no hints' }],
	}),
	script('text of a model that may think', 'hello', {
		thinks: true,
		expect: { steps: [user('say hello'), says(TEXT)] },
		differs: [
			{
				on: ['vllm-qwen3', 'gradient'],
				expect: {
					steps: [user('say hello')],
					reasoning: TEXT,
					hints: hinted(/reasoning/i),
				},
				why: 'the parser takes all for thought that no </think> ends',
			},
			{ on: ['vllm-qwen3'], expect: nothingToSay, why: 'likewise, and an agent has no hints' },
		],
	}),
];

/** transformers serve parses calls while it answers, and breaks off where it cannot. */
const brokenByServer = (words: RegExp): Case['differs'] => [
	{
		on: ['transformers', 'gradient', 'whole'],
		expect: { error: failure(/Internal Server Error/, /./), ran: [] },
		why: 'the server answers with 500 and no word more',
	},
	{
		on: ['transformers'],
		expect: { error: failure(words, /./), ran: [] },
		why: 'the server breaks off the stream, also where none was asked for',
	},
];

const ENOUGH = { maxOutputTokens: 60 };

const calls: Case[] = [
	script('a call', 'call', {
		hasTool: true,
		expect: { steps: [user('say call'), ...asksFor('Paris'), says(AFTER)], finishReason: 'stop' },
	}),
	script('two calls', 'two', {
		hasTool: true,
		expect: {
			steps: [
				user('say two'),
				asksFor('Lisbon')[0],
				asksFor('Porto')[0],
				asksFor('Lisbon')[1],
				asksFor('Porto')[1],
				says(AFTER),
			],
		},
	}),
	script('text, then a call', 'textcall', {
		hasTool: true,
		expect: {
			steps: [user('say textcall'), says('Let me look that up.'), ...asksFor('Rome'), says(AFTER)],
		},
	}),
	script('a call, then text', 'calltext', {
		hasTool: true,
		expect: {
			steps: [
				user('say calltext'),
				asksFor('Oslo')[0],
				says('I asked about Oslo.'),
				asksFor('Oslo')[1],
				says(AFTER),
			],
		},
		differs: [
			{
				on: ['vllm', 'vllm-qwen3', 'llama-server'],
				expect: { steps: [user('say calltext'), ...asksFor('Oslo'), says(AFTER)] },
				why: 'vLLM drops what stands behind a call, and the grammar of llama-server ends there',
			},
			{
				on: ['transformers'],
				expect: {
					steps: [
						user('say calltext'),
						says('I asked about Oslo.'),
						...asksFor('Oslo'),
						says(AFTER),
					],
				},
				why: 'the server puts all text into one message, before the calls',
			},
		],
	}),
	script('a call that is not ASCII', 'unicode', {
		hasTool: true,
		expect: { steps: [user('say unicode'), ...asksFor('北京 ☀'), says(AFTER)] },
	}),
	script('a call of a tool that nobody offered', 'unknowntool', {
		hasTool: true,
		on: UNBOUND,
		options: ENOUGH,
		expect: { ran: [], calls: [], text: AFTER, requests: 2 },
	}),
	script('a call with a list as its arguments', 'listargs', {
		hasTool: true,
		on: UNBOUND,
		options: ENOUGH,
		expect: { ran: [], calls: [], text: AFTER, requests: 2 },
	}),
	script('a call with a text as its arguments', 'textargs', {
		hasTool: true,
		on: UNBOUND,
		options: ENOUGH,
		expect: { ran: [], calls: [], text: AFTER, requests: 2 },
	}),
	script('a call without arguments', 'noargs', {
		hasTool: true,
		on: UNBOUND,
		options: ENOUGH,
		expect: { ran: ['get_weather {}'], calls: [], text: AFTER, requests: 2 },
		differs: brokenByServer(/broke off.*'arguments'/),
	}),
	script('a call whose arguments are broken JSON', 'badjson', {
		hasTool: true,
		on: UNBOUND,
		options: ENOUGH,
		expect: { ran: [], calls: [], text: noMarkup(), requests: 2 },
		differs: brokenByServer(/JSON/),
	}),
];

/** Nobody can know that there was a call of which nothing has come. */
const nothingCame = (on: Where): NonNullable<Case['differs']> => [
	{
		on: [...on, 'gradient'],
		expect: { text: '', ran: [], hints: hinted(/Max Output Tokens/) },
		why: 'the answer holds nothing of the call',
	},
	{
		on: [...on, 'chatModel'],
		expect: { error: failure(/Max Output Tokens/, /./), ran: [] },
		why: 'likewise, and an agent has no hints',
	},
];

/** transformers serve has a cut call in no stream, and streams to the chat model unasked. */
const cutByTransformers: NonNullable<Case['differs']> = [
	{
		on: ['transformers', 'gradient', 'whole'],
		expect: { error: failure(/Internal Server Error/, /./), ran: [] },
		why: 'the server cannot read the call, and answers with 500',
	},
	...nothingCame(['transformers']),
];

const cutCalls: Case[] = [
	cut('a call cut in its name', 'cutname', {
		hasTool: true,
		expect: askedAgain,
		differs: [
			...nothingCame(['vllm', 'vllm-qwen3', 'llama-server', 'streamed']),
			...cutByTransformers,
		],
	}),
	cut('a call cut before its arguments', 'cutnoargs', {
		hasTool: true,
		expect: askedAgain,
		differs: cutByTransformers,
	}),
	cut('a call cut in its arguments', 'cutargs', {
		hasTool: true,
		expect: askedAgain,
		differs: cutByTransformers,
	}),
	cut('cut between two calls', 'cutbetween', {
		hasTool: true,
		expect: askedAgain,
	}),
];

export const scripts: Group = {
	name: 'scripts',
	cases: [...plain, ...thinking, ...calls, ...cutCalls],
};
