import type { INodeProperties } from 'n8n-workflow';

import { reasoningFields } from './reasoning.fields';
import { cacheFields, sessionField } from './session.fields';

const toolChoiceMode = (name: string, displayName: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	default: 'auto',
	description: 'Whether the model calls tools',
	options: [
		{ name: 'Auto', value: 'auto', description: 'The model decides' },
		{ name: 'None', value: 'none', description: 'The model calls no tool' },
		{ name: 'Required', value: 'required', description: 'The model calls at least one tool' },
		{
			name: 'Specific Function',
			value: 'function',
			description: 'The model calls the one function that there is, or the one that is named',
		},
	],
});

const functionName: INodeProperties = {
	displayName: 'Function Name',
	name: 'functionName',
	type: 'string',
	default: '',
	placeholder: 'e.g. get_weather',
};

/** Fields of the request that are rarely needed. Only those that the user added are sent. */
export const optionFields: INodeProperties[] = [
	{
		displayName: 'Additional Fields (JSON)',
		name: 'additionalFields',
		type: 'json',
		default: '{}',
		description:
			'A JSON object whose fields are put into the request as they are, over those of this form. For what the API has and this form has not.',
	},
	{
		displayName: 'Include Usage',
		name: 'includeUsage',
		type: 'boolean',
		default: true,
		description: 'Whether to ask for the token usage of an answer that is streamed',
	},
	{
		displayName: 'Max Output Tokens',
		name: 'maxOutputTokens',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1024,
		description: 'How many tokens the model may write at most, reasoning included',
	},
	{
		displayName: 'Max Tokens',
		name: 'maxTokens',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 1024,
		description: 'The older name of Max Output Tokens, for models that only know this one',
	},
	{
		displayName: 'MCP Server Credential',
		name: 'mcpServerCredential',
		type: 'boolean',
		noDataExpression: true,
		default: true,
		description:
			"Whether an MCP server of 'Tools' gets a token: that of the credential which is then chosen at the top of the form. It is sent for the server of that credential, and for no other.",
	},
	{
		displayName: 'Metadata',
		name: 'metadata',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Entry',
		default: {},
		description:
			'Up to 16 entries that are kept with the response. Names have at most 64 characters, values at most 512.',
		options: [
			{
				displayName: 'Entry',
				name: 'entry',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	},
	{
		displayName: 'Modalities',
		name: 'modalities',
		type: 'multiOptions',
		default: ['text'],
		options: [{ name: 'Text', value: 'text' }],
		description: 'The kinds of output that the model should make. The API has text only.',
	},
	{
		displayName: 'Parallel Tool Calls',
		name: 'parallelToolCalls',
		type: 'boolean',
		default: true,
		description: 'Whether the model may call several tools at once',
	},
	...cacheFields,
	...reasoningFields,
	{
		displayName: 'Send Message Type',
		name: 'sendMessageType',
		type: 'boolean',
		default: true,
		description:
			'Whether to send "type": "message" with each message of Messages, which some models want',
		displayOptions: { show: { '/inputType': ['messages'] } },
	},
	sessionField,
	{
		displayName: 'Show JSON in Chat',
		name: 'showJson',
		type: 'boolean',
		default: true,
		description:
			'Whether a streaming chat shows JSON output while it is written. Otherwise the chat shows none of it.',
		displayOptions: { show: { '/outputFormat': ['json', 'schema'] } },
	},
	{
		displayName: 'Stop Sequences',
		name: 'stop',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stop Sequence' },
		default: [],
		description:
			'Up to 4 texts at which the model stops. They are not part of the answer. For a line break use the expression {{ "\\n" }}.',
	},
	{
		displayName: 'Stream',
		name: 'stream',
		type: 'options',
		default: 'auto',
		description: 'Whether the answer comes piece by piece. The output item is the same either way.',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description:
					'Where the trigger shows the text while it is written, as a streaming chat does',
			},
			{ name: 'Off', value: 'off', description: 'The answer comes in one piece' },
			{
				name: 'On',
				value: 'on',
				description: 'Always. Keeps long answers alive where a proxy cuts silent connections.',
			},
		],
	},
	{
		displayName: 'Structured Output By',
		name: 'structuredOutputBy',
		type: 'options',
		default: 'automatic',
		description: 'How the API is asked for JSON output. It is checked in any case.',
		displayOptions: { show: { '/outputFormat': ['json', 'schema'] } },
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					'By Text Format; by Function Call where the model refuses or ignores that, which is remembered until n8n ends',
			},
			{
				name: 'Function Call',
				value: 'functionCall',
				description: 'The model calls a function that takes the output',
			},
			{
				name: 'Text Format',
				value: 'textFormat',
				description: 'By the text.format of the request, which some servers enforce',
			},
		],
	},
	{
		displayName: 'Temperature',
		name: 'temperature',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
		default: 1,
		description:
			'From 0 to 2. Low values give focused answers, high values varied ones. Change this or Top P, not both.',
	},
	{
		displayName: 'Tool Choice',
		name: 'toolChoice',
		type: 'fixedCollection',
		default: { choice: { mode: 'auto' } },
		description: 'Whether the model calls tools',
		options: [
			{
				displayName: 'Choice',
				name: 'choice',
				values: [
					toolChoiceMode('mode', 'Mode'),
					{
						...functionName,
						displayOptions: { show: { mode: ['function'] } },
					},
				],
			},
		],
		displayOptions: { show: { '@version': [1] } },
	},
	{
		...toolChoiceMode('toolChoice', 'Tool Choice'),
		displayOptions: { show: { '@version': [{ _cnd: { gte: 1.1 } }] } },
	},
	{
		...functionName,
		displayName: 'Tool Choice Function Name',
		name: 'toolChoiceFunction',
		description: 'The function that Tool Choice means, where there are several',
		displayOptions: { show: { '@version': [{ _cnd: { gte: 1.1 } }] } },
	},
	{
		displayName: 'Top P',
		name: 'topP',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 1,
		description:
			'From 0 to 1. The model picks from the most likely words that make up this share; 0.1 means the top 10%.',
	},
	{
		displayName: 'User',
		name: 'user',
		type: 'string',
		default: '',
		placeholder: 'e.g. customer-1234',
		description: 'An ID of your end user, which helps DigitalOcean to detect abuse',
	},
];

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: optionFields,
};
