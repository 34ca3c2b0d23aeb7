import type { INodeProperties } from 'n8n-workflow';

import type { ResponseRequest, Violation } from '../../shared/client';
import { type JsonObject, isObject } from '../../shared/client/json';
import { inWords, labelsOf } from '../../shared/form/labels';
import type { Options } from '../../shared/form/options';
import { buildSettings, placeOfSetting, problemsOf } from '../../shared/form/settings';
import { asScalar, asText } from '../../shared/form/values';
import type { IncomingItem } from './incomingItems';
import { type BuiltInput, buildInput } from './input';
import type { McpServer } from './mcpServer';
import type { CreateParameters } from './parameters';
import { emptyDataUrls } from './pictures';
import type { ConnectedTool } from './toolbox';
import { buildTools } from './tools';
import { toolFields } from './tools.fields';

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
	tools: readonly ConnectedTool[];
	/** Of the credential, where one is chosen. */
	mcpServer?: McpServer;
}

/**
 * Builds the request that the form describes. Only what the user set is in it.
 * @param items the n8n items of this request: one, or all for Incoming Items
 */
export function buildRequest(
	parameters: CreateParameters,
	items: IncomingItem[],
	{ findViolations, isListenedTo, tools: connected, mcpServer }: RequestContext,
): BuiltRequest {
	const problems: string[] = [];
	const report = (problem: string) => problems.push(problem);
	const built = buildInput(parameters, items, report);
	const isInputReported = problems.length > 0;
	const instructions = asText(parameters.instructions);
	const ownTools = buildTools(parameters.tools, report, mcpServer);
	const tools = [...ownTools, ...connected.map(({ definition }) => definition)];
	for (const { definition } of connected) {
		if (ownTools.some(({ name }) => name === definition.name)) {
			report(
				`'Functions and Server Tools' has a function '${definition.name}', and a connected tool has the same name`,
			);
		}
	}
	const { fields, additional } = buildSettings(parameters, report);
	const fromForm = {
		...fields,
		...chosenFunction(fields.tool_choice, ownTools, connected),
		...(instructions && { instructions }),
		...(tools.length > 0 && { tools }),
		...buildStream(parameters.options, isListenedTo),
		input: built.input,
	};
	// an input that could not be built, or none of whose entries, has its own words already
	const violations = findViolations(fromForm).filter(
		({ path }) => !(isInputReported && path.length === 1 && path[0] === 'input'),
	);
	problems.push(...problemsOf(violations, additional, (path) => placeOf(path, built)));
	for (const { entry, part, key } of emptyDataUrls(built.input)) {
		const place = placeOf(['input', entry, 'content', part, key], built);
		problems.push(`${place} is a data URL with nothing in it: give it a file, or leave it out`);
	}
	const { input, ...rest } = {
		...fromForm,
		...additional,
		...joinedTools(tools, additional.tools),
	};
	// what is the same for all items first: caches of the API and of gateways go by how requests begin
	return { request: { ...rest, input } as ResponseRequest, problems };
}

/**
 * The user knows a connected tool by its own name, the model by the legal one; and of a single function nobody needs
 * the name.
 */
function chosenFunction(
	choice: unknown,
	ownTools: JsonObject[],
	connected: readonly ConnectedTool[],
): JsonObject {
	if (!isObject(choice) || !isObject(choice.function)) return {};
	const { name: chosen } = choice.function;
	const names = [
		...ownTools.flatMap(({ type, name }) => (type === 'function' ? { name, legal: name } : [])),
		...connected.map(({ name, definition }) => ({ name, legal: definition.name })),
	];
	const only = chosen === '' && names.length === 1 ? names[0] : undefined;
	const meant = only ?? names.find(({ name, legal }) => name === chosen && legal !== name);
	return meant ? { tool_choice: { ...choice, function: { name: meant.legal } } } : {};
}

/**
 * The tools of 'Additional Fields (JSON)' beside the others, which would vanish without a word; over one of the same
 * name. What is no list goes over all others, as each additional field does.
 */
function joinedTools(tools: JsonObject[], additional: unknown): { tools?: unknown[] } {
	if (tools.length === 0 || !Array.isArray(additional)) return {};
	const names = new Set(
		additional.map((tool: unknown) => (isObject(tool) ? tool.name : undefined)),
	);
	return { tools: [...tools.filter(({ name }) => !name || !names.has(name)), ...additional] };
}

/**
 * `stream`, and `stream_options`, which is only legal with `stream: true`.
 * @param isListenedTo whether the text is shown while it is written
 */
function buildStream({ stream = 'auto', includeUsage = true }: Options, isListenedTo: boolean) {
	if (stream === 'off') return { stream: false };
	if (stream === 'auto' && !isListenedTo) return {};
	return { stream: true, stream_options: { include_usage: asScalar(includeUsage) } };
}

/** Limits are one level deeper in the form, and a type is typed only where it is another one. */
const TOOL_LABELS = {
	...labelsOf([...toolFields, ...toolFields.flatMap(innerFields)]),
	type: 'Tool Type',
	model: 'Synthesis Model',
};

function innerFields({ type, options = [] }: INodeProperties): INodeProperties[] {
	return type === 'collection' ? (options as INodeProperties[]) : [];
}

/** A place of the request in the words of the form: `'Functions and Server Tools' row 2 'Name'`. */
function placeOf(path: Violation['path'], built: BuiltInput): string {
	const [key, entry, ...rest] = path;
	if (key === 'tools')
		return ["'Functions and Server Tools'", ...inWords(path.slice(1), TOOL_LABELS)].join(' ');
	if (key !== 'input') return placeOfSetting(path);
	if (entry === undefined) return built.field;
	return [built.placeOf(Number(entry)), ...inWords(rest, built.labels)].join(' ');
}
