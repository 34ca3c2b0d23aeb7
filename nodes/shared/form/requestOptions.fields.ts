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
		displayName: 'Max Repairs',
		name: 'maxRepairs',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 1,
		description:
			'How often the model is told what does not fit where its JSON output does not, and asked again. Each costs tokens. 0: never.',
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
		displayName: 'On Failure',
		name: 'onFailure',
		type: 'options',
		default: 'stop',
		description:
			"What becomes of the other items when one fails, where the node's setting 'On Error' is to stop the workflow. Stopping the workflow by hand loses all answers either way.",
		options: [
			{
				name: 'Stop at Once',
				value: 'stop',
				description: 'What is in flight is ended, and the answers so far are lost',
			},
			{
				name: 'Finish What Is Paid For',
				value: 'finish',
				description:
					'What is in flight is waited for, and nothing more is sent. Items without an answer have an error, and the workflow goes on.',
			},
		],
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
		displayName: 'Strict Tools',
		name: 'strictTools',
		type: 'boolean',
		default: true,
		description:
			'Whether the arguments for connected tools are bound to what the tools take, whatever the model would write. vLLM does not bind them without this. Tools that take anything stay as they are. Servers that do not know it ignore or refuse it.',
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
	placeholder: 'Add Request Option',
	default: {},
	options: requestOptionFields,
};
