import type { ResponseRequest, Violation } from '../../shared/client';
import type { ConnectedTool } from './connectedTools';
import type { IncomingItem } from './incomingItems';
import { type BuiltInput, buildInput } from './input';
import { labelsOf } from '../../shared/form/labels';
import { optionFields } from '../../shared/form/options.fields';
import { buildOptions, buildStream } from '../../shared/form/options';
import type { CreateParameters } from './parameters';
import { toolFields } from './tools.fields';
import { buildTools } from './tools';
import { asJsonObject, asText, isUnset } from '../../shared/form/values';

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
	const isInputReported = problems.length > 0;
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
		// an input that could not be built, or none of whose entries, has its own words already
		const isReported = path.length === 1 && key === 'input' && isInputReported;
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

const INNER_LABELS: Record<string, Record<string, string>> = {
	tools: labelsOf(toolFields),
	tool_choice: { name: 'Function Name' },
};

/** A place of the request in the words of the form: `'Tools' row 2 'Name'`. */
function placeOf([key, ...rest]: Violation['path'], built: BuiltInput): string {
	if (key === 'input') {
		if (rest.length === 0) return built.field;
		return [built.placeOf(Number(rest[0])), ...inWords(rest.slice(1), built.labels)].join(' ');
	}
	return [`'${LABELS[key] ?? key}'`, ...inWords(rest, INNER_LABELS[key] ?? {})].join(' ');
}

const inWords = (path: Violation['path'], labels: Record<string, string>) =>
	path
		// the level that tool calls have in the API, but not in the form
		.filter((key) => key !== 'function')
		.map((key) => (typeof key === 'number' ? `row ${key + 1}` : `'${labels[key] ?? key}'`));
