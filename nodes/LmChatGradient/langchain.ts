import type { GenerateResult } from '@n8n/ai-node-sdk';

import { type JsonObject, isObject } from '../shared/client/json';
import type { CallConfig, WantedByCaller } from './callConfig';
import { toStandardBlocks } from './contentBlocks';

/** What we touch of LangChain's messages. */
export interface LangChainMessage {
	content: unknown;
	tool_calls?: Array<{ id?: string; name?: string; args?: unknown }>;
	usage_metadata?: { input_token_details?: JsonObject };
	additional_kwargs?: JsonObject;
	response_metadata?: JsonObject;
}

interface Generation {
	text: string;
	message: LangChainMessage;
	generationInfo?: JsonObject;
}

/** What we touch of the SDK's adapter, which is a chat model of LangChain. */
export interface LangChainModel {
	callbacks?: unknown;
	metadata?: JsonObject;
	_generate(
		messages: LangChainMessage[],
		options: CallConfig,
		run?: unknown,
	): Promise<{ generations: Generation[] }>;
	_streamResponseChunks(
		messages: LangChainMessage[],
		options: CallConfig,
		run?: unknown,
	): AsyncGenerator<Generation>;
	bindTools(tools: unknown[], options?: { tool_choice?: unknown }): LangChainModel;
	withStructuredOutput(schema: JsonObject, options?: StructuredOutputOptions): unknown;
	getNumTokens(content: unknown): Promise<number>;
	pipe<T>(step: (message: LangChainMessage) => T): unknown;
}

export interface StructuredOutputOptions {
	name?: string;
	/** Whether the message is wanted too. */
	includeRaw?: boolean;
}

/** What a model with more tools, or a wish for its output, keeps of the one that it is made of. */
interface Kept {
	toolChoice?: unknown;
	wanted?: WantedByCaller;
	/** Each answer is JSON. */
	isJson?: boolean;
}

/**
 * The SDK gives our model to n8n as a chat model of LangChain, and on the way (0.31) some of what both
 * sides know is lost. Here it is carried past:
 * - images: the SDK drops the parts that n8n's agent and chain send them as
 * - reasoning: the SDK drops it from a stream, and n8n's agent (2.41) keeps nothing of a message between
 *   two rounds but the calls and `additional_kwargs.reasoning_content`
 * - the choice of a tool, which the SDK does not hand on
 * - text as text: the SDK makes a list of parts, which some parsers of LangChain cannot read
 * - the tokens of a streamed answer, which n8n would estimate
 * - structured output, which LangChain (1.2) finds in a stream only
 * - the count of tokens, which LangChain (1.2) asks another server about
 * - the time until the request is sent: for its log, n8n counts the tokens of all of it first
 */
export function withoutLosses(
	model: LangChainModel,
	{ toolChoice, wanted, isJson }: Kept = {},
): LangChainModel {
	const generate = model._generate.bind(model);
	const stream = model._streamResponseChunks.bind(model);
	const bindTools = model.bindTools.bind(model);
	const prepare = (options: CallConfig, onResult: (result: GenerateResult) => void) => ({
		...options,
		tool_choice: options.tool_choice ?? toolChoice,
		...(wanted && { wanted }),
		onResult,
	});

	model._generate = async (messages, options, run) => {
		let result: GenerateResult | undefined;
		const prepared = prepare(options, (whole) => (result = whole));
		const output = await generate(messages.map(toSdkForm), prepared, run);
		for (const generation of output.generations) complete(generation, result);
		return output;
	};
	model._streamResponseChunks = async function* (messages, options, run) {
		let result: GenerateResult | undefined;
		const prepared = prepare(options, (whole) => (result = whole));
		for await (const chunk of stream(messages.map(toSdkForm), prepared, run)) {
			chunk.message.content = chunk.text;
			// the last one, which has the finish reason
			if (chunk.generationInfo) complete(chunk, result);
			yield chunk;
		}
	};
	model.bindTools = (tools, options) =>
		withoutLosses(bindTools(tools, options), {
			toolChoice: options?.tool_choice ?? toolChoice,
			isJson,
		});
	const bindWanted = (one: WantedByCaller) =>
		withoutLosses(bindTools([]), { toolChoice, wanted: one, isJson });
	model.withStructuredOutput = (schema, options) =>
		withStructuredOutput(bindWanted, schema, options);
	// n8n's Basic LLM Chain (2.41) gives an object where a model says so
	if (isJson) model.metadata = { ...model.metadata, output_format: 'json' };
	model.getNumTokens = async (content) => countTokens(content);
	readTokens(model.callbacks);
	return model;
}

/** Characters of a token, on the average; LangChain would download a tokenizer, past proxy and egress filter. */
const TOKEN_LENGTH = 4;

/** For memories that are limited by tokens, and chains that split long texts. */
function countTokens(content: unknown): number {
	const parts: unknown[] = Array.isArray(content) ? content : [content];
	const texts = parts.map((part) => (isObject(part) ? part.text : part));
	const length = texts.reduce<number>(
		(sum, text) => sum + (typeof text === 'string' ? text.length : 0),
		0,
	);
	return Math.ceil(length / TOKEN_LENGTH);
}

/** Adds to the message what the SDK has no place for. */
function complete(generation: Generation, result: GenerateResult | undefined) {
	const { message, text } = generation;
	const thoughts = (result?.message.content ?? []).flatMap((part) =>
		part.type === 'reasoning' ? [part] : [],
	);
	const reasoning = thoughts.map((thought) => thought.text).join('\n\n');
	const items = thoughts.map((thought) => thought.providerMetadata?.item);
	// for n8n's log, as its own models have it
	generation.generationInfo ??= { finish_reason: result?.finishReason };
	message.content = text;
	const written = result?.usage?.additionalMetadata?.cacheWrite;
	if (written !== undefined && message.usage_metadata) {
		const { input_token_details: details } = message.usage_metadata;
		message.usage_metadata.input_token_details = { ...details, cache_creation: written };
	}
	message.additional_kwargs = {
		...message.additional_kwargs,
		...(reasoning && { reasoning_content: reasoning }),
	};
	message.response_metadata = {
		...message.response_metadata,
		...result?.providerMetadata,
		...(items.length > 0 && { reasoning_items: items }),
	};
}

/** A message of the conversation, in the parts that the SDK hands on. */
function toSdkForm(message: LangChainMessage): LangChainMessage {
	const thoughts = thoughtsOf(message);
	if (!Array.isArray(message.content) && thoughts.length === 0) return message;
	const content = Array.isArray(message.content)
		? (message.content as unknown[])
		: [{ type: 'text', text: message.content }].filter(({ text }) => text !== '');
	const isKnown = (id: unknown) => (message.tool_calls ?? []).some((call) => call.id === id);
	const blocks = [...thoughts, ...toStandardBlocks(content, isKnown)];
	// the caller's own message stays as it is
	return Object.assign(
		Object.create(Object.getPrototypeOf(message) as object) as LangChainMessage,
		message,
		{ content: blocks },
	);
}

/** As the API sent them, or at least their text: all that n8n's agent keeps between two rounds. */
function thoughtsOf({ response_metadata: response, additional_kwargs: more }: LangChainMessage) {
	const items: unknown = response?.reasoning_items;
	if (Array.isArray(items)) return items.map((value: unknown) => ({ type: 'non_standard', value }));
	const reasoning = more?.reasoning_content;
	return typeof reasoning === 'string' && reasoning ? [{ type: 'reasoning', reasoning }] : [];
}

/**
 * What the SDK's tracing knows of tokens. LangChain (1.2) names those of a stream otherwise than those of an answer
 * in one piece, and the tracing reads the latter names only. Its own estimate (0.34) runs a tokenizer of OpenAI's in
 * JavaScript, which holds up all of n8n for 200 ms where a round of the agent has 100 kB.
 */
function readTokens(callbacks: unknown) {
	for (const callback of Array.isArray(callbacks) ? (callbacks as unknown[]) : []) {
		if (!isObject(callback) || !isObject(callback.options)) continue;
		callback.options.tokensUsageParser = tokensOf;
		callback.estimateTokensFromStringList = async (texts: unknown) => countTokens(texts);
	}
}

function tokensOf(result: { llmOutput?: { tokenUsage?: Record<string, number | undefined> } }) {
	const usage = result.llmOutput?.tokenUsage ?? {};
	const promptTokens = usage.input_tokens ?? usage.promptTokens ?? 0;
	const completionTokens = usage.output_tokens ?? usage.completionTokens ?? 0;
	return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}

/**
 * The model calls a function that takes the wanted object, as LangChain's models do; what comes is checked, and asked
 * for again where it does not fit.
 * @param bind gives the model with the wish
 */
function withStructuredOutput(
	bind: (wanted: WantedByCaller) => LangChainModel,
	schema: JsonObject,
	{ name, includeRaw }: StructuredOutputOptions = {},
) {
	const { title } = schema;
	const functionName = name ?? (typeof title === 'string' && title ? title : 'extract');
	return bind({ name: functionName, schema }).pipe((raw) => {
		const parsed = JSON.parse(String(raw.content)) as unknown;
		return includeRaw ? { raw, parsed } : parsed;
	});
}
