import { createRequire } from 'node:module';
import path from 'node:path';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import type { N8nLlmTracing } from '@n8n/ai-utilities';
import { type INodeType, NodeConnectionTypes } from 'n8n-workflow';

import { defineNodeType } from '../../../test/support/engine.js';
import { PEERS_FOLDER } from '../throughput/peers.mjs';
import { FINAL_TEXT, ROUNDS, TOOL, callOf } from './rounds.mjs';

/** What is left to a chat model: n8n, its agent and its log, and LangChain; the answers are known without a request. */
export function floorNode(): INodeType {
	// the LangChain of n8n's agent
	const load = createRequire(path.join(PEERS_FOLDER, 'package.json'));
	const models = load('@langchain/core/language_models/chat_models') as {
		BaseChatModel: typeof BaseChatModel;
	};
	const messages = load('@langchain/core/messages') as { AIMessage: typeof AIMessage };
	const utilities = load('@n8n/ai-utilities') as { N8nLlmTracing: typeof N8nLlmTracing };

	class Floor extends models.BaseChatModel {
		_llmType() {
			return 'floor';
		}

		override bindTools() {
			return this;
		}

		async _generate(said: BaseMessage[]) {
			const round = said.filter((one) => one.getType() === 'tool').length + 1;
			const text = round < ROUNDS ? '' : FINAL_TEXT;
			const { id, args } = callOf(round);
			const call = { id, name: TOOL, args: JSON.parse(args) as Record<string, string> };
			const message = new messages.AIMessage({
				content: text,
				tool_calls: round < ROUNDS ? [call] : [],
			});
			const tokenUsage = { promptTokens: 72, completionTokens: 35, totalTokens: 107 };
			return { generations: [{ text, message }], llmOutput: { tokenUsage } };
		}
	}

	return {
		...defineNodeType('floor', async () => [[]], {
			inputs: [],
			outputs: [NodeConnectionTypes.AiLanguageModel],
		}),
		execute: undefined,
		async supplyData() {
			return { response: new Floor({ callbacks: [new utilities.N8nLlmTracing(this)] }) };
		},
	};
}
