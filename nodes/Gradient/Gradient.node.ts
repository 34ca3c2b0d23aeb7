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

/** Connected tools are for responses only. The tool that n8n makes of this node has no port anyway. */
const INPUTS =
	"={{ $parameter.resource === 'model' ? ['main'] : ['main', { type: 'ai_tool', displayName: 'Tools' }] }}";

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
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Create responses with the models of DigitalOcean Gradient serverless inference',
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
						action: 'Create response',
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
						action: 'Get many models',
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
