import type { INodeProperties } from 'n8n-workflow';

import { modelField } from '../shared/form/model.fields';
import { optionFields, optionsField } from '../shared/form/options.fields';
import { requestOptionFields, requestOptionsField } from '../shared/form/requestOptions.fields';

/** What n8n or the tools decide for a chat model is not in its form: stream, tool choice, the input. */
const OPTIONS = [
	'additionalFields',
	'maxOutputTokens',
	'metadata',
	'parallelToolCalls',
	'promptCacheKey',
	'promptCacheRetention',
	'reasoningBudget',
	'reasoningEffort',
	'reasoningSummary',
	'sessionId',
	'stop',
	'temperature',
	'topP',
	'user',
];

/** Not of the request: what becomes of the pictures in the results of tools. */
const toolPicturesField: INodeProperties = {
	displayName: 'Send Pictures of Tools',
	name: 'sendToolPictures',
	type: 'boolean',
	default: false,
	description:
		'Whether the model gets the pictures in the results of tools. Only for models that take pictures. Otherwise it is told their type and size.',
};

const byLabel = (one: INodeProperties, other: INodeProperties) =>
	one.displayName.localeCompare(other.displayName);

const REQUEST_OPTIONS = ['delayBetweenRequests', 'maxRetries', 'timeout'];

const TIMEOUT_DESCRIPTION =
	'How long to wait for the whole answer to a request, or for the first piece of a streamed one, in milliseconds. 0: as long as it takes.';

const pick = (fields: INodeProperties[], names: string[]) =>
	fields.filter(({ name }) => names.includes(name));

/** Looks and links as those of n8n's own chat models; a click opens the list of AI nodes. */
const connectionHint: INodeProperties = {
	displayName:
		"This node gives its model to another one. Connect it to an AI Agent or a chain. <a data-action='openSelectiveNodeCreator' data-action-parameter-creatorview='AI'>Insert one</a>",
	name: 'notice',
	type: 'notice',
	default: '',
	typeOptions: { containerClass: 'ndv-connection-hint-notice' },
};

export const properties: INodeProperties[] = [
	connectionHint,
	modelField,
	{
		...optionsField,
		options: [...pick(optionFields, OPTIONS), toolPicturesField].sort(byLabel),
	},
	{
		...requestOptionsField,
		options: pick(requestOptionFields, REQUEST_OPTIONS).map((field) =>
			field.name === 'timeout' ? { ...field, description: TIMEOUT_DESCRIPTION } : field,
		),
	},
];
