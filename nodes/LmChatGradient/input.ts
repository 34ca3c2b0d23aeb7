import type { Message, MessageContent } from '@n8n/ai-node-sdk';

import type { InputItem } from '../shared/client';
import { type JsonObject, isObject } from '../shared/client/json';
import { cleanInputItem } from '../shared/client/response/conversation';
import { type Report, asText } from '../shared/form/values';

type Part = Extract<Extract<InputItem, { content: unknown }>['content'], unknown[]>[number];
type File = Extract<MessageContent, { type: 'file' }>;

/**
 * The messages of the SDK as the input of a request.
 * @param report is told what the API cannot take
 */
export function toInput(messages: Message[], report: Report): InputItem[] {
	const input: InputItem[] = [];
	/** What was thought since the last message that is not the model's. */
	let thoughts = new Set<string>();
	messages.forEach(({ role, content }, index) => {
		const place = `Message ${index + 1}`;
		const complain: Report = (problem) => report(`${place} ${problem}`);
		if (role === 'assistant') {
			input.push(...fromAssistant(content, thoughts, complain));
		} else if (role === 'tool') {
			input.push(...content.flatMap((one) => fromToolMessage(one, complain)));
		} else {
			thoughts = new Set();
			const parts = content.flatMap((one): Part[] => [toPart(one, complain) ?? []].flat());
			const [first] = parts;
			const isPlain = parts.length === 1 && first.type === 'input_text';
			// text as such is what all servers take
			if (parts.length > 0) {
				input.push({ role, content: isPlain ? String(first.text) : parts } as InputItem);
			}
		}
	});
	// vLLM wants an id and a summary of each thought; the API reference needs neither
	return input.map((item, index) =>
		item.type === 'reasoning' ? { id: `rs_${index + 1}`, summary: [], ...item } : item,
	);
}

/** In the order in which the model said it. History as plain text is what all servers take. */
function fromAssistant(
	content: MessageContent[],
	thoughts: Set<string>,
	report: Report,
): InputItem[] {
	const input: InputItem[] = [];
	let text = '';
	const endText = () => {
		if (text) input.push({ role: 'assistant', content: text });
		text = '';
	};
	for (const one of content) {
		if (one.type === 'text') {
			text += one.text;
			continue;
		}
		endText();
		input.push(...fromAssistantContent(one, thoughts, report));
	}
	endText();
	return input;
}

function fromAssistantContent(
	one: MessageContent,
	thoughts: Set<string>,
	report: Report,
): InputItem[] {
	switch (one.type) {
		case 'reasoning':
			return once(reasoningItem(one.text, one.providerMetadata?.item), thoughts);
		case 'tool-call': {
			const { toolCallId, toolName: name, input } = one;
			return [functionCall(toolCallId, name, input)];
		}
		case 'invalid-tool-call':
			return [functionCall(one.toolCallId, one.name, one.args)];
		case 'tool-result':
			return [toolOutput(one)];
		case 'provider':
			if (one.value.type === 'reasoning') return once(reasoningItem('', one.value), thoughts);
			report(`has a part of the type '${asText(one.value.type)}', which the API does not take`);
			return [];
		case 'file':
			report(`is by the model and has ${nameOf(one)}, which the API does not take back`);
			return [];
		default:
			// where a text comes from, which the text itself does not need
			return [];
	}
}

/** n8n's agent (2.41) repeats a thought before each of several calls that followed it. */
function once(item: InputItem | undefined, thoughts: Set<string>): InputItem[] {
	if (!item) return [];
	const key = JSON.stringify({ ...item, id: undefined });
	if (thoughts.has(key)) return [];
	thoughts.add(key);
	return [item];
}

/**
 * @param item what the API sent, where it is still known: n8n's agent keeps the text only
 */
function reasoningItem(text: string, item: unknown): InputItem | undefined {
	if (isObject(item)) return cleanInputItem(item) as InputItem | undefined;
	if (!text) return undefined;
	const content = [{ type: 'reasoning_text' as const, text }];
	return { type: 'reasoning', content };
}

const functionCall = (id = '', name = '', args = ''): InputItem => ({
	type: 'function_call',
	call_id: id,
	name,
	arguments: args,
});

function fromToolMessage(one: MessageContent, report: Report): InputItem[] {
	if (one.type === 'tool-result') return [toolOutput(one)];
	report(`is the result of a tool, and has a part of the type '${one.type}' in its place`);
	return [];
}

function toolOutput({
	toolCallId,
	result,
}: Extract<MessageContent, { type: 'tool-result' }>): InputItem {
	const parts: unknown[] = Array.isArray(result) ? result : [];
	const isOnlyText = parts.length > 0 && parts.every(isTextPart);
	const output = isOnlyText ? parts.map(({ text }) => text).join('') : asText(result);
	return { type: 'function_call_output', call_id: toolCallId, output };
}

const isTextPart = (part: unknown): part is { text: string } =>
	isObject(part) && part.type === 'text' && typeof part.text === 'string';

/** A part of a message that is not the model's. */
function toPart(one: MessageContent, report: Report): Part | undefined {
	if (one.type === 'text') return { type: 'input_text', text: one.text };
	if (one.type === 'file') return filePart(one, report);
	// a part in the API's own words
	if (one.type === 'provider' && /^input_/.test(asText(one.value.type))) return one.value as Part;
	const type = one.type === 'provider' ? asText(one.value.type) : one.type;
	report(`has a part of the type '${type}', which the API does not take`);
	return undefined;
}

function filePart(file: File, report: Report): Part | undefined {
	const { mediaType = '', data } = file;
	const { url, detail } = (file.providerMetadata ?? {}) as JsonObject;
	if (!mediaType.startsWith('image/')) {
		report(`has ${nameOf(file)}, but the API takes text and images only`);
		return undefined;
	}
	const source = data?.length ? dataUrl(mediaType, data) : asText(url);
	if (!source) {
		report('has an image without data and without an address');
		return undefined;
	}
	return { type: 'input_image', image_url: source, ...(detail ? { detail } : {}) } as Part;
}

const nameOf = ({ mediaType }: File) => `a file of the type '${mediaType ?? 'unknown'}'`;

function dataUrl(mediaType: string, data: string | Uint8Array): string {
	if (typeof data !== 'string') {
		return `data:${mediaType};base64,${Buffer.from(data).toString('base64')}`;
	}
	return /^(data|https?):/.test(data) ? data : `data:${mediaType};base64,${data}`;
}
