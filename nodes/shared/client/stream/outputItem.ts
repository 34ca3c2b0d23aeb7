import { type JsonObject, isObject } from '../json';

/** What an item of the output is: DigitalOcean's own samples have items without a type, whose parts tell. */
export function kindOf({ type, content, name }: JsonObject): string | undefined {
	if (typeof type === 'string' && type) return type;
	if (name) return 'function_call';
	const parts = partsOf(content);
	if (parts.length === 0) return undefined;
	return parts.some((part) => part.type === 'reasoning_text') ? 'reasoning' : 'message';
}

/** All that its parts say. */
export const textOf = ({ content }: JsonObject): string =>
	partsOf(content)
		.map(({ text, refusal }) => `${asText(text)}${asText(refusal)}`)
		.join('');

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

export const partsOf = (content: unknown): JsonObject[] =>
	Array.isArray(content) ? content.filter(isObject) : [];

/** The list, if a part of it holds any text. */
export const filled = (content: unknown): unknown[] | undefined =>
	partsOf(content).some((part) => part.text || part.refusal) ? (content as unknown[]) : undefined;
