import type { INodeProperties } from 'n8n-workflow';

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
