import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';

import { ChunkSender } from '../chunkSender';
import { invalidFields } from '../errors';
import type { Connection } from '../connection';
import type { Unit } from '../operation';
import { inputFields } from './input.fields';
import { modelField } from './model.fields';
import { optionsField } from './options.fields';
import { describeShortcoming, toOutputJson } from './output';
import { outputFields } from './output.fields';
import { readInputType, readParameters, readRequestOptions } from './parameters';
import { buildRequest } from './request';
import { requestOptionsField } from './requestOptions.fields';
import { toolsField } from './tools.fields';

export const properties: INodeProperties[] = [
	modelField,
	...inputFields,
	toolsField,
	...outputFields,
	optionsField,
	requestOptionsField,
];

/** One request for each item, or one for all of them. */
export function groupItems(context: IExecuteFunctions, count: number): number[][] {
	const indexes = Array.from({ length: count }, (_, index) => index);
	return readInputType(context) === 'items' ? [indexes] : indexes.map((index) => [index]);
}

/** How the units of one execution share the API: by the first item's form. */
export const readLimits = (context: IExecuteFunctions) => readRequestOptions(context, 0);

/**
 * Creates one response for a unit of items. The form is read for the first of them.
 * @throws NodeOperationError if the form cannot be sent; GradientApiError
 */
export async function execute(
	this: IExecuteFunctions,
	{ items, chat, hint }: Unit,
	{ client, findViolations, signal }: Connection,
): Promise<IDataObject[]> {
	const [first] = items;
	const parameters = readParameters(this, first);
	const { timeout, maxRetries } = readRequestOptions(this, first);
	const incoming = this.getInputData();
	const isListenedTo = ChunkSender.isListenedTo(this);
	const { request, problems } = buildRequest(
		parameters,
		items.map((index) => incoming[index]),
		{ findViolations, isListenedTo },
	);
	if (problems.length > 0) throw invalidFields(this.getNode(), problems);

	const isLive = isListenedTo && request.stream === true;
	if (isLive) chat.begin();
	const onText = isLive ? chat.say : undefined;
	const response = await client.createResponse(request, { timeout, maxRetries, signal, onText });
	const { input_tokens, output_tokens } = response.usage;
	// from n8n-workflow 2.16
	workflow.accumulateTokenUsage?.(this, input_tokens ?? 0, output_tokens ?? 0);
	const shortcoming = describeShortcoming(response);
	if (shortcoming) hint(shortcoming);
	return [toOutputJson(response, request, parameters.simplify)];
}
