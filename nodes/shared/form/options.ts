import type { JsonObject } from '../client/json';
import { requestKey } from './labels';
import { optionFields } from './options.fields';
import { REASONING_KEYS, buildReasoning } from './reasoning';
import { type Report, asScalar, asText, isUnset } from './values';

/** What the user added to 'Options', by the names of the form. */
export interface Options {
	additionalFields?: unknown;
	metadata?: { entry?: Array<{ name: string; value: unknown }> };
	stop?: unknown;
	/** An object in version 1 of the node. */
	toolChoice?: string | { choice?: ToolChoice };
	toolChoiceFunction?: unknown;
	[plainField: string]: unknown;
}

interface ToolChoice {
	mode: string;
	functionName?: unknown;
}

/** Options that are not sent as they are, or not here. */
const SPECIAL = [
	'additionalFields',
	'includeUsage',
	'mcpServerCredential',
	'metadata',
	...Object.keys(REASONING_KEYS),
	'sendMessageType',
	'sessionId',
	'showJson',
	'stop',
	'stream',
	'structuredOutputBy',
	'toolChoice',
	'toolChoiceFunction',
];

/** The options whose value is the request's value. */
const plainFields = optionFields.filter(({ name }) => !SPECIAL.includes(name));

/** The fields of the request that the user added to 'Options'. */
export function buildOptions(options: Options, report: Report): JsonObject {
	const { metadata, stop } = options;
	const request: JsonObject = {};
	for (const { name, type } of plainFields) {
		const value = options[name];
		if (isUnset(value)) continue;
		request[requestKey(name)] =
			type === 'string' ? asText(value) : type === 'multiOptions' ? value : asScalar(value);
	}
	Object.assign(request, buildReasoning(options));
	const sequences = stopSequences(stop);
	if (sequences.length > 0) request.stop = sequences.length === 1 ? sequences[0] : sequences;
	if (metadata?.entry?.length) request.metadata = metadataOf(metadata.entry, report);
	const choice = readToolChoice(options);
	if (choice) request.tool_choice = toolChoiceOf(choice);
	return request;
}

/** One text, several, or what an expression gave for all of them. */
const stopSequences = (stop: unknown): string[] =>
	isUnset(stop) ? [] : (Array.isArray(stop) ? stop : [stop]).map(asText);

function metadataOf(entries: Array<{ name: string; value: unknown }>, report: Report) {
	const names = entries.map(({ name }) => name);
	names.forEach((name, index) => {
		if (name === '') report(`'Metadata' row ${index + 1} 'Name' is empty`);
		else if (names.indexOf(name) < index) report(`'Metadata' has '${name}' twice`);
	});
	return Object.fromEntries(entries.map(({ name, value }) => [name, asText(value)]));
}

function readToolChoice({ toolChoice, toolChoiceFunction }: Options): ToolChoice | undefined {
	if (typeof toolChoice === 'object') return toolChoice?.choice;
	return toolChoice ? { mode: toolChoice, functionName: toolChoiceFunction } : undefined;
}

function toolChoiceOf({ mode, functionName }: ToolChoice) {
	if (mode !== 'function') return mode;
	return { type: 'function', function: { name: asText(functionName).trim() } };
}
