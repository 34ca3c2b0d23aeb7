/** Small stand-ins for n8n's chat nodes: @n8n/n8n-nodes-langchain is not installed at the project's root. */
import {
	AIMessage,
	HumanMessage,
	SystemMessage,
	ToolMessage,
	type BaseMessage,
} from '@langchain/core/messages';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeType } from 'n8n-workflow';

import { defineNodeType } from './standIns';
import type { NodeTypeMap } from './nodeTypes';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';

interface ConnectedTool {
	name: string;
	invoke(args: object): Promise<string>;
}

/** Answers each call of a tool until the model makes none; the memory keeps what was said. */
const agent = defineNodeType(
	'agent',
	async function () {
		const { AiLanguageModel, AiMemory, AiTool } = NodeConnectionTypes;
		const model = (await this.getInputConnectionData(AiLanguageModel, 0)) as BaseChatModel;
		const tools = (await this.getInputConnectionData(AiTool, 0)) as ConnectedTool[];
		const memory = (await this.getInputConnectionData(AiMemory, 0)) as BaseMessage[];
		const { systemMessage } = this.getNodeParameter('options', 0) as { systemMessage: string };
		const question = new HumanMessage(String(this.getInputData()[0].json.chatInput));
		const messages = [new SystemMessage(systemMessage), ...memory, question];
		for (;;) {
			const answer = (await model.bindTools!(tools as never).invoke(
				messages,
			)) as never as AIMessage;
			messages.push(answer);
			for (const { id, name, args } of answer.tool_calls ?? []) {
				const output = await tools.find((tool) => tool.name === name)!.invoke(args);
				messages.push(new ToolMessage({ tool_call_id: id!, content: output }));
			}
			if (answer.tool_calls?.length) continue;
			memory.push(question, new AIMessage(answer.text));
			return [[{ json: { output: answer.text } }]];
		}
	},
	{
		inputs: [
			{ type: NodeConnectionTypes.Main },
			{ type: NodeConnectionTypes.AiLanguageModel, maxConnections: 1 },
			{ type: NodeConnectionTypes.AiMemory, maxConnections: 1 },
			{ type: NodeConnectionTypes.AiTool },
		],
		properties: [{ displayName: 'Options', name: 'options', type: 'json', default: {} }],
	},
);

/** Chat Trigger, AI Agent and Simple Memory, for one conversation. */
export function chatNodes(chatInput: string): NodeTypeMap {
	const messages: BaseMessage[] = [];
	const memory: INodeType = {
		...defineNodeType('memoryBufferWindow', async () => [[]], {
			inputs: [],
			outputs: [NodeConnectionTypes.AiMemory],
		}),
		execute: undefined,
		supplyData: async () => ({ response: messages }),
	};
	const trigger = defineNodeType('chatTrigger', async () => [[{ json: { chatInput } }]], {
		group: ['trigger'],
		inputs: [],
	});
	return {
		[`${LANGCHAIN}.chatTrigger`]: trigger,
		[`${LANGCHAIN}.agent`]: agent,
		[`${LANGCHAIN}.memoryBufferWindow`]: memory,
	};
}
