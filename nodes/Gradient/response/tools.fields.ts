import type { INodeProperties } from 'n8n-workflow';

import { TOOL_TYPES, serverToolFields } from './serverTools.fields';

export const parameterFields: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. city',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		noDataExpression: true,
		default: 'string',
		options: [
			{ name: 'Boolean', value: 'boolean' },
			{ name: 'Integer', value: 'integer' },
			{ name: 'List of Numbers', value: 'number[]' },
			{ name: 'List of Texts', value: 'string[]' },
			{ name: 'Number', value: 'number' },
			{ name: 'Object', value: 'object' },
			{ name: 'Text', value: 'string' },
		],
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		placeholder: 'e.g. The city, in English',
		description: 'What the model should put here',
	},
	{
		displayName: 'Allowed Values',
		name: 'allowedValues',
		type: 'string',
		default: '',
		placeholder: 'e.g. low, medium, high',
		description: 'Comma-separated. Empty: any text is allowed.',
		displayOptions: { show: { type: ['string', 'string[]'] } },
	},
	{
		displayName: 'Required',
		name: 'required',
		type: 'boolean',
		default: true,
		description: 'Whether the model must give this parameter',
	},
];

export const toolFields: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		noDataExpression: true,
		default: 'function',
		options: TOOL_TYPES,
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. get_weather',
		description: 'At most 64 of the characters a-z, A-Z, 0-9, underscore and dash',
		displayOptions: { show: { type: ['function'] } },
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Gets the current weather of a city',
		description: 'When the model should call the function, and what the function does',
		displayOptions: { show: { type: ['function'] } },
	},
	{
		displayName: 'Parameters',
		name: 'parametersMode',
		type: 'options',
		noDataExpression: true,
		default: 'fields',
		description: 'How the parameters of the function are described',
		options: [
			{ name: 'Defined Below', value: 'fields' },
			{ name: 'From an Example (JSON)', value: 'example' },
			{ name: 'JSON Schema', value: 'schema' },
			{ name: 'None', value: 'none' },
		],
		displayOptions: { show: { type: ['function'] } },
	},
	{
		displayName: 'Parameter List',
		name: 'parameters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Parameter',
		default: {},
		options: [{ displayName: 'Parameter', name: 'parameter', values: parameterFields }],
		displayOptions: { show: { type: ['function'], parametersMode: ['fields'] } },
	},
	{
		displayName: 'Example (JSON)',
		name: 'parametersExample',
		type: 'json',
		default: '{\n  "city": "Paris"\n}',
		description:
			'Arguments of a typical call. Names and types are taken from it, and each parameter is required.',
		displayOptions: { show: { type: ['function'], parametersMode: ['example'] } },
	},
	{
		displayName: 'JSON Schema',
		name: 'parametersSchema',
		type: 'json',
		default:
			'{\n  "type": "object",\n  "properties": {\n    "city": { "type": "string" }\n  },\n  "required": ["city"]\n}',
		displayOptions: { show: { type: ['function'], parametersMode: ['schema'] } },
	},
	...serverToolFields,
	{
		displayName: 'Strict',
		name: 'strict',
		type: 'boolean',
		default: false,
		description:
			'Whether the arguments of a call are bound to the parameters, whatever the model would write. vLLM does not bind them without this. Servers that do not know it ignore or refuse it.',
		displayOptions: { show: { type: ['function'] } },
	},
];

/** Looks as that of n8n's own nodes. */
export const toolsNotice: INodeProperties = {
	displayName:
		'Connect your own tools on the canvas, below this node: n8n runs them when the model calls them. Functions that your workflow answers, and tools that the server runs, are added here.',
	name: 'toolsNotice',
	type: 'notice',
	default: '',
	displayOptions: { hide: { '@tool': [true] } },
};

export const toolsField: INodeProperties = {
	displayName: 'Functions and Server Tools',
	name: 'tools',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Function or Server Tool',
	default: {},
	description:
		'What the model may call. Calls of functions come out as tool_calls, for the workflow to answer; tools such as web search are run by the server.',
	options: [{ displayName: 'Function or Server Tool', name: 'tool', values: toolFields }],
};
