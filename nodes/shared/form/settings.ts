import type { Violation } from '../client';
import type { JsonObject } from '../client/json';
import { inWords, labelOf, labelsOf, requestKey } from './labels';
import { type Options, buildOptions } from './options';
import { optionFields } from './options.fields';
import { REASONING_KEYS } from './reasoning';
import { type Report, asJsonObject, asText, isUnset } from './values';

/** What each request of a node has, whatever is asked. */
export interface Settings {
	model: string;
	[field: string]: unknown;
}

interface BuiltSettings {
	/** Of 'Model' and 'Options'. Only what the user set. */
	fields: Settings;
	/** Of 'Additional Fields (JSON)': they go over all others, and nobody checks them. */
	additional: JsonObject;
}

/**
 * The fields of a request that both nodes have.
 * @param report is told what cannot be built; what the API forbids, `problemsOf` says
 */
export function buildSettings(
	{ model, options }: { model: unknown; options: Options },
	report: Report,
): BuiltSettings {
	const { additionalFields } = options;
	return {
		fields: { model: asText(model).trim(), ...buildOptions(options, report) },
		additional: isUnset(additionalFields)
			? {}
			: (asJsonObject(additionalFields, "'Additional Fields (JSON)'", report) ?? {}),
	};
}

/**
 * What is wrong with a request, in the words of the form; not where 'Additional Fields (JSON)' decides.
 * @param placeOf names a place; default: those of the settings
 */
export const problemsOf = (
	violations: Violation[],
	additional: JsonObject,
	placeOf: (path: Violation['path']) => string = placeOfSetting,
): string[] =>
	violations
		.filter(({ path: [key] }) => !Object.hasOwn(additional, key))
		.map(({ path, message }) => `${placeOf(path)} ${message}`);

const LABELS: Record<string, string> = { model: 'Model', ...labelsOf(optionFields) };

const INNER_LABELS = new Map<string | number, Record<string, string>>([
	['tool_choice', { name: 'Function Name' }],
]);

/** What stands in the form beside the other options, and in the request one level deeper. */
const DEEPER = new Map<string, string>(
	Object.entries(REASONING_KEYS).map(([name, key]) => [`reasoning.${key}`, name]),
);

/** `'Tool Choice' 'Function Name'` */
export function placeOfSetting([key, ...rest]: Violation['path']): string {
	const deeper = DEEPER.get(`${key}.${rest[0]}`);
	if (deeper) return `'${labelOf(requestKey(deeper), LABELS)}'`;
	return [`'${labelOf(key, LABELS)}'`, ...inWords(rest, INNER_LABELS.get(key))].join(' ');
}
