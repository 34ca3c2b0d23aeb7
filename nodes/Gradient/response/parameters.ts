import type { IExecuteFunctions } from 'n8n-workflow';

import type { JsonObject } from '../../shared/client/json';
import type { Options } from '../../shared/form/options';
import { readParameter } from '../../shared/host/readParameter';

export type InputType = 'text' | 'messages' | 'items' | 'json';

/**
 * What incoming items are taken for: texts, whoever wrote them, or input items of the workflow's own
 * making, which have roles and may be calls, their outputs and a conversation.
 */
export type ItemsAre = 'userMessages' | 'inputItems';

/** A row of 'Messages'. Fields that the row's type does not show are absent. */
export interface MessageRow {
	type: 'message' | 'function_call' | 'function_call_output' | 'reasoning' | 'conversation';
	role?: string;
	contentType?: 'text' | 'parts' | 'json';
	content?: unknown;
	parts?: { part?: PartRow[] };
	partsJson?: unknown;
	toolCallId?: unknown;
	toolCalls?: { toolCall?: Array<{ id?: unknown; name?: unknown; arguments?: unknown }> };
	callId?: unknown;
	name?: unknown;
	arguments?: unknown;
	output?: unknown;
	reasoningText?: unknown[];
	moreFields?: {
		id?: unknown;
		status?: unknown;
		encryptedContent?: unknown;
		summary?: unknown[];
	};
	conversation?: unknown;
}

export interface PartRow {
	partType: 'input_text' | 'other';
	text?: unknown;
	fields?: { field?: Array<{ name: string; value: unknown }> };
}

/** What a row of 'Tools' has that is no function. */
export interface ServerToolRow {
	type: string;
	knowledgeBaseId?: unknown;
	serverLabel?: unknown;
	serverUrl?: unknown;
	allowedTools?: unknown;
	synthesisMode?: 'preset' | 'models';
	preset?: unknown;
	synthesisModel?: unknown;
	analysisModels?: unknown;
	synthesisLimits?: JsonObject;
	fetchLimits?: JsonObject;
	searchLimits?: JsonObject;
	otherType?: unknown;
	otherFields?: unknown;
	deferLoading?: unknown;
}

export interface ToolRow extends ServerToolRow {
	name?: unknown;
	description?: unknown;
	parametersMode?: 'fields' | 'example' | 'schema' | 'none';
	parameters?: { parameter?: ParameterRow[] };
	parametersExample?: unknown;
	parametersSchema?: unknown;
}

export interface ParameterRow {
	name: string;
	type: string;
	description?: string;
	allowedValues?: string;
	required?: boolean;
}

export interface CreateParameters {
	model: unknown;
	inputType: InputType;
	prompt?: unknown;
	messages?: MessageRow[];
	itemsAre?: ItemsAre;
	contentField?: string;
	roleField?: string;
	inputJson?: unknown;
	attachments?: unknown;
	instructions: unknown;
	tools: ToolRow[];
	options: Options;
	simplify: boolean;
	separateToolCalls: boolean;
}

/**
 * Reads the form for one item, whole collections at a time: each read resolves expressions.
 * Values are what expressions gave, so of any type: the readers of each field decide.
 */
export function readParameters(context: IExecuteFunctions, item: number): CreateParameters {
	const read = <T>(name: string, fallback: T) => readParameter(context, name, item, fallback) as T;
	const inputType = read<InputType>('inputType', 'text');
	return {
		model: readParameter(context, 'model', item, '', { extractValue: true }),
		inputType,
		...(inputType === 'text' && { prompt: read<unknown>('prompt', '') }),
		...(inputType === 'messages' && {
			messages: read<{ message?: MessageRow[] }>('messages', {}).message ?? [],
		}),
		...(inputType === 'items' && {
			itemsAre: readItemsAre(context),
			contentField: read('contentField', ''),
			roleField: read('roleField', ''),
		}),
		...(inputType === 'json'
			? { inputJson: read<unknown>('inputJson', '') }
			: { attachments: read<unknown>('attachments', '') }),
		instructions: read<unknown>('instructions', ''),
		tools: read<{ tool?: ToolRow[] }>('tools', {}).tool ?? [],
		options: read<Options>('options', {}),
		simplify: read('simplify', true),
		separateToolCalls: read('separateToolCalls', false),
	};
}

export const readInputType = (context: IExecuteFunctions) =>
	context.getNodeParameter('inputType', 0, 'text') as InputType;

/** By the first item, for all. Version 1 of the node took all items for input items. */
export function readItemsAre(context: IExecuteFunctions): ItemsAre {
	if (context.getNode().typeVersion < 1.1) return 'inputItems';
	const chosen = readParameter(context, 'itemsAre', 0, 'userMessages');
	return chosen === 'inputItems' ? 'inputItems' : 'userMessages';
}
