import type { IExecuteFunctions } from 'n8n-workflow';

import type { JsonObject } from '../../shared/client/json';
import type { Options } from '../../shared/form/options';
import { readParameter } from '../../shared/host/readParameter';
import { isFirstVersion } from '../version';
import { readPrompt } from './prompt';
import type { FormSchema, ParameterRow } from './formSchema';

export type InputType = 'text' | 'messages' | 'items' | 'json';

/**
 * What incoming items are taken for: texts, whoever wrote them; answers to the calls of a Tool Calls output; or
 * input items of the workflow's own making, which have roles and may be calls, their outputs and a conversation.
 */
export type ItemsAre = 'userMessages' | 'answers' | 'inputItems';

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

/** What a row of 'Functions and Server Tools' has that is no function. */
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
	strict?: unknown;
	parametersMode?: 'fields' | 'example' | 'schema' | 'none';
	parameters?: { parameter?: ParameterRow[] };
	parametersExample?: unknown;
	parametersSchema?: unknown;
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
	/** Left out: text. */
	outputFormat?: 'text' | 'json' | 'schema';
	/** Where the format has one. */
	outputSchema?: FormSchema;
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
	const outputFormat = read<CreateParameters['outputFormat']>('outputFormat', 'text');
	return {
		model: readParameter(context, 'model', item, '', { extractValue: true }),
		inputType,
		...(inputType === 'text' && { prompt: readPrompt(context, item) }),
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
		outputFormat,
		...(outputFormat === 'schema' && { outputSchema: readOutputSchema(read) }),
		tools: read<{ tool?: ToolRow[] }>('tools', {}).tool ?? [],
		options: read<Options>('options', {}),
		simplify: read('simplify', true),
		separateToolCalls: read('separateToolCalls', false),
	};
}

function readOutputSchema(read: <T>(name: string, fallback: T) => T): FormSchema {
	const mode = read<FormSchema['mode']>('outputSchemaMode', 'fields');
	if (mode === 'example') return { mode, example: read<unknown>('outputExample', '') };
	if (mode === 'schema') return { mode, schema: read<unknown>('outputSchema', '') };
	return { mode, rows: read<{ field?: ParameterRow[] }>('outputFields', {}).field ?? [] };
}

export const readInputType = (context: IExecuteFunctions) =>
	readParameter(context, 'inputType', 0, 'text') as InputType;

/** By the first item, for all. Version 1 of the node took all items for input items. */
export function readItemsAre(context: IExecuteFunctions): ItemsAre {
	if (isFirstVersion(context)) return 'inputItems';
	const chosen = readParameter(context, 'itemsAre', 0, 'userMessages');
	return chosen === 'inputItems' || chosen === 'answers' ? chosen : 'userMessages';
}
