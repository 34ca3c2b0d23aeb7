import type { INodeProperties } from 'n8n-workflow';

/** How requests are sent. Nothing of this is part of a request. */
export const requestOptionFields: INodeProperties[] = [
	{
		displayName: 'Delay Between Requests',
		name: 'delayBetweenRequests',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		hint: 'In milliseconds',
		description: 'The least time between the starts of two requests',
	},
	{
		displayName: 'Max Concurrent Requests',
		name: 'maxConcurrentRequests',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 5,
		description:
			'How many items are worked on at the same time, and how many connected tools for one item. Without this option, it begins with 5 and finds out by itself how many the API takes, up to 50. The output keeps their order.',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 2,
		description:
			'How often a request is sent again after a failure that may pass: server errors, lost connections. 0: never. What a rate limit refuses waits for its turn, whatever is set here.',
	},
	{
		displayName: 'Max Tool Iterations',
		name: 'maxToolIterations',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 10,
		description:
			'How many requests are made to the model at most while it calls connected tools. Each costs tokens.',
	},
	{
		displayName: 'Send Pictures of Tools',
		name: 'sendToolPictures',
		type: 'boolean',
		default: true,
		description:
			'Whether the model is shown the pictures in the results of connected tools. It must be a model that takes pictures. Otherwise it is told their type and size.',
	},
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 300000,
		hint: 'In milliseconds. 0: as long as it takes.',
		description:
			'How long to wait for the whole answer to a request, for the first piece of a streamed one, or for a connected tool',
	},
];

export const requestOptionsField: INodeProperties = {
	displayName: 'Request Options',
	name: 'requestOptions',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: requestOptionFields,
};
