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
	// not by localeCompare: n8n would wait at its start until Node has loaded a language's order
	const labelOf = ({ displayName }: INodeProperties) => displayName.toLowerCase();
	const byLabel = others.sort((one, other) => (labelOf(one) < labelOf(other) ? -1 : 1));
	return [...named(FIRST), ...byLabel, ...named(LAST)];
}
