import type { INodeProperties } from 'n8n-workflow';

export const modelField: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The model that answers. The list is the whole catalogue of DigitalOcean, text models first: your account may not have access to each of them, and not each can answer text. A router (router:…) chooses a model for each request.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a model...',
			hint: 'Not listed? Choose By ID',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. openai-gpt-oss-120b',
		},
	],
};
