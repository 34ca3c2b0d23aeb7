import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { omit } from '../../shared/client/json';
import { asText } from '../../shared/form/values';
import { readParameter } from '../../shared/host/readParameter';
import type { OutputItem } from '../operation';
import { isFirstVersion } from '../version';

/** What 'Include' offers. */
type Included = 'binary' | 'conversation' | 'inputFields';

/** Those of 'Options' that are no part of a request, but say what an output item holds. */
export interface Placement {
	includes: Record<Included, boolean>;
	/** Where in the item the answer stands; '': at the top. */
	field: string;
}

export function readPlacement(context: IExecuteFunctions, item: number): Placement {
	const options = readParameter(context, 'options', item, {}) as IDataObject;
	const { includeInOutput: include, outputField } = isFirstVersion(context) ? {} : options;
	// an expression may give one name, or several with commas
	const names = (Array.isArray(include) ? include : asText(include).split(',')).map(asText);
	const has = (name: Included) => names.some((one) => one.trim() === name);
	return {
		includes: {
			binary: has('binary'),
			conversation: has('conversation'),
			inputFields: has('inputFields'),
		},
		field: asText(outputField).trim(),
	};
}

/** What the output items of some incoming items keep of them: of several, it is the first. */
export function keptOf(
	context: IExecuteFunctions,
	[first]: number[],
	{ includes }: Placement,
): OutputItem {
	const { json = {}, binary } = context.getInputData()[first] ?? {};
	return {
		json: includes.inputFields ? json : {},
		...(includes.binary && binary && { binary }),
	};
}

/** What is said about a response, and not by it: a row of a table has an `id` and a `status` of its own. */
const YIELDING = ['id', 'model', 'status', 'created', 'created_at', 'finish_reason', 'object'];

/** @param hint is told which fields of the item the answer has replaced */
export function placeAnswer(
	answer: IDataObject,
	kept: OutputItem,
	{ field }: Placement,
	hint: (message: string) => void,
): OutputItem {
	if (field !== '') return { ...kept, json: { ...kept.json, [field]: answer } };
	const taken = Object.keys(answer).filter((key) => Object.hasOwn(kept.json, key));
	if (taken.length === 0) return { ...kept, json: { ...kept.json, ...answer } };
	const replaced = taken.filter((key) => !YIELDING.includes(key));
	if (replaced.length > 0) {
		const names = replaced.map((key) => `'${key}'`).join(', ');
		hint(
			`The answer has replaced ${names} of the incoming item. To keep both, add 'Put Output in Field' in 'Options'`,
		);
	}
	const yielding = taken.filter((key) => YIELDING.includes(key));
	return { ...kept, json: { ...kept.json, ...omit(answer, yielding) } as IDataObject };
}

/** A call keeps its own fields, by which its answer finds back. */
export const placeCall = (call: IDataObject, kept: OutputItem): OutputItem => ({
	...kept,
	json: { ...kept.json, ...call },
});
