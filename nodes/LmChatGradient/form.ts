import type { INodeProperties, ISupplyDataFunctions } from 'n8n-workflow';

import type { JsonObject } from '../shared/client/json';
import { modelField } from '../shared/form/model.fields';
import type { Options } from '../shared/form/options';
import { optionFields, optionsField } from '../shared/form/options.fields';
import { requestOptionFields, requestOptionsField } from '../shared/form/requestOptions.fields';
import { type Settings, buildSettings, problemsOf } from '../shared/form/settings';
import type { FormWords } from '../shared/host/advice';
import type { Connection } from '../shared/host/connection';
import { invalidFields } from '../shared/host/errors';

/** What n8n or the tools decide for a chat model is not in its form: stream, tool choice, the input. */
const OPTIONS = [
	'additionalFields',
	'maxOutputTokens',
	'metadata',
	'parallelToolCalls',
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

/** This form has one request at a time, and the agent decides whether it streams. */
export const CHAT_MODEL_FORM: FormWords = {
	slowDown: "raise 'Delay Between Requests'",
	stopStreaming: "turn off 'Enable Streaming' in the options of the agent",
	startStreaming: "turn on 'Enable Streaming' in the options of the agent",
};

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

/** @throws NodeOperationError naming the fields */
export function readSettings(
	context: ISupplyDataFunctions,
	item: number,
	findViolations: Connection['findViolations'],
): ModelSettings {
	const parameters = {
		model: context.getNodeParameter('model', item, '', { extractValue: true }) as unknown,
		options: context.getNodeParameter('options', item, {}) as Options,
	};
	const problems: string[] = [];
	const { fields, additional } = buildSettings(parameters, (problem) => problems.push(problem));
	// the messages are not known yet
	const violations = findViolations(fields).filter(({ path }) => path[0] !== 'input');
	problems.push(...problemsOf(violations, additional));
	if (problems.length > 0) throw invalidFields(context.getNode(), problems);
	return { fields, additional, arePicturesSent: parameters.options.sendToolPictures === true };
}

export interface ModelSettings {
	fields: Settings;
	/** Of 'Additional Fields (JSON)': they are sent as they are, and go over all others. */
	additional: JsonObject;
	/** Those in the results of tools. */
	arePicturesSent: boolean;
}
