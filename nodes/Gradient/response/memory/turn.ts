import type { Message, MessageContent } from '@n8n/ai-node-sdk';
import type { ISupplyDataFunctions } from 'n8n-workflow';

import type { InputItem } from '../../../shared/client';
import { isObject } from '../../../shared/client/json';
import { asText } from '../../../shared/form/values';
import type { LangChainMemory, MemoryMessage } from './langChainMemory';

/** What a memory keeps of a request: what the user said, the tools that were run, and the answer. */
export interface Turn {
	/** Of the user. */
	input: string;
	/** Of the model, at the end. */
	output: string;
	/** From the user's text to the answer. */
	items: InputItem[];
}

/**
 * Writes a turn. n8n's memories take texts; with calls of tools, messages of LangChain. Where those cannot be made,
 * before n8n 2.16, the tools are named in the answer, as n8n's agent does it.
 */
export async function saveTurn(memory: LangChainMemory, { input, output, items }: Turn) {
	const hasCalls = items.some(({ type }) => type === 'function_call');
	if (!hasCalls) return await memory.saveContext({ input }, { output });
	const messages = memory.chatHistory?.addMessages && (await toLangChain(toMessages(items)));
	if (messages) return await memory.chatHistory?.addMessages?.(messages);
	return await memory.saveContext(
		{ input },
		{ output: `[Used tools: ${toolsOf(items)}] ${output}` },
	);
}

const toolsOf = (items: InputItem[]) =>
	items
		.flatMap((item) => (item.type === 'function_call' ? `${item.name} ${item.arguments}` : []))
		.join('; ');

/** In the terms of n8n's SDK. What the model said before its calls, and the calls, are one message. */
function toMessages(items: InputItem[]): Message[] {
	const messages: Message[] = [];
	const add = (role: Message['role'], content: MessageContent) => {
		const last = messages.at(-1);
		if (role === 'assistant' && last?.role === role) last.content.push(content);
		else messages.push({ role, content: [content] });
	};
	for (const item of items) {
		if (item.type === 'function_call') {
			const { call_id: toolCallId, name: toolName, arguments: input } = item;
			add('assistant', { type: 'tool-call', toolCallId, toolName, input });
		} else if (item.type === 'function_call_output') {
			add('tool', { type: 'tool-result', toolCallId: item.call_id, result: asText(item.output) });
		} else if ('role' in item) {
			const text = textOf(item.content);
			const role = item.role === 'assistant' ? 'assistant' : 'user';
			if (text) add(role, { type: 'text', text });
		}
	}
	return messages;
}

export const textOf = (content: unknown): string =>
	Array.isArray(content)
		? content.map((part) => (isObject(part) ? asText(part.text) : '')).join('')
		: asText(content);

/**
 * n8n does not let us reach LangChain, but its SDK (2.16 and later) gives the history of any memory as LangChain's
 * messages.
 */
async function toLangChain(messages: Message[]): Promise<MemoryMessage[] | undefined> {
	const sdk = await import('@n8n/ai-node-sdk').catch(() => undefined);
	if (!sdk?.supplyMemory) return undefined;
	const nothing = async () => await Promise.resolve();
	const chatHistory = {
		getMessages: async () => await Promise.resolve(messages),
		addMessage: nothing,
		addMessages: nothing,
		clear: nothing,
	};
	const memory = {
		chatHistory,
		loadMessages: chatHistory.getMessages,
		saveTurn: nothing,
		clear: nothing,
	};
	// the context is for the log, to which this is no use of a memory
	const { response } = sdk.supplyMemory({} as ISupplyDataFunctions, memory);
	const { chatHistory: history } = response as {
		chatHistory: { getMessages(): Promise<MemoryMessage[]> };
	};
	return (await history.getMessages()).map(withText);
}

/** As n8n's agent writes them: some models take no list of parts from an assistant. */
function withText(message: MemoryMessage): MemoryMessage {
	if (Array.isArray(message.content)) message.content = textOf(message.content);
	return message;
}
