import type { ResponseRequest, Violation } from '../client';
import type { JsonObject } from '../client/json';
import type { ConnectedTool } from './connectedTools';
import type { IncomingItem } from './incomingItems';
import { type BuiltInput, buildInput } from './input';
import { labelsOf, requestKey } from './labels';
import { optionFields } from './options.fields';
import type { CreateParameters, Options } from './parameters';
import { toolFields } from './tools.fields';
import { buildTools } from './tools';
import { type Report, asJsonObject, asScalar, asText, isUnset } from './values';

export interface BuiltRequest {
	request: ResponseRequest;
	/** What the user must mend before anything is sent, in the words of the form. */
	problems: string[];
}

export interface RequestContext {
	/** The client's check against the API reference. */
	findViolations(request: unknown): Violation[];
	/** Whether the text is shown while it is written. */
	isListenedTo: boolean;
	/** Plugged into the node. */
	tools: ConnectedTool[];
}

/**
 * Builds the request that the form describes. Only what the user set is in it.
 * @param items the n8n items of this request: one, or all for Incoming Items
 */
export function buildRequest(
	parameters: CreateParameters,
	items: IncomingItem[],
	{ findViolations, isListenedTo, tools: connected }: RequestContext,
): BuiltRequest {
	const problems: string[] = [];
	const report = (problem: string) => problems.push(problem);
	const built = buildInput(parameters, items, report);
	const instructions = asText(parameters.instructions);
	const ownTools = buildTools(parameters.tools, report);
	const tools = [...ownTools, ...connected.map(({ definition }) => definition)];
	for (const { definition } of connected) {
		if (ownTools.some(({ name }) => name === definition.name)) {
			report(`'Tools' has a function '${definition.name}', and a connected tool has the same name`);
		}
	}
	const fromForm = {
		model: asText(parameters.model).trim(),
		input: built.input,
		...(instructions && { instructions }),
		...(tools.length > 0 && { tools }),
		...buildOptions(parameters.options, report),
		...buildStream(parameters.options, isListenedTo),
	};
	const { additionalFields } = parameters.options;
	const additional = isUnset(additionalFields)
		? {}
		: (asJsonObject(additionalFields, "'Additional Fields (JSON)'", report) ?? {});

	for (const { path, message } of findViolations(fromForm)) {
		const [key] = path;
		const isReported = key === 'input' && built.input === undefined;
		if (!isReported && !Object.hasOwn(additional, key)) {
			problems.push(`${placeOf(path, built)} ${message}`);
		}
	}
	return { request: { ...fromForm, ...additional } as ResponseRequest, problems };
}

const LABELS: Record<string, string> = {
	model: 'Model',
	tools: 'Tools',
	...labelsOf(optionFields),
};

/** A place of the request in the words of the form: `'Tools' row 2 'Name'`. */
function placeOf([key, ...rest]: Violation['path'], built: BuiltInput): string {
	if (key === 'input') {
		if (rest.length === 0) return built.field;
		return [built.placeOf(Number(rest[0])), ...inWords(rest.slice(1), built.labels)].join(' ');
	}
	const labels = key === 'tools' ? labelsOf(toolFields) : {};
	return [`'${LABELS[key] ?? key}'`, ...inWords(rest, labels)].join(' ');
}

const inWords = (path: Violation['path'], labels: Record<string, string>) =>
	path
		// the level that tool calls have in the API, but not in the form
		.filter((key) => key !== 'function')
		.map((key) => (typeof key === 'number' ? `row ${key + 1}` : `'${labels[key] ?? key}'`));

/** The options whose value is the request's value. */
const plainFields = optionFields.filter(
	({ name }) =>
		!['additionalFields', 'includeUsage', 'metadata', 'stop', 'stream', 'toolChoice'].includes(
			name,
		),
);

function buildOptions(options: Options, report: Report): JsonObject {
	const { metadata, stop, toolChoice } = options;
	const request: JsonObject = {};
	for (const { name, type } of plainFields) {
		const value = options[name];
		if (isUnset(value)) continue;
		request[requestKey(name)] =
			type === 'string' ? asText(value) : type === 'multiOptions' ? value : asScalar(value);
	}
	const sequences = stopSequences(stop);
	if (sequences.length > 0) request.stop = sequences.length === 1 ? sequences[0] : sequences;
	if (metadata?.entry?.length) request.metadata = metadataOf(metadata.entry, report);
	const choice = toolChoice?.choice;
	if (choice) request.tool_choice = toolChoiceOf(choice, report);
	return request;
}

/** `stream_options` is only legal with `stream: true`. */
function buildStream({ stream = 'auto', includeUsage = true }: Options, isListenedTo: boolean) {
	if (stream === 'off') return { stream: false };
	if (stream === 'auto' && !isListenedTo) return {};
	return { stream: true, stream_options: { include_usage: asScalar(includeUsage) } };
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

function toolChoiceOf(
	{ mode, functionName }: { mode: string; functionName?: unknown },
	report: Report,
) {
	if (mode !== 'function') return mode;
	const name = asText(functionName).trim();
	if (name === '') report("'Tool Choice' 'Function Name' is empty");
	return { type: 'function', function: { name } };
}
