import {
	type INodeType,
	type INodeTypeDescription,
	type ISupplyDataFunctions,
	NodeConnectionTypes,
	type SupplyData,
} from 'n8n-workflow';

import { listSearch } from '../shared/form/listSearch';
import { properties } from './form';

export class LmChatGradient implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DigitalOcean Gradient Chat Model',
		name: 'lmChatGradient',
		icon: { light: 'file:../Gradient/gradient.svg', dark: 'file:../Gradient/gradient.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter.model.value ?? $parameter.model }}',
		description: 'Give the models of DigitalOcean Gradient to an AI Agent or a chain',
		defaults: { name: 'DigitalOcean Gradient Chat Model' },
		inputs: [],
		outputs: [NodeConnectionTypes.AiLanguageModel],
		outputNames: ['Model'],
		credentials: [{ name: 'gradientApi', required: true }],
		properties,
	};

	methods = { listSearch };

	async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
		const { supplyChatModel } = await import('./supplyChatModel');
		return await supplyChatModel(this, itemIndex);
	}
}
