import type { INodeProperties } from 'n8n-workflow';

/** What lets the API use again what it has read before. */
export const cacheFields: INodeProperties[] = [
	{
		displayName: 'Prompt Cache Key',
		name: 'promptCacheKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. support-tickets',
		description:
			'A name for requests that begin alike, so that they meet the same cache. For models of OpenAI. How much was read from the cache is in usage, as cached_tokens.',
	},
	{
		displayName: 'Prompt Cache Retention',
		name: 'promptCacheRetention',
		type: 'options',
		default: 'in_memory',
		description:
			'How long the beginning of the input stays in the cache, from 1,024 tokens on. For models of OpenAI; open models have a cache without being asked.',
		options: [
			{ name: 'In Memory', value: 'in_memory', description: 'Some minutes' },
			{ name: '24 Hours', value: '24h' },
		],
	},
];

/** Not in the request's body: see `X-Model-Affinity`. */
export const sessionField: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.sessionId }}',
	description:
		"The same for all turns of one conversation, so that a router (router:…) stays with the model that it chose first, and its cache. Sent as the header X-Model-Affinity. Without it, each item is a session of its own. It goes to DigitalOcean as it is: take a number, not a person's name.",
};
