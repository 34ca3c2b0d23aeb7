import type { ChatModel, GenerateResult, Message, StreamChunk, Tool } from '@n8n/ai-node-sdk';
import { type INode, NodeOperationError } from 'n8n-workflow';

import type { ResponseRequest, StructuredOutput } from '../shared/client';
import { inputItems } from '../shared/client/response/conversation';
import { ownName } from '../shared/client/response/toolName';
import type { Listeners } from '../shared/client/stream/delta';
import type { RequestOptions } from '../shared/form/requestOptions';
import type { Connection } from '../shared/host/connection';
import { type NodeError, canceled, listed, toNodeError } from '../shared/host/errors';
import { type Answers, type Turns, questionOf } from './agent/answers';
import type { Rounds } from './agent/rounds';
import { textOf, toResult } from './answer';
import { asIterable } from './asIterable';
import type { CallConfig } from './callConfig';
import { readCalls } from './calls/calls';
import { FINAL_TOOL, FinalTool } from './calls/finalTool';
import { type Answer, askTwice } from './calls/secondTry';
import { askForOutput } from './calls/structured';
import { droppedByStream, faultOf, shortcomingOf } from './calls/unusable';
import { CHAT_MODEL_FORM, type ModelSettings } from './settings';
import { type Asked, buildRequest } from './request';
import { joined } from './signals';
import { functionNames } from './tools';

/** What the models of one execution know together. */
export interface ExecutionMemory {
	rounds: Rounds;
	answers: Answers;
	/** What was said in n8n's log. */
	notes: Set<string>;
	/** By item: what a router takes for one conversation, all starts of the agent together. */
	sessions: Map<number, string>;
}

export interface ChatModelOptions {
	node: INode;
	connection: Connection;
	/** Of each request, from the form. */
	settings: ModelSettings;
	limits: RequestOptions;
	/** What `affinityOf` says. */
	affinity?: string;
	memory: ExecutionMemory;
	/** The start of the agent that the model was made for, and what it has asked since. */
	start: string;
	turns: Turns;
	/** Says in n8n's log what its reader should know. */
	note(message: string): void;
}

const MIXED =
	"With several items, n8n's AI Agent mixes up their tool calls, and asks all of them again in each round. Here, calls of other items were left out, and what was answered already was not asked again. Safer is one item at a time, with 'Loop Over Items'";

const STREAMED_OUTPUT =
	"n8n's AI Agent does not hand its text to the Output Parser while it streams. Turn off 'Enable Streaming' in the options of the agent";

/**
 * The model of the SDK, over our client: one request for each answer, or two where n8n can run no call of the first.
 * Fails with n8n's errors, in the words of the Gradient node.
 */
export class GradientChatModel implements ChatModel<CallConfig> {
	readonly provider = 'digitalocean-gradient';
	readonly modelId: string;

	/** @param tools undefined: nobody has bound any, so that calls of other functions are for the caller */
	constructor(
		private readonly options: ChatModelOptions,
		private readonly tools?: Tool[],
	) {
		this.modelId = options.settings.fields.model;
	}

	/** With these too. Where a name is taken already, the new tool counts: n8n's agent may bind twice. */
	withTools(tools: Tool[]): GradientChatModel {
		const byName = new Map([...(this.tools ?? []), ...tools].map((tool) => [tool.name, tool]));
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
			/** Of the last answer. */
			let said = '';
			const listen = (): Listeners => {
				let gap = said ? '\n\n' : '';
				said = '';
				return {
					onText: (delta) => {
						say({ type: 'text-delta', delta: gap + delta });
						said += delta;
						gap = '';
					},
					onReasoning: (delta) => say({ type: 'reasoning-delta', delta }),
					isUnreadKept: true,
				};
			};
			const result = await this.answer(messages, config, { listen, left });
			const { message, finishReason = 'other', usage } = result;
			const text = textOf(result);
			// of what is no text to the API, such as a refusal
			const rest = text.startsWith(said) ? text.slice(said.length) : '';
			if (rest) say({ type: 'text-delta', delta: rest });
			for (const part of message.content) {
				if (part.type !== 'tool-call') continue;
				const { toolCallId: id, toolName: name, input: argumentsDelta } = part;
				say({ type: 'tool-call-delta', id, name, argumentsDelta });
			}
			say({ type: 'finish', finishReason, usage });
		});
	}

	/**
	 * @param stream how its pieces are heard, and what ends it: nobody reads it any more
	 * @throws NodeApiError, NodeOperationError; the reason of a signal of the call
	 */
	private async answer(
		messages: Message[],
		config: CallConfig,
		stream?: { listen(): Listeners; left: AbortSignal },
	): Promise<GenerateResult> {
		const { node, connection, memory, start, turns, note } = this.options;
		const asked = this.ask(messages, config);
		const { restored } = asked;
		const question = questionOf(restored.input);
		const turn = turns.next(question);
		if (restored.isMixed) note(MIXED);
		const known = restored.hasNews ? undefined : memory.answers.find(question, turn, start);
		if (known) {
			note(MIXED);
			config.onResult?.(known);
			return known;
		}
		const call = joined([connection.signal, config.signal, config.abortSignal, stream?.left]);
		try {
			const answer = await this.send(asked, config, call.signal, stream?.listen);
			if (stream) this.checkFinal(answer);
			const result = toResult(answer, asked.tools);
			const calls = answer.calls.map(({ call_id }) => call_id);
			if (calls.length > 0) memory.rounds.add(answer.history, calls, restored.round);
			else if (this.tools) memory.answers.add(question, turn, { result, start });
			config.onResult?.(result);
			return result;
		} catch (error) {
			// by Stop, or because the node that asked has ended
			if (connection.signal?.aborted) throw canceled(node);
			if (call.signal.aborted) throw call.signal.reason;
			const nodeError = toNodeError(node, error, undefined, CHAT_MODEL_FORM);
			throw stream ? forChat(nodeError) : nodeError;
		} finally {
			call.unlink();
		}
	}

	/** @throws NodeOperationError, if the API cannot take it; nothing is sent then */
	private ask(messages: Message[], config: CallConfig): Asked {
		const { node, connection, settings, memory, start, note } = this.options;
		const context = { connection, settings, tools: this.tools ?? [], start, note, ...memory };
		const asked = buildRequest(messages, config, context);
		if (asked.problems.length === 0) return asked;
		const message = listed(asked.problems);
		const description = `Nothing was sent, because the API does not take what the connected node gave: ${message}.`;
		throw new NodeOperationError(node, message, { description });
	}

	private async send(
		{ request, tools }: Asked,
		config: CallConfig,
		signal: AbortSignal,
		listen?: () => Listeners,
	): Promise<Answer> {
		const { connection, settings, limits, affinity, memory, note } = this.options;
		const { timeout = limits.timeout, maxRetries = limits.maxRetries } = config;
		const whole = listen ? { ...request, ...streamed(request) } : request;
		const taken = new Set(inputItems(request.input).map(callIdOf));
		const ownId = (id: string) => {
			const own = memory.rounds.ownId(id, (one) => taken.has(one));
			taken.add(own);
			return own;
		};
		// where nobody has bound tools, whoever reads the answer knows those of the form
		const names = this.tools
			? tools.map(({ definition }) => definition.name ?? '')
			: functionNames(settings.additional.tools);
		const offered = new Set(names.filter(Boolean));
		const output = await this.outputOf(config, request);
		const final = await FinalTool.among(tools, connection, request.model);
		const create = async (one: ResponseRequest) => {
			const { onText, ...others } = listen?.() ?? {};
			// pieces of JSON that may be asked for again are of no use
			const heard = output ? others : { onText, ...others };
			const options = { timeout, maxRetries, signal, affinity, onLeftOut: note, ...heard };
			return await connection.client.createResponse(one, options);
		};
		const ask = async () =>
			await askTwice(
				whole,
				async (one) => await (final ? final.send(one, create) : create(one)),
				(response) => readCalls(response, { request: whole, offered, ownId, mend: final?.mend }),
			);
		const answer = output ? await askForOutput(whole, output, { ask, create, note }) : await ask();
		for (const wrong of answer.told) note(`${faultOf(wrong)}. The model was told so`);
		const shortcoming = shortcomingOf(answer.response);
		if (shortcoming) note(shortcoming);
		return answer;
	}

	/**
	 * What the caller wants the answer to be, or else the form; not where n8n's agent has its own way for that.
	 * @throws NodeOperationError, if nobody could check by the caller's schema
	 */
	private async outputOf(
		{ wanted }: CallConfig,
		{ model, tools }: ResponseRequest,
	): Promise<StructuredOutput | undefined> {
		const { node, connection, settings, limits } = this.options;
		const hasFinal = this.tools?.some(({ name }) => name === FINAL_TOOL);
		if (!wanted && (!settings.isJson || hasFinal)) return undefined;
		const { StructuredOutput: Output, schemaProblem } = await connection.loadStructuredOutput();
		const schema = wanted && connection.toJsonSchema(wanted.schema);
		const problem = schema && schemaProblem(schema);
		if (problem) throw new NodeOperationError(node, `The schema of the output ${problem}`);
		const taken = new Set((tools ?? []).flatMap(({ name }) => name ?? []));
		return new Output(
			{ name: ownName(wanted?.name ?? 'output', taken), ...(schema && { schema }) },
			{
				way: wanted ? 'functionCall' : 'automatic',
				maxRepairs: limits.maxRepairs,
				server: connection.client.baseUrl,
				model,
			},
		);
	}

	/** @throws GradientApiError, where n8n's agent would lose the output that it was made for */
	private checkFinal({ calls, response, usage }: Answer) {
		if (calls.some(({ name }) => name === FINAL_TOOL)) throw droppedByStream(response, usage);
		const isOffered = this.tools?.some(({ name }) => name === FINAL_TOOL);
		if (isOffered && calls.length === 0) this.options.note(STREAMED_OUTPUT);
	}
}

const callIdOf = (item: { call_id?: unknown; type?: unknown }) =>
	item.type === 'function_call' ? item.call_id : undefined;

const streamed = ({ stream_options = { include_usage: true } }: ResponseRequest) => ({
	stream: true,
	stream_options,
});

/** n8n's chat shows the description only. */
function forChat(error: NodeError): NodeError {
	const { message, description } = error;
	if (description?.includes(message)) return error;
	error.description = description ? `${message}. ${description}` : message;
	return error;
}
