/** Requests for what DigitalOcean's pages show and its reference does not: one for each, without their secrets. */
import type { JsonObject } from './client';
import type { Check } from './check';
import { echoed, effortShows } from './effects';
import {
	type Effect,
	type Finding,
	type Question,
	type Shows,
	judge,
	seen,
	unclear,
} from './judge';

const HELLO = 'Say hello.';

const PAGE = 'Read https://example.com and tell its heading in one sentence.';

/** Of nothing: whether the tool is known shows in the words of the refusal. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

const deferredTool = {
	type: 'function',
	name: 'get_weather',
	description: 'Tells the weather of a city',
	parameters: { type: 'object', properties: { city: { type: 'string' } } },
	defer_loading: true,
};

export const newerCalls = {
	'reasoning budget': { input: HELLO, reasoning: { max_tokens: 128 } },
	'reasoning summary': { input: HELLO, reasoning: { summary: 'auto' } },
	'prompt cache': {
		input: HELLO,
		prompt_cache_key: 'live-check',
		prompt_cache_retention: 'in_memory',
	},
	'web search with limits': {
		input: 'Search the web: what is the newest release of Node.js? Answer in one sentence.',
		tools: [{ type: 'web_search', max_uses: 1, max_results: 2 }],
	},
	'web fetch': { input: PAGE, tools: [{ type: 'web_fetch', max_uses: 1 }] },
	'knowledge base': {
		input: HELLO,
		tools: [{ type: 'knowledge_base_retrieval', knowledge_base_id: NO_ID }],
	},
	'MCP server': {
		input: HELLO,
		tools: [{ type: 'mcp', server_label: 'nobody', server_url: 'https://mcp.example.com/mcp' }],
	},
	'model synthesis': { input: HELLO, tools: [{ type: 'model_synthesis', preset: 'balanced' }] },
	'tool search': {
		input: 'What is the weather in Paris? Look for a tool.',
		tools: [{ type: 'tool_search' }, deferredTool],
	},
} satisfies Record<string, JsonObject>;

/** The header by which a router keeps to the model that it chose. */
export const AFFINITY = { 'x-model-affinity': 'live-check' };

/** To the first router of the catalogue, where there is one. */
export const ROUTER_CALL = 'router';

export const newerQuestions = (check: Check): Question[] => [
	{ question: 'reasoning.max_tokens', call: 'reasoning budget', shows: effortShows(check) },
	{ question: 'reasoning.summary', call: 'reasoning summary', shows: effortShows(check) },
	{ question: 'prompt_cache_retention', call: 'prompt cache', shows: cacheShows },
	{
		question: 'tool web_search with max_uses and max_results',
		call: 'web search with limits',
		shows: ranByServer(/^web_search/),
		otherwise: 'not shown',
	},
	{
		question: 'tool web_fetch',
		call: 'web fetch',
		shows: ranByServer(/^web_fetch/),
		otherwise: 'not shown',
	},
	// of nothing that is there: an answer only shows that the tool is taken
	{ question: 'tool knowledge_base_retrieval', call: 'knowledge base', shows: itemsOf },
	{ question: 'tool mcp', call: 'MCP server', shows: itemsOf },
	{
		question: 'tool model_synthesis',
		call: 'model synthesis',
		shows: ranByServer(/^model_synthesis/),
		otherwise: 'not shown',
	},
	{
		question: 'tool tool_search, and a function with defer_loading',
		call: 'tool search',
		shows: ranByServer(/^tool_search/),
		otherwise: 'not shown',
	},
];

/** Whether a router says which way it took. */
export function routerFinding(check: Check): Finding {
	const question = 'router with X-Model-Affinity';
	const call = check.get(ROUTER_CALL);
	if (!call) return unclear(question, 'not asked: the list of models has no router');
	const route = call.answer.headers['x-model-router-selected-route'];
	if (!call.reading.response) return judge(check, { question, call: ROUTER_CALL });
	const { model } = call.reading.response;
	const told = route ? `the route ${route}` : 'no route';
	return seen(question, `${told}, answered by ${model || 'an unnamed model'}`, told);
}

const typesOf = (body: JsonObject): string[] =>
	Array.isArray(body.output)
		? (body.output as JsonObject[]).map((item) => String(item?.type ?? 'no type'))
		: [];

const itemsOf: Shows = ({ body }): Effect => ({
	because: `output of ${typesOf(body).join(', ') || 'nothing'}`,
	gist: typesOf(body).join(', '),
});

/** The server has done something that an item of its answer tells of. */
const ranByServer =
	(type: RegExp): Shows =>
	(response, call) => ({
		...itemsOf(response, call),
		works: typesOf(response.body).some((one) => type.test(one)),
	});

/** One request cannot tell a cache that is empty from none: its tokens, and what is repeated. */
const cacheShows: Shows = (response, call) => {
	const { cached_tokens: read, cache_write_tokens: written } = response.usage;
	const { because, ...effect } = echoed('prompt_cache_retention')(response, call);
	return {
		...effect,
		because: `${read ?? 'no'} cached tokens, ${written ?? 'no'} written; ${because}`,
	};
};
