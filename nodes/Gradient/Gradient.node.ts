import {
	type IExecuteFunctions,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { listSearch } from '../shared/form/listSearch';
import { getManyFields } from './model/getMany.fields';
import { createFields } from './response/create.fields';

/** The properties, shown for one operation only. */
const shownFor = (resource: string, operation: string, properties: INodeProperties[]) =>
	properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { resource: [resource], operation: [operation], ...property.displayOptions?.show },
		},
	}));

/** Tools and a memory are for responses only. The tool that n8n makes of this node has no port anyway. */
const INPUTS =
	"={{ $parameter.resource === 'model' ? ['main'] : ['main', { type: 'ai_memory', displayName: 'Memory', maxConnections: 1 }, { type: 'ai_tool', displayName: 'Tools' }] }}";

const OUTPUTS =
	"={{ $parameter.resource !== 'model' && $parameter.separateToolCalls ? [{ type: 'main', displayName: 'Response' }, { type: 'main', displayName: 'Tool Calls' }] : ['main'] }}";

export class Gradient implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DigitalOcean Gradient',
		name: 'gradient',
		icon: { light: 'file:gradient.svg', dark: 'file:gradient.dark.svg' },
		group: ['transform'],
		version: [1, 1.1],
		defaultVersion: 1.1,
		// what tells two of these nodes apart on the canvas is the model, which n8n gives as its mere id
		subtitle:
			"={{ $parameter.resource === 'model' ? 'Get many models' : $parameter.model.value ?? $parameter.model }}",
		description:
			'Message a language model of DigitalOcean Gradient serverless inference: texts, many items at once, tools, structured output',
		defaults: { name: 'DigitalOcean Gradient' },
		usableAsTool: true,
		inputs: INPUTS,
		outputs: OUTPUTS,
		credentials: [
			{ name: 'gradientApi', required: true },
			{
				name: 'gradientMcpServerApi',
				required: true,
				displayOptions: {
					show: { resource: ['response'], 'options.mcpServerCredential': [true] },
				},
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'response',
				options: [
					{ name: 'Response', value: 'response' },
					{ name: 'Model', value: 'model' },
				],
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'create',
				displayOptions: { show: { resource: ['response'] } },
				options: [
					{
						name: 'Create',
						value: 'create',
						description: 'Let a model answer a prompt, messages or items',
						action: 'Message a model',
					},
				],
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'getMany',
				displayOptions: { show: { resource: ['model'] } },
				options: [
					{
						name: 'Get Many',
						value: 'getMany',
						description: 'List the models of the catalogue',
						action: 'List the models',
					},
				],
			},
			...shownFor('response', 'create', createFields),
			...shownFor('model', 'getMany', getManyFields),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions) {
		const { router } = await import('./router');
		return await router.call(this);
	}
}
