/**
 * Asks with the chat model as n8n's agent 3 (n8n 2.41) does, and says what its user sees. Like there, a call of
 * a tool that nobody connected vanishes, and the same is asked again until the iterations are used up.
 */
import {
	AIMessage,
	type AIMessageChunk,
	type BaseMessage,
	HumanMessage,
	ToolMessage,
} from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { IDataObject } from 'n8n-workflow';

import { withModel } from '../../support/chatModel';
import { byId } from '../../support/gradientNode';
import type { ServerBench } from './bench';
import { type Outcome, callOf, failed, inOneLine } from './outcome';
import type { Question } from './question';
import { weatherTool } from './tools';

const MAX_ITERATIONS = 12;

export const chatModelForm = (bench: ServerBench, question: Question): IDataObject => ({
	model: byId(question.model ?? bench.facts.model),
	options: bench.options(question.options ?? {}, question.thinks ?? false),
	requestOptions: { maxRetries: 0 },
});

export async function askChatModel(
	bench: ServerBench,
	question: Question,
	streamed: boolean,
): Promise<Outcome> {
	return await converse(bench, question, [question.prompt], streamed);
}

/** Several questions, one after the other, in one conversation. */
export async function converse(
	bench: ServerBench,
	question: Question,
	prompts: string[],
	streamed: boolean,
): Promise<Outcome> {
	const messages: BaseMessage[] = [];
	const ran: string[] = [];
	const said: string[] = [];
	const agent: Agent = { tool: weatherTool(ran), messages, say: (text) => said.push(text) };
	const told = () => ({
		steps: messages.flatMap(stepsOf),
		ran,
		said: streamed ? inOneLine(said.join('')) : null,
		calls: [],
		hints: [],
		requests: bench.requests,
	});
	try {
		const { credential } = question;
		const answer = await withModel(
			bench,
			async (model) => {
				let last = new AIMessage('');
				for (const prompt of prompts) {
					last = await agentRun(agent, model, prompt, question, streamed);
					said.push('\n\n');
				}
				return last;
			},
			chatModelForm(bench, question),
			{ ...(credential && { credential }) },
		);
		const { reasoning_content: reasoning } = answer.additional_kwargs;
		const { finish_reason: finishReason } = answer.response_metadata as { finish_reason?: string };
		return {
			...told(),
			text: answer.text.trim(),
			reasoning: typeof reasoning === 'string' ? reasoning : null,
			finishReason: finishReason ?? null,
			error: null,
		};
	} catch (error) {
		const nothing = { text: null, reasoning: null, finishReason: null };
		return { ...told(), ...nothing, error: failed(error) };
	}
}

interface Agent {
	tool: ReturnType<typeof weatherTool>;
	/** Grows by what is said and done. */
	messages: BaseMessage[];
	/** Is told the text of each chunk. */
	say(text: string): void;
}

async function agentRun(
	{ tool, messages, say }: Agent,
	model: BaseChatModel,
	prompt: string,
	{ hasTool }: Question,
	streamed: boolean,
): Promise<AIMessage> {
	const bound = hasTool ? model.bindTools!([tool as never]) : model;
	messages.push(new HumanMessage(prompt));
	for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
		const answer = streamed
			? await whole(await bound.stream(messages), say)
			: ((await bound.invoke(messages)) as AIMessage);
		const calls = answer.tool_calls ?? [];
		const known = calls.filter(({ name }) => hasTool && name === tool.name);
		if (calls.length > 0 && known.length === 0) continue;
		messages.push(answer);
		if (calls.length === 0) return answer;
		for (const { id, args } of known) {
			messages.push(new ToolMessage({ tool_call_id: id!, content: String(tool.invoke(args)) }));
		}
		if (streamed) say('\n\n');
	}
	throw new Error(`Max iterations (${MAX_ITERATIONS}) reached`);
}

export async function whole(
	stream: AsyncIterable<unknown>,
	say: (text: string) => void,
): Promise<AIMessageChunk> {
	let answer: AIMessageChunk | undefined;
	for await (const chunk of stream as AsyncIterable<AIMessageChunk>) {
		say(chunk.text);
		answer = answer ? answer.concat(chunk) : chunk;
	}
	if (!answer) throw new Error('The stream had no chunk');
	return answer;
}

function stepsOf(message: BaseMessage): string[] {
	const text = message.text.trim();
	if (message instanceof HumanMessage) return [`user: ${text}`];
	if (message instanceof ToolMessage) return [`output: ${text}`];
	const { reasoning_content: reasoning } = message.additional_kwargs;
	const calls = (message as AIMessage).tool_calls ?? [];
	return [
		...(typeof reasoning === 'string' && reasoning.trim() ? [`thought: ${reasoning.trim()}`] : []),
		...(text ? [`assistant: ${text}`] : []),
		...calls.map(({ name, args }) => `call: ${callOf(name, args)}`),
	];
}

/** What n8n's chains, parsers and evaluations ask a model for. Its `text` is the object as JSON. */
export async function structuredOutput(
	bench: ServerBench,
	question: Question,
	schema: object,
	streamed: boolean,
): Promise<Outcome> {
	const nothing = { steps: [], reasoning: null, finishReason: null, calls: [], ran: [], hints: [] };
	const told = () => ({ ...nothing, said: null, requests: bench.requests });
	try {
		const output = await withModel(
			bench,
			async (model) => {
				const structured = model.withStructuredOutput(schema);
				if (!streamed) return await structured.invoke(question.prompt);
				let last: unknown;
				for await (const chunk of await structured.stream(question.prompt)) last = chunk;
				return last;
			},
			chatModelForm(bench, question),
		);
		return { ...told(), text: JSON.stringify(output), error: null };
	} catch (error) {
		return { ...told(), text: null, error: failed(error) };
	}
}
