import type { INodeProperties } from 'n8n-workflow';

import { modelField } from '../shared/form/model.fields';
import { inOrder } from '../shared/form/optionOrder';
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

/** Not of the request as it stands: how it is asked for depends on the server. */
const responseFormatField: INodeProperties = {
	displayName: 'Response Format',
	name: 'responseFormat',
	type: 'options',
	default: 'json',
	description:
		'What the answers are. With JSON, the connected node gets a JSON object and nothing else, no thoughts, no Markdown fence. An agent with an Output Parser asks for JSON itself.',
	options: [
		{ name: 'JSON', value: 'json' },
		{ name: 'Text', value: 'text' },
	],
};

const REQUEST_OPTIONS = ['delayBetweenRequests', 'maxRepairs', 'maxRetries', 'timeout'];

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
		options: inOrder([...pick(optionFields, OPTIONS), toolPicturesField, responseFormatField]),
	},
	{
		...requestOptionsField,
		options: pick(requestOptionFields, REQUEST_OPTIONS).map((field) =>
			field.name === 'timeout' ? { ...field, description: TIMEOUT_DESCRIPTION } : field,
		),
	},
];
