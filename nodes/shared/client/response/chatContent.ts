import { type JsonObject, isObject } from '../json';

/** What a message of chat completions says, or a piece of one. */
export interface ChatContent {
	text: string;
	refusal: string;
	reasoning: string;
	/** Parts of other kinds, as they came. */
	others: JsonObject[];
}

/** A message, or the delta of one. */
interface ChatMessage {
	content?: unknown;
	refusal?: unknown;
	reasoning_content?: unknown;
	reasoning?: unknown;
}

/**
 * Content is a text or a list of parts. What was thought stands beside it, by vLLM's older name
 * (`reasoning_content`), its newer one (`reasoning`) or, in between, both; or in parts of its own, as
 * Mistral's models have it (`{type: 'thinking', thinking: [{type: 'text', text}]}`).
 */
export function readChatContent(message: ChatMessage): ChatContent {
	const { content } = message;
	const said: ChatContent = { text: asText(content), refusal: '', reasoning: '', others: [] };
	for (const part of Array.isArray(content) ? (content as unknown[]) : []) {
		if (typeof part === 'string') said.text += part;
		if (isObject(part)) addPart(said, part);
	}
	said.refusal ||= asText(message.refusal);
	const reasoning = asText(message.reasoning_content) || asText(message.reasoning);
	return { ...said, reasoning: reasoning || said.reasoning };
}

function addPart(said: ChatContent, part: JsonObject) {
	switch (part.type) {
		case '':
		case undefined:
		case null:
		case 'text':
		case 'output_text':
			said.text += asText(part.text);
			break;
		case 'refusal':
			said.refusal += asText(part.refusal) || asText(part.text);
			break;
		case 'thinking':
		case 'reasoning':
		case 'reasoning_text':
			said.reasoning += thoughtOf(part);
			break;
		default:
			said.others.push(part);
	}
}

function thoughtOf({ thinking, reasoning, text }: JsonObject): string {
	const parts = [thinking, reasoning, text].find(Boolean);
	if (!Array.isArray(parts)) return asText(parts);
	return parts.map((part: unknown) => (isObject(part) ? asText(part.text) : asText(part))).join('');
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');
