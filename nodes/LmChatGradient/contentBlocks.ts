import { type JsonObject, isObject } from '../shared/client/json';

/** Those that the SDK (0.31) reads. */
const KNOWN = new Set([
	'text',
	'reasoning',
	'tool_call',
	'invalid_tool_call',
	'server_tool_call_result',
	'citation',
	'non_standard',
]);

const FILES = new Set(['file', 'audio', 'video']);

/**
 * The parts of a LangChain message as those that the SDK reads; it drops all others without a word.
 * @param isKnown whether the message has a tool call of this id beside its content
 */
export function toStandardBlocks(
	content: unknown[],
	isKnown: (toolCallId: unknown) => boolean,
): unknown[] {
	return content.flatMap((block) => (isObject(block) ? toStandardBlock(block, isKnown) : []));
}

function toStandardBlock(
	block: JsonObject,
	isKnown: (toolCallId: unknown) => boolean,
): JsonObject[] {
	const type = String(block.type);
	if (KNOWN.has(type)) return [block];
	if (type === 'image_url' || type === 'image') return [nonStandard(toImagePart(block))];
	if (type === 'text-plain') return [{ type: 'text', text: block.text ?? block.data }];
	if (FILES.has(type)) return [{ ...block, mimeType: block.mimeType ?? block.mime_type }];
	// of Anthropic's models, where ours goes on for one of those
	if (type === 'tool_use') {
		const { id, name, input } = block;
		return isKnown(id) ? [] : [{ type: 'tool_call', id, name, args: input }];
	}
	if (type === 'thinking') return [{ type: 'reasoning', reasoning: block.thinking }];
	if (type === 'redacted_thinking') return [];
	return [nonStandard(block)];
}

/** The SDK hands its value on as it is. */
const nonStandard = (value: JsonObject) => ({ type: 'non_standard', value });

/** From the form of chat completions, and from the two of LangChain. */
function toImagePart(block: JsonObject): JsonObject {
	const inner = isObject(block.image_url) ? block.image_url : { url: block.image_url ?? block.url };
	const { url, detail = block.detail } = inner as JsonObject;
	const mimeType = String(block.mimeType ?? block.mime_type ?? 'image/png');
	const data = typeof block.data === 'string' ? `data:${mimeType};base64,${block.data}` : undefined;
	return { type: 'input_image', image_url: url ?? data, ...(detail ? { detail } : {}) };
}
