import type { INodeProperties } from 'n8n-workflow';

/** The API's name of a form field: `maxOutputTokens` is `max_output_tokens`. */
export const requestKey = (name: string) =>
	name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** What the form calls the fields, by their names in the API. */
export const labelsOf = (fields: INodeProperties[]): Record<string, string> =>
	Object.fromEntries(fields.map(({ name, displayName }) => [requestKey(name), displayName]));
