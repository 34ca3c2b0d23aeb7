import type { Message, Tool } from '@n8n/ai-node-sdk';

import type { InputItem, ResponseRequest, Violation } from '../shared/client';
import { fitHistory } from '../shared/client/response/history';
import type { Connection } from '../shared/host/connection';
import type { Restored, Rounds } from './agent/rounds';
import { withoutAgentKeys } from './agentKeys';
import type { CallConfig } from './callConfig';
import type { ModelSettings } from './settings';
import { toInput, withPictures } from './input';
import { type NamedTool, nameTools, toToolChoice } from './tools';

export interface Asked {
	request: ResponseRequest;
	/** What is wrong with it: it must not be sent then. */
	problems: string[];
	tools: NamedTool[];
	/** What is known of the conversation, before it was made fit to be sent. */
	restored: Restored;
}

interface RequestContext {
	connection: Connection;
	settings: ModelSettings;
	/** Those that are bound. */
	tools: Tool[];
	rounds: Rounds;
	/** The start of the agent. */
	start: string;
	/** Is told what the model does not get. */
	note(words: string): void;
}

/** Builds the request for the messages. Only what was set is in it. */
export function buildRequest(
	messages: Message[],
	config: CallConfig,
	{
		connection,
		settings: { fields, additional, arePicturesSent },
		tools: bound,
		rounds,
		start,
		note,
	}: RequestContext,
): Asked {
	const problems: string[] = [];
	const tools = nameTools(bound, additional.tools, connection.toJsonSchema);
	const told = toInput(messages, (problem) => problems.push(problem), { note, arePicturesSent });
	const restored = rounds.restore(inWordsOfModel(told, tools), start);
	const ownTools = tools.map(({ definition }) => definition);
	const choice = ownTools.length > 0 ? toToolChoice(config.tool_choice, tools) : undefined;
	const own = {
		...fields,
		...fromConfig(config),
		...(ownTools.length > 0 && { tools: ownTools }),
		...(choice && { tool_choice: choice }),
		input: fitHistory(withPictures(restored.input)),
	};
	if (problems.length === 0) {
		const violations = connection.findViolations(own);
		// of the additional fields the form says that they are sent as they are
		const isOwn = ({ path: [key] }: Violation) =>
			key === 'tools' || !Object.hasOwn(additional, key);
		problems.push(...violations.filter(isOwn).map(inWords));
	}
	const { input, ...request } = {
		...own,
		...additional,
		...(Array.isArray(additional.tools) && {
			tools: [...(additional.tools as object[]), ...ownTools],
		}),
		// what needs a tool would fail without it
		...(choice && { tool_choice: choice }),
	} as ResponseRequest;
	// what is the same in all rounds first: caches go by how requests begin
	return { request: { ...request, input }, problems, tools, restored };
}

/** Calls under the names that the model knows, with the arguments that it gave. */
const inWordsOfModel = (input: InputItem[], tools: NamedTool[]) =>
	input.map((item) => {
		if (item.type !== 'function_call') return item;
		const tool = tools.find(({ name }) => name === item.name);
		const call = withoutAgentKeys(item, tool?.definition.parameters);
		return { ...call, name: tool?.definition.name ?? call.name };
	});

const inWords = ({ path, message }: Violation) =>
	`'${path.map((key) => (typeof key === 'number' ? key + 1 : key)).join(' ')}' ${message}`;

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
