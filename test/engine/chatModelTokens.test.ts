/** How the sub-node's chat model counts tokens, for memories and chains that ask it; and whom it calls: nobody but the API. */
import { HumanMessage, trimMessages } from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import net from 'node:net';
import type { INodeExecutionData } from 'n8n-workflow';

import { MODEL_NODE, startWithModel, withModel } from '../support/chatModel';
import { useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';

const gradient = useGradient();
const { test } = ifHost('aiNodeSdk');

const tool = { name: 'f', description: '', schema: { type: 'object', properties: {} } };

test.each([
	['a text', 'x'.repeat(400), 100],
	['nothing', '', 0],
	[
		'parts, of which a picture has none',
		[
			{ type: 'text', text: 'x'.repeat(5) },
			{ type: 'image_url', image_url: 'data:x' },
		],
		2,
	],
])('A token is four characters: %s', async (_name, content, tokens) => {
	const counts = await withModel(gradient, async (model) => [
		await model.getNumTokens(content as never),
		await (model.bindTools!([tool]) as unknown as typeof model).getNumTokens(content as never),
	]);
	expect(counts).toEqual([tokens, tokens]);
});

const QUESTION = 'What is the capital of France?';

test("n8n's log estimates them alike, without a tokenizer that would hold up n8n before each request", async () => {
	const { result } = startWithModel(gradient, async (model) => {
		await model.invoke(QUESTION);
		return (await model.bindTools!([tool]).invoke(QUESTION)).content;
	});
	const runs = (await result).run.data.resultData.runData[MODEL_NODE];
	const estimates = runs.map(({ inputOverride }) => {
		const [[item]] = inputOverride!.ai_languageModel as INodeExecutionData[][];
		return [item.json.messages, item.json.estimatedTokens];
	});
	// OpenAI's tokenizer finds nine
	expect(estimates).toEqual(Array(2).fill([[`Human: ${QUESTION}`], 10]));
});

test('A memory that is limited by tokens, an answer and structured output call no host but that of the Base URL', async () => {
	const hosts = new Set<string>();
	const connect = jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (
		this: net.Socket,
		...args: unknown[]
	) {
		const [target] = args.flat() as Array<{ host?: string; port?: number | string }>;
		hosts.add(`${target.host}:${target.port}`);
		connect.mockRestore();
		return this.connect(...(args as [never]));
	} as never);
	const fetched = jest.spyOn(globalThis, 'fetch');
	try {
		const kept = await withModel(gradient, async (model) => {
			const messages = ['a', 'b', 'c'].map((letter) => new HumanMessage(letter.repeat(400)));
			await model.invoke('Hello');
			return await trimMessages(messages, {
				strategy: 'last',
				maxTokens: 250,
				tokenCounter: model,
			});
		});
		expect(kept).toHaveLength(2);
		expect(fetched).not.toHaveBeenCalled();
		expect([...hosts]).toEqual([new URL(gradient.server.url).host]);
	} finally {
		connect.mockRestore();
		fetched.mockRestore();
	}
});
