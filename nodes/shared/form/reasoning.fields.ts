import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** From little to much. */
const EFFORTS: INodePropertyOptions[] = [
	{ name: 'None', value: 'none', description: 'The model answers at once' },
	{ name: 'Minimal', value: 'minimal' },
	{ name: 'Low', value: 'low' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'High', value: 'high' },
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'Max', value: 'max' },
];

/** The parts of the request's `reasoning`. */
export const reasoningFields: INodeProperties[] = [
	{
		displayName: 'Reasoning Budget',
		name: 'reasoningBudget',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1024,
		description:
			'How many tokens the model may spend on reasoning, for models that take a number in place of an effort. They count as output, so Max Output Tokens must be larger.',
	},
	{
		displayName: 'Reasoning Effort',
		name: 'reasoningEffort',
		type: 'options',
		default: 'medium',
		description:
			'How much the model thinks before it answers. Each model takes some of these, and some take none; another word can be given by an expression.',
		options: EFFORTS,
	},
	{
		displayName: 'Reasoning Summary',
		name: 'reasoningSummary',
		type: 'options',
		default: 'auto',
		description:
			'How the model sums up its reasoning, where it does not show it, as those of OpenAI. The summary is in the field reasoning of the item.',
		options: [
			{ name: 'Automatic', value: 'auto', description: 'As detailed as the model has it' },
			{ name: 'Concise', value: 'concise' },
			{ name: 'Detailed', value: 'detailed' },
		],
	},
];
