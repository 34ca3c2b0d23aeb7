import type { INodeProperties } from 'n8n-workflow';

import { SINCE_1_1 } from '../version';

export const outputFields: INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Separate Tool Calls Output',
		name: 'separateToolCalls',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		// a tool has one output
		displayOptions: { hide: { '@tool': [true] } },
		description:
			'Whether to add a second output with one item for each function that the model wants called, so that the workflow can run it. Give these items an output field, and feed them to a node like this one with the Input Type Incoming Items and Items Are set to Input Items, which goes on where the model waits.',
	},
];

/** Among 'Options', but no part of a request. */
export const outputOptionFields: INodeProperties[] = [
	{
		displayName: 'Include',
		name: 'includeInOutput',
		type: 'multiOptions',
		default: ['conversation'],
		description: 'What the output item has beside the answer',
		options: [
			{
				name: 'Binary',
				value: 'binary',
				description: 'The files of the incoming item',
			},
			{
				name: 'Conversation',
				value: 'conversation',
				description: 'All that was said, for a Conversation row of a later response',
			},
			{
				name: 'Input Fields',
				value: 'inputFields',
				description:
					"The fields of the incoming item, which keeps its own ID, status and model. Where several items share a request, those of the first. For a field that the answer has too, such as text, add 'Put Output in Field'.",
			},
		],
		displayOptions: { show: { '@version': SINCE_1_1 } },
	},
	{
		displayName: 'Put Output in Field',
		name: 'outputField',
		type: 'string',
		default: 'answer',
		placeholder: 'e.g. answer',
		description:
			'The field of the output item that holds the answer, beside the input fields. Empty: its keys are at the top.',
		displayOptions: { show: { '@version': SINCE_1_1 } },
	},
];
