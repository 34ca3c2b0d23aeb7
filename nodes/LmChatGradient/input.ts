import type { Message, MessageContent } from '@n8n/ai-node-sdk';

import type { InputItem } from '../shared/client';
import { type JsonObject, isObject } from '../shared/client/json';
import { OUTPUT_LIMIT, type Picture, toToolOutput } from '../shared/client/response/toolOutput';
import { type Report, asText } from '../shared/form/values';

type Part = Extract<Extract<InputItem, { content: unknown }>['content'], unknown[]>[number];
type File = Extract<MessageContent, { type: 'file' }>;
type ToolResult = Extract<MessageContent, { type: 'tool-result' }>;

/** The pictures in a tool's result, which has no place for them. */
const picturesOf = new WeakMap<InputItem, Picture[]>();

/** How what tools gave is told. */
export interface ToolResults {
	/** Is told what the model does not get. */
	note?(words: string): void;
	arePicturesSent?: boolean;
}

/**
 * The messages of the SDK as the input of a request, not yet fit to be sent. `withPictures` adds those of tools.
 * @param report is told what the API cannot take
 */
export function toInput(
	messages: Message[],
	report: Report,
	results: ToolResults = {},
): InputItem[] {
	const input: InputItem[] = [];
	/** What was thought since the last message that is not the model's. */
	let thoughts = new Set<string>();
	messages.forEach(({ role, content }, index) => {
		const place = `Message ${index + 1}`;
		const complain: Report = (problem) => report(`${place} ${problem}`);
		if (role === 'assistant') {
			input.push(...fromAssistant(content, thoughts, complain, results));
		} else if (role === 'tool') {
			input.push(...content.flatMap((one) => fromToolMessage(one, complain, results)));
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
	return input;
}

/** In the order in which the model said it. History as plain text is what all servers take. */
function fromAssistant(
	content: MessageContent[],
	thoughts: Set<string>,
	report: Report,
	results: ToolResults,
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
		input.push(...fromAssistantContent(one, thoughts, report, results));
	}
	endText();
	return input;
}

function fromAssistantContent(
	one: MessageContent,
	thoughts: Set<string>,
	report: Report,
	results: ToolResults,
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
			return [toolOutput(one, results)];
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
	if (isObject(item)) return item as InputItem;
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

function fromToolMessage(one: MessageContent, report: Report, results: ToolResults): InputItem[] {
	if (one.type === 'tool-result') return [toolOutput(one, results)];
	report(`is the result of a tool, and has a part of the type '${one.type}' in its place`);
	return [];
}

/** In the words of `toToolOutput`. Bounded, because a result may be one long word. */
const LEFT_OUT = /[\w.+/-]{1,80}, [\d.,]{1,12} \w{1,8}, left out/g;

function toolOutput({ toolCallId, result }: ToolResult, results: ToolResults): InputItem {
	const { note, arePicturesSent } = results;
	const parts: unknown[] = Array.isArray(result) ? result : [];
	const isOnlyText = parts.length > 0 && parts.every(isTextPart);
	const value = isOnlyText ? parts.map(({ text }) => text).join('') : (result as unknown);
	const { output, pictures } = toToolOutput(value);
	if (output.length > OUTPUT_LIMIT) {
		note?.(`A tool's result was cut to ${OUTPUT_LIMIT} characters`);
	}
	const leftOut = output.match(LEFT_OUT)?.slice(0, 3).join(', ');
	if (leftOut && !arePicturesSent)
		note?.(`Not all of a tool's result goes to the model: ${leftOut}`);
	const item: InputItem = { type: 'function_call_output', call_id: toolCallId, output };
	if (arePicturesSent && pictures.length > 0) picturesOf.set(item, pictures);
	return item;
}

/** The input with the pictures of each block of results behind it, as of the user: no other message can hold them. */
export function withPictures(input: InputItem[]): InputItem[] {
	let waiting: Part[] = [];
	const shown = input.flatMap((item): InputItem[] => {
		if (item.type === 'function_call_output') {
			const pictures = picturesOf.get(item) ?? [];
			if (pictures.length > 0) {
				waiting.push(
					{ type: 'input_text', text: `What was left out of the result of ${item.call_id}:` },
					...pictures.map(({ url }) => ({ type: 'input_image', image_url: url })),
				);
			}
			return [item];
		}
		const content = waiting;
		waiting = [];
		return content.length > 0 ? [{ role: 'user', content }, item] : [item];
	});
	return waiting.length > 0 ? [...shown, { role: 'user', content: waiting }] : shown;
}

const isTextPart = (part: unknown): part is { text: string } =>
	isObject(part) && part.type === 'text' && typeof part.text === 'string';

/** A part of a message that is not the model's. */
function toPart(one: MessageContent, report: Report): Part | undefined {
	if (one.type === 'text') return { type: 'input_text', text: one.text };
	if (one.type === 'file') return filePart(one, report);
	// a part in the API's own words
	if (one.type === 'provider' && one.value.type === 'input_image') {
		return imagePart(one.value, report);
	}
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
	const image_url = data?.length ? dataUrl(mediaType, data) : url;
	return imagePart({ type: 'input_image', image_url, ...(detail ? { detail } : {}) }, report);
}

/** With its address as text, which other APIs put into an object. */
function imagePart(part: JsonObject, report: Report): Part | undefined {
	const { image_url: source, file_id: file } = part;
	const url = isObject(source) ? source.url : source;
	if (typeof url === 'string' && /^(https?:|data:image\/)/i.test(url)) {
		return { ...part, image_url: url } as JsonObject as Part;
	}
	if (typeof file === 'string' && file) return part as Part;
	report(
		typeof url === 'string' && url
			? `has an image with the address '${url.slice(0, 40)}', but the API takes http, https and data:image only`
			: 'has an image without data and without an address',
	);
	return undefined;
}

function nameOf({ mediaType = 'unknown', providerMetadata }: File) {
	const name = providerMetadata?.filename ?? providerMetadata?.name;
	const file = typeof name === 'string' && name ? `the file '${name}'` : 'a file';
	return `${file} of the type '${mediaType}'`;
}

function dataUrl(mediaType: string, data: string | Uint8Array): string {
	if (typeof data !== 'string') {
		return `data:${mediaType};base64,${Buffer.from(data).toString('base64')}`;
	}
	return /^(data|https?):/.test(data) ? data : `data:${mediaType};base64,${data}`;
}
