/** n8n's memory nodes at the Memory port: a chat that goes on without an agent. */
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import { InMemoryChatMessageHistory } from '@langchain/core/chat_history';
import type { BaseMessage } from '@langchain/core/messages';
import { type IDataObject, type INode, type INodeType, NodeConnectionTypes } from 'n8n-workflow';

import { json } from '../support/answers';
import { defineNodeType, MANUAL_TRIGGER, node } from '../support/engine';
import { gradientNode, NODE, TEXT, useGradient, type GradientRun } from '../support/gradientNode';
import { describeIfHost } from '../support/host';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { echoTool, pluggedInto } from '../support/toolNodes';

const gradient = useGradient();

/** As those of n8n: a memory of LangChain, which outlives an execution, of the last messages. */
class TestMemory {
	readonly memoryKey = 'chat_history';

	chatHistory = new InMemoryChatMessageHistory();

	constructor(private readonly window = 10) {}

	async loadMemoryVariables() {
		return { chat_history: (await this.messages()).slice(-this.window) };
	}

	async saveContext({ input }: { input: string }, { output }: { output: string }) {
		await this.chatHistory.addUserMessage(input);
		await this.chatHistory.addAIMessage(output);
	}

	async messages(): Promise<BaseMessage[]> {
		return await this.chatHistory.getMessages();
	}

	/** Who says what. */
	async said() {
		return (await this.messages()).map((one) => [one.getType(), one.content]);
	}
}

const memoryNode = (supply: (item: number) => unknown): INodeType => ({
	...defineNodeType('memory', async () => [[]], {
		inputs: [],
		outputs: [NodeConnectionTypes.AiMemory],
	}),
	execute: undefined,
	supplyData: async (item) => ({ response: await supply(item) }),
});

interface MemoryRun extends Pick<GradientRun, 'items' | 'nodeSettings'> {
	memory: (item: number) => unknown;
	tools?: Parameters<typeof pluggedInto>[1];
	next?: INode[];
	/** The node that the memory is plugged into. */
	at?: string;
}

async function run(form: IDataObject, options: MemoryRun) {
	const { memory, tools = {}, next = [], at = NODE, nodeSettings, items } = options;
	const plugged = pluggedInto(NODE, tools);
	const path = [node('Start', MANUAL_TRIGGER), gradientNode(form, nodeSettings), ...next];
	const main = path
		.slice(1)
		.map(({ name }, index) => [
			path[index].name,
			{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
		]);
	return await gradient.run(form, {
		items,
		nodes: [...path, node('Memory', 'test.memory'), ...plugged.nodes],
		connections: {
			...(Object.fromEntries(main) as object),
			...plugged.connections,
			Memory: {
				[NodeConnectionTypes.AiMemory]: [
					[{ node: at, type: NodeConnectionTypes.AiMemory, index: 0 }],
				],
			},
		},
		extraNodeTypes: { ...plugged.extraNodeTypes, 'test.memory': memoryNode(memory) },
	});
}

const PROMPT: IDataObject = { ...TEXT, prompt: '={{ $json.prompt }}' };
const user = (content: string) => ({ type: 'message', role: 'user', content });
const assistant = (content: string) => ({ type: 'message', role: 'assistant', content });
const inputs = () => gradient.server.bodies.map(({ input }) => input);

test('What was said in one execution is known in the next', async () => {
	const memory = new TestMemory();
	const ask = async (prompt: string) =>
		await run(PROMPT, { memory: () => memory, items: [{ prompt }] });
	await ask('My name is Ada.');
	const result = await ask('What is my name?');
	expect(inputs()).toEqual([
		'My name is Ada.',
		[user('My name is Ada.'), assistant('Echo: My name is Ada.'), user('What is my name?')],
	]);
	expect(result.json(NODE)[0].text).toBe('Echo: What is my name?');
	expect(await memory.said()).toEqual([
		['human', 'My name is Ada.'],
		['ai', 'Echo: My name is Ada.'],
		['human', 'What is my name?'],
		['ai', 'Echo: What is my name?'],
	]);
});

test('Items follow each other, unless the user wants it otherwise', async () => {
	const memory = new TestMemory();
	const items = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }];
	await run(PROMPT, { memory: () => memory, items });
	expect(gradient.server.peakInFlight).toBe(1);
	expect((inputs()[2] as unknown[]).length).toBe(5);
	const requestOptions = { maxConcurrentRequests: 3 };
	gradient.server.reset();
	gradient.server.answer(async () => {
		await gradient.server.until(() => gradient.server.inFlight > 2, 2_000);
		return undefined;
	});
	await run({ ...PROMPT, requestOptions }, { memory: () => memory, items });
	expect(gradient.server.peakInFlight).toBe(3);
});

test('Each item has the memory of its own session', async () => {
	const memories = [new TestMemory(), new TestMemory()];
	const items = [{ prompt: 'a' }, { prompt: 'b' }];
	await run(PROMPT, { memory: (item) => memories[item], items });
	expect(await memories[0].said()).toEqual([
		['human', 'a'],
		['ai', 'Echo: a'],
	]);
	expect(inputs()).toEqual(['a', 'b']);
});

test('Rules at the beginning of Messages stay there, and the last text of the user is kept', async () => {
	const memory = new TestMemory();
	await memory.saveContext({ input: 'Hi' }, { output: 'Hello' });
	const row = (role: string, content: string) => ({ type: 'message', role, content });
	const message = [row('system', 'Be brief.'), row('user', 'Who?'), row('user', 'And why?')];
	await run({ ...TEXT, inputType: 'messages', messages: { message } }, { memory: () => memory });
	expect(inputs()[0]).toEqual([
		{ type: 'message', role: 'system', content: 'Be brief.' },
		user('Hi'),
		assistant('Hello'),
		user('Who?'),
		user('And why?'),
	]);
	expect((await memory.said()).slice(2)).toEqual([
		['human', 'Who?\nAnd why?'],
		['ai', 'Echo: And why?'],
	]);
});

test('A window that begins within a round of tools is fit to be sent', async () => {
	const memory = new TestMemory(2);
	await memory.saveContext({ input: 'Hi' }, { output: 'Hello' });
	gradient.server.answer([json(responseOf([functionCall('get_weather', '{"city":"Paris"}')]))]);
	const tools = { Weather: () => echoTool('get_weather') };
	await run(PROMPT, { memory: () => memory, items: [{ prompt: 'a' }], tools });
	gradient.server.reset();
	await run(PROMPT, { memory: () => memory, items: [{ prompt: 'b' }] });
	expect(inputs()[0]).toEqual([expect.objectContaining({ role: 'assistant' }), user('b')]);
});

test('A failed answer is not kept, and one that cannot be kept is not lost', async () => {
	const memory = new TestMemory();
	gradient.server.answer(json({ error: { message: 'No.' } }, { status: 400 }));
	expect((await run(TEXT, { memory: () => memory })).status).toBe('error');
	expect(await memory.said()).toEqual([]);
	gradient.server.reset();
	memory.saveContext = async () => {
		throw new Error('The database is gone');
	};
	const result = await run(TEXT, { memory: () => memory });
	expect(result.json(NODE)[0].text).toBe('Echo: Hello');
	expect(result.hints(NODE).map(({ message }) => message)).toEqual([
		'The answer is not in the memory: The database is gone [item 0]',
	]);
});

test('Retry On Fail asks nothing twice, and keeps each answer once', async () => {
	const memory = new TestMemory();
	let failures = 0;
	gradient.server.answer(({ body }) => {
		const isBad = JSON.stringify(body).includes('bad');
		return isBad && failures++ === 0 ? json({ error: {} }, { status: 400 }) : undefined;
	});
	const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	const items = [{ prompt: 'good' }, { prompt: 'bad' }];
	const result = await run(PROMPT, { memory: () => memory, items, nodeSettings });
	expect(result.status).toBe('success');
	expect(gradient.server.requests).toHaveLength(3);
	expect((await memory.said()).map(([, text]) => text)).toEqual([
		...['good', 'Echo: good', 'bad', 'Echo: bad'],
	]);
});

describeIfHost('aiNodeSdk')('Tools', () => {
	const tools = { Weather: () => echoTool('get_weather') };
	const weather = (id: string) => functionCall('get_weather', '{"city":"Paris"}', id);

	test('that were run are kept with their results, and sent again', async () => {
		const memory = new TestMemory();
		gradient.server.answer([
			json(responseOf([weather('call_1'), weather('call_2')])),
			json(textResponse('Sunny.')),
		]);
		await run(PROMPT, { memory: () => memory, items: [{ prompt: 'Weather?' }], tools });
		expect((await memory.messages()).map((one) => [one.getType(), one.content])).toEqual([
			['human', 'Weather?'],
			['ai', ''],
			['tool', 'get_weather got {"city":"Paris"}'],
			['tool', 'get_weather got {"city":"Paris"}'],
			['ai', 'Sunny.'],
		]);
		// as a database keeps them
		const stored = (await memory.messages()).map((one) => one.toDict());
		expect(stored[1].data).toMatchObject({
			content: '',
			tool_calls: [{ id: 'call_1', name: 'get_weather', args: { city: 'Paris' } }, {}],
		});
		gradient.server.reset();
		await run(PROMPT, { memory: () => memory, items: [{ prompt: 'And Rome?' }], tools });
		const call = {
			type: 'function_call',
			name: 'get_weather',
			arguments: '{"city":"Paris"}',
		};
		const output = {
			type: 'function_call_output',
			output: 'get_weather got {"city":"Paris"}',
		};
		expect(inputs()[0]).toEqual([
			user('Weather?'),
			{ ...call, call_id: 'call_1' },
			{ ...call, call_id: 'call_2' },
			{ ...output, call_id: 'call_1' },
			{ ...output, call_id: 'call_2' },
			assistant('Sunny.'),
			user('And Rome?'),
		]);
	});

	test('are named in the answer where a memory takes texts only', async () => {
		const memory = new TestMemory();
		const only = {
			loadMemoryVariables: async () => await memory.loadMemoryVariables(),
			saveContext: memory.saveContext.bind(memory),
		};
		gradient.server.answer([json(responseOf([weather('call_1')])), json(textResponse('Sunny.'))]);
		await run(PROMPT, { memory: () => only, items: [{ prompt: 'Weather?' }], tools });
		expect(await memory.said()).toEqual([
			['human', 'Weather?'],
			['ai', '[Used tools: get_weather {"city":"Paris"}] Sunny.'],
		]);
	});
});

test('Calls that are left to the workflow are kept by the node that brings the answers', async () => {
	const memory = new TestMemory();
	gradient.server.answer([
		json(responseOf([functionCall('refund', '{"order":7}')])),
		json(textResponse('Refunded.')),
	]);
	const asking = { ...TEXT, prompt: 'My money!', separateToolCalls: true };
	await run(asking, { memory: () => memory });
	expect(await memory.said()).toEqual([]);
	const items = [
		{
			call_id: 'call_1',
			output: 'done',
			conversation: [
				user('Hi'),
				assistant('Hello'),
				user('My money!'),
				{ type: 'function_call', call_id: 'call_1', name: 'refund', arguments: '{"order":7}' },
			],
		},
	];
	const answering = { ...TEXT, inputType: 'items', itemsAre: 'answers' };
	await memory.saveContext({ input: 'Hi' }, { output: 'Hello' });
	await run(answering, { memory: () => memory, items });
	// the conversation is there already
	expect((inputs()[1] as unknown[]).length).toBe(5);
	expect((await memory.said()).slice(2).map(([who]) => who)).toEqual(['human', 'ai', 'tool', 'ai']);
});
