import type { INodeProperties } from 'n8n-workflow';

import type { Violation } from '../client';

/** The API's name of a form field: `maxOutputTokens` is `max_output_tokens`. */
export const requestKey = (name: string) =>
	name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** What the form calls the fields, by their names in the API. */
export const labelsOf = (fields: INodeProperties[]): Record<string, string> =>
	Object.fromEntries(fields.map(({ name, displayName }) => [requestKey(name), displayName]));

/** The steps of a path within a field: `row 2`, `'Name'`. */
export const inWords = (path: Violation['path'], labels: Record<string, string> = {}): string[] =>
	path
		// the level that tool calls have in the API, but not in the form
		.filter((key) => key !== 'function')
		.map((key) => (typeof key === 'number' ? `row ${key + 1}` : `'${labelOf(key, labels)}'`));

/** A key that has no label stands for itself, also one that each object has, such as `constructor`. */
export const labelOf = (key: string | number, labels: Record<string, string>): string =>
	Object.hasOwn(labels, key) ? labels[key] : String(key);
