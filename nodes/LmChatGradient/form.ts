import type { INodeProperties, ISupplyDataFunctions } from 'n8n-workflow';

import type { FormWords } from '../shared/host/advice';
import type { ResponseRequest } from '../shared/client';
import type { Connection } from '../shared/host/connection';
import { invalidFields } from '../shared/host/errors';
import { modelField } from '../shared/form/model.fields';
import { optionFields, optionsField } from '../shared/form/options.fields';
import {
	type Options,
	type RequestOptions,
	readRequestOptions,
} from '../Gradient/response/parameters';
import { buildRequest } from '../Gradient/response/request';
import { requestOptionFields, requestOptionsField } from '../shared/form/requestOptions.fields';

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

const REQUEST_OPTIONS = ['delayBetweenRequests', 'maxRetries', 'timeout'];

const TIMEOUT_DESCRIPTION =
	'How long to wait for the whole answer to a request, or for the first piece of a streamed one, in milliseconds. 0: as long as it takes.';

/** This form has one request at a time, and the agent decides whether it streams. */
export const CHAT_MODEL_FORM: FormWords = {
	slowDown: "raise 'Delay Between Requests' or 'Max Retries'",
	stopStreaming: "turn off 'Enable Streaming' in the options of the agent",
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
	{ ...optionsField, options: pick(optionFields, OPTIONS) },
	{
		...requestOptionsField,
		options: pick(requestOptionFields, REQUEST_OPTIONS).map((field) =>
			field.name === 'timeout' ? { ...field, description: TIMEOUT_DESCRIPTION } : field,
		),
	},
];

/** What each request of the model has, whatever is asked. */
export interface Settings extends Pick<ResponseRequest, 'model' | 'tools' | 'tool_choice'> {
	[field: string]: unknown;
}

/** @throws NodeOperationError naming the fields */
export function readSettings(
	context: ISupplyDataFunctions,
	item: number,
	findViolations: Connection['findViolations'],
): Settings {
	const parameters = {
		model: context.getNodeParameter('model', item, '', { extractValue: true }) as unknown,
		options: context.getNodeParameter('options', item, {}) as Options,
		// in the place of the messages, which are not known yet
		inputType: 'text' as const,
		prompt: 'Hello',
		instructions: '',
		tools: [],
		simplify: true,
		separateToolCalls: false,
	};
	const requestContext = { findViolations, isListenedTo: false, tools: [] };
	const { request, problems } = buildRequest(parameters, [], requestContext);
	if (problems.length > 0) throw invalidFields(context.getNode(), problems);
	return request;
}

/** @throws NodeOperationError naming the field */
export const readLimits = (context: ISupplyDataFunctions, item: number): RequestOptions =>
	readRequestOptions(context, item);
