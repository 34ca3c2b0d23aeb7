import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import { SINCE_1_1 } from '../version';

const separateToolCallsField: INodeProperties = {
	displayName: 'Separate Tool Calls Output',
	name: 'separateToolCalls',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether to add a second output with one item for each function that the model wants called, so that the workflow or a person can answer it. Feed the answers to a node like this one with the Input Type Incoming Items and Items Are set to Answers to Tool Calls, which goes on where the model waits.',
};

// a tool has one output
const NO_TOOL = { '@tool': [true] };

/**
 * What the list of functions holds where there is none. n8n compares as deep as it goes, though its types know of
 * plain values only; and a run, which does not look into lists, keeps the value.
 */
const NO_ROWS = [
	{ _cnd: { eq: {} } },
	{ _cnd: { eq: { tool: [] } } },
] as unknown as DisplayCondition[];

/** With the functions that it is about. */
export const toolCallsFields: INodeProperties[] = [
	{ ...separateToolCallsField, displayOptions: { show: { '@version': [1] }, hide: NO_TOOL } },
	{
		...separateToolCallsField,
		displayOptions: { show: { '@version': SINCE_1_1 }, hide: { ...NO_TOOL, tools: NO_ROWS } },
	},
];

export const outputFields: INodeProperties[] = [
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
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
