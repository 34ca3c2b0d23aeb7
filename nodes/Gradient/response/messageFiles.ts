import { type JsonObject, isObject } from '../../shared/client/json';
import type { HistoryEntry } from '../../shared/client/response/historyItem';
import type { Outcome } from './incomingItems';

/** A message with files behind what it says. */
export function withAttachments(message: JsonObject, attachments: JsonObject[]): JsonObject {
	if (attachments.length === 0) return message;
	const { content } = message;
	const said = Array.isArray(content) ? (content as unknown[]) : textPart(content);
	return { ...message, content: [...said, ...attachments] };
}

const textPart = (text: unknown) =>
	typeof text === 'string' && text.trim() !== '' ? [{ type: 'input_text', text }] : [];

/** An item that says nothing, and shows something. */
export const fromFiles = (attachments: JsonObject[], otherwise: Outcome): Outcome =>
	attachments.length > 0 ? { inputItem: { role: 'user', content: '' } } : otherwise;

/**
 * Messages with files at the last one of the user; behind all, where that is part of an earlier conversation, which
 * stays as it was. What the conversation holds already is not sent twice.
 * @param isTyped whether a message of its own has its type
 */
export function attachTo<E extends HistoryEntry & { place: string }>(
	entries: E[],
	attachments: JsonObject[],
	isTyped: boolean,
): Array<E | (HistoryEntry & { place: string })> {
	const known = new Set(entries.flatMap(({ item }) => partsOf(item).map(dataOf)));
	const fresh = attachments.filter((part) => !known.has(dataOf(part)));
	if (fresh.length === 0) return entries;
	const last = entries.findLastIndex(({ item }) => isObject(item) && item.role === 'user');
	if (entries[last]?.isOwn) {
		return entries.map((entry, index) =>
			index === last ? { ...entry, item: withAttachments(entry.item as JsonObject, fresh) } : entry,
		);
	}
	const own = { ...(isTyped && { type: 'message' }), role: 'user', content: fresh };
	return [...entries, { item: own, place: "'Attachments'", isOwn: true }];
}

const partsOf = (item: unknown): JsonObject[] =>
	isObject(item) && Array.isArray(item.content) ? item.content.filter(isObject) : [];

const dataOf = ({ image_url: picture, file_data: file }: JsonObject) => picture ?? file;
