import type { ResponseRequest, Violation } from '../../shared/client';
import { inWords, labelsOf } from '../../shared/form/labels';
import type { Options } from '../../shared/form/options';
import { buildSettings, placeOfSetting, problemsOf } from '../../shared/form/settings';
import { asScalar, asText } from '../../shared/form/values';
import type { ConnectedTool } from './connectedTools';
import type { IncomingItem } from './incomingItems';
import { type BuiltInput, buildInput } from './input';
import type { CreateParameters } from './parameters';
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
	const { fields, additional } = buildSettings(parameters, report);
	const fromForm = {
		...fields,
		input: built.input,
		...(instructions && { instructions }),
		...(tools.length > 0 && { tools }),
		...buildStream(parameters.options, isListenedTo),
	};
	// an input that could not be built, or none of whose entries, has its own words already
	const violations = findViolations(fromForm).filter(
		({ path }) => !(isInputReported && path.length === 1 && path[0] === 'input'),
	);
	problems.push(...problemsOf(violations, additional, (path) => placeOf(path, built)));
	return { request: { ...fromForm, ...additional } as ResponseRequest, problems };
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

const TOOL_LABELS = labelsOf(toolFields);

/** A place of the request in the words of the form: `'Tools' row 2 'Name'`. */
function placeOf(path: Violation['path'], built: BuiltInput): string {
	const [key, entry, ...rest] = path;
	if (key === 'tools') return ["'Tools'", ...inWords(path.slice(1), TOOL_LABELS)].join(' ');
	if (key !== 'input') return placeOfSetting(path);
	if (entry === undefined) return built.field;
	return [built.placeOf(Number(entry)), ...inWords(rest, built.labels)].join(' ');
}
