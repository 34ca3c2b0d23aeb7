import { type JsonObject, isObject, withoutEmpty } from '../json';
import type { InputItem, ResponseRequest } from '../schema/request';

/** The input as a list of its own: a text is a message of the user. */
export const inputItems = (input: ResponseRequest['input']): InputItem[] =>
	typeof input === 'string' ? [{ role: 'user', content: input }] : [...input];

/**
 * An item of an earlier conversation, fit to be sent again: without null keys and empty ids, which vLLM
 * refuses; an assistant's `output_text` parts as plain text, which it wants; undefined where it is
 * reasoning without content. Anything wrong beyond that stays, for the check to name.
 */
export function cleanInputItem(item: JsonObject): JsonObject | undefined {
	const cleaned = withoutEmpty(item);
	if (cleaned.type === 'reasoning') {
		const hasContent = [cleaned.content, cleaned.summary].some(
			(list) => Array.isArray(list) && list.length > 0,
		);
		return hasContent || cleaned.encrypted_content ? cleaned : undefined;
	}
	if (cleaned.role === 'assistant' && isOutputText(cleaned.content)) {
		const content = cleaned.content.map((part) => part.text).join('');
		return { ...cleaned, content };
	}
	return cleaned;
}

const isOutputText = (content: unknown): content is Array<{ text: string }> =>
	Array.isArray(content) &&
	content.every(
		(part) => isObject(part) && part.type === 'output_text' && typeof part.text === 'string',
	);
