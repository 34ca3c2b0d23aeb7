import type {
	ChatModel,
	ChatModelConfig,
	GenerateResult,
	Message,
	StreamChunk,
	Tool,
} from '@n8n/ai-node-sdk';
import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { InputItem, ResponseRequest, Violation } from '../shared/client';
import type { Listeners } from '../shared/client/stream/delta';
import { linkedController } from '../shared/client/transport/abort';
import type { RequestOptions } from '../shared/form/requestOptions';
import type { Connection } from '../shared/host/connection';
import { canceled, listed, toNodeError } from '../shared/host/errors';
import { toResult } from './answer';
import { asIterable } from './asIterable';
import { CHAT_MODEL_FORM, type ModelSettings } from './form';
import { toInput } from './input';
import { toRequestTool, toToolChoice } from './tools';

/** What LangChain and the bridge to it add to the SDK's options of a call. */
export interface CallConfig extends ChatModelConfig {
	signal?: AbortSignal;
	stop?: string[];
	tool_choice?: unknown;
	/** Learns of the response, whole. */
	onResult?: (result: GenerateResult) => void;
}

export interface ChatModelOptions {
	node: INode;
	connection: Connection;
	/** Of each request, from the form. */
	settings: ModelSettings;
	limits: RequestOptions;
}

/**
 * The model of the SDK, over our client: one request for each answer. Fails with n8n's errors, in the
 * words of the Gradient node.
 */
export class GradientChatModel implements ChatModel<CallConfig> {
	readonly provider = 'digitalocean-gradient';
	readonly modelId: string;

	constructor(
		private readonly options: ChatModelOptions,
		private readonly tools: Tool[] = [],
	) {
		this.modelId = options.settings.model;
	}

	/** With these too. Where a name is taken already, the new tool counts: n8n's agent may bind twice. */
	withTools(tools: Tool[]): GradientChatModel {
		const byName = new Map([...this.tools, ...tools].map((tool) => [tool.name, tool]));
		return new GradientChatModel(this.options, [...byName.values()]);
	}

	async generate(messages: Message[], config: CallConfig = {}): Promise<GenerateResult> {
		return await this.answer(messages, config);
	}

	/**
	 * Text and reasoning as they are written. Tool calls come when they are whole: pieces of servers may
	 * lack ids and names, or come twice.
	 */
	async *stream(messages: Message[], config: CallConfig = {}): AsyncGenerator<StreamChunk> {
		yield* asIterable<StreamChunk>(async (say, left) => {
			const listeners: Listeners = {
				onText: (delta) => say({ type: 'text-delta', delta }),
				onReasoning: (delta) => say({ type: 'reasoning-delta', delta }),
			};
			const result = await this.answer(messages, config, listeners, left);
			const { message, finishReason = 'other', usage } = result;
			for (const part of message.content) {
				if (part.type !== 'tool-call') continue;
				const { toolCallId: id, toolName: name, input: argumentsDelta } = part;
				say({ type: 'tool-call-delta', id, name, argumentsDelta });
			}
			say({ type: 'finish', finishReason, usage });
		});
	}

	/**
	 * @param left ends the request: nobody reads the stream any more
	 * @throws NodeApiError, NodeOperationError; the reason of a signal of the call
	 */
	private async answer(
		messages: Message[],
		config: CallConfig,
		listeners: Listeners = {},
		left?: AbortSignal,
	): Promise<GenerateResult> {
		const { node, connection, limits } = this.options;
		const request = this.buildRequest(messages, config);
		if (left) Object.assign(request, streamed(request));
		const call = joined([connection.signal, config.signal, config.abortSignal, left]);
		const { timeout = limits.timeout, maxRetries = limits.maxRetries } = config;
		try {
			const options = { timeout, maxRetries, signal: call.signal, ...listeners };
			const response = await connection.client.createResponse(request, options);
			const result = toResult(response, request.input as InputItem[]);
			config.onResult?.(result);
			return result;
		} catch (error) {
			// by Stop, or because the node that asked has ended
			if (connection.signal?.aborted) throw canceled(node);
			if (call.signal.aborted) throw call.signal.reason;
			throw toNodeError(node, error, undefined, CHAT_MODEL_FORM);
		} finally {
			call.unlink();
		}
	}

	/** @throws NodeOperationError, if the API cannot take it; nothing is sent then */
	private buildRequest(messages: Message[], config: CallConfig): ResponseRequest {
		const { node, connection, settings } = this.options;
		const problems: string[] = [];
		const input = toInput(messages, (problem) => problems.push(problem));
		const { tools: otherTools, tool_choice: otherChoice, ...rest } = settings;
		const ownTools = this.tools.map((tool) => toRequestTool(tool, connection.toJsonSchema));
		const tools = [...(otherTools ?? []), ...ownTools];
		const choice = toToolChoice(config.tool_choice) ?? otherChoice;
		const request = {
			...rest,
			...fromConfig(config),
			input,
			...(tools.length > 0 && { tools }),
			...(tools.length > 0 && choice && { tool_choice: choice }),
		};
		if (problems.length === 0) {
			problems.push(...connection.findViolations(request).map(inWords));
		}
		if (problems.length === 0) return request;
		const message = listed(problems);
		const description = `Nothing was sent, because the API does not take what the connected node gave: ${message}.`;
		throw new NodeOperationError(node, message, { description });
	}
}

const inWords = ({ path, message }: Violation) =>
	`'${path.map((key) => (typeof key === 'number' ? key + 1 : key)).join(' ')}' ${message}`;

const streamed = ({ stream_options = { include_usage: true } }: ResponseRequest) => ({
	stream: true,
	stream_options,
});

/** What the caller of the SDK set, by the API's names, or vLLM's where the API has none. */
function fromConfig(config: CallConfig): Partial<ResponseRequest> {
	const values = {
		temperature: config.temperature,
		top_p: config.topP,
		max_output_tokens: config.maxTokens,
		stop: config.stopSequences ?? config.stop,
		top_k: config.topK,
		presence_penalty: config.presencePenalty,
		frequency_penalty: config.frequencyPenalty,
		seed: config.seed,
	};
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Aborts as soon as one of them does, until `unlink()`. */
function joined(signals: Array<AbortSignal | undefined>) {
	const controllers = signals.map((signal) => linkedController(signal));
	const controller = linkedController();
	for (const { signal } of controllers) {
		if (signal.aborted) controller.abort(signal.reason);
		signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
	}
	return {
		signal: controller.signal,
		unlink: () => controllers.forEach(({ unlink }) => unlink()),
	};
}
