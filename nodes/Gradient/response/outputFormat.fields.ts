import type { INodeProperties } from 'n8n-workflow';

import { parameterFields } from './tools.fields';

const WITH_SCHEMA = { outputFormat: ['schema'] };

const fieldOf = (field: INodeProperties): INodeProperties => ({
	...field,
	...OWN_WORDS[field.name],
});

/** Where a field of the output is something else than a parameter of a function. */
const OWN_WORDS: Record<string, Partial<INodeProperties>> = {
	name: { placeholder: 'e.g. amount' },
	description: { placeholder: 'e.g. The sum with tax, without the currency' },
	required: {
		description:
			'Whether it must be there. Otherwise the model may leave it out where it knows nothing.',
	},
};

/** What the answer is: text, or a value that later nodes can map. */
export const outputFormatFields: INodeProperties[] = [
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		noDataExpression: true,
		default: 'text',
		description:
			'What the model answers with. JSON is parsed and checked, and stands in the field output of the item.',
		options: [
			{ name: 'JSON', value: 'json', description: 'Any JSON object, as the prompt describes it' },
			{
				name: 'JSON with a Schema',
				value: 'schema',
				description: 'The fields that are defined below, each of its type',
			},
			{ name: 'Text', value: 'text' },
		],
	},
	{
		displayName: 'Output Schema',
		name: 'outputSchemaMode',
		type: 'options',
		noDataExpression: true,
		default: 'fields',
		description: 'How the output is described',
		options: [
			{ name: 'Defined Below', value: 'fields' },
			{ name: 'From an Example (JSON)', value: 'example' },
			{ name: 'JSON Schema', value: 'schema' },
		],
		displayOptions: { show: WITH_SCHEMA },
	},
	{
		displayName: 'Output Fields',
		name: 'outputFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Field',
		default: {},
		options: [{ displayName: 'Field', name: 'field', values: parameterFields.map(fieldOf) }],
		displayOptions: { show: { ...WITH_SCHEMA, outputSchemaMode: ['fields'] } },
	},
	{
		displayName: 'Example (JSON)',
		name: 'outputExample',
		type: 'json',
		default: '{\n  "city": "Paris",\n  "amount": 12.5,\n  "items": ["bread"]\n}',
		description:
			'An output as you want it. Names and types are taken from it, and each field is required. A null may be text or null; of an empty list it is not known what it holds.',
		displayOptions: { show: { ...WITH_SCHEMA, outputSchemaMode: ['example'] } },
	},
	{
		displayName: 'JSON Schema',
		name: 'outputSchema',
		type: 'json',
		default:
			'{\n  "type": "object",\n  "properties": {\n    "city": { "type": "string" }\n  },\n  "required": ["city"]\n}',
		description:
			'What a server does not know of it is told to the model in words. All of it is checked here.',
		displayOptions: { show: { ...WITH_SCHEMA, outputSchemaMode: ['schema'] } },
	},
];
