import type { INodeProperties } from 'n8n-workflow';

/** What people look for first. */
const FIRST = [
	'temperature',
	'maxOutputTokens',
	'reasoningEffort',
	'stop',
	'toolChoice',
	'toolChoiceFunction',
	'topP',
];

/** What hardly anybody needs. */
const LAST = ['modalities', 'maxTokens', 'includeUsage'];

/** The fields of 'Options' as the editor offers them: the most wanted first, the others by their labels. */
export function inOrder(fields: INodeProperties[]): INodeProperties[] {
	const named = (names: string[]) =>
		names.flatMap((name) => fields.filter((field) => field.name === name));
	const others = fields.filter(({ name }) => !FIRST.includes(name) && !LAST.includes(name));
	const byLabel = others.sort((one, other) => one.displayName.localeCompare(other.displayName));
	return [...named(FIRST), ...byLabel, ...named(LAST)];
}
