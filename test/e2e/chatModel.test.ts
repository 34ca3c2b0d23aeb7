/**
 * The chat model under n8n's own nodes: AI Agent with tools and memory, Basic LLM Chain, structured output,
 * streaming chat, fallback model, Stop; and what its log shows.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INode } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { hang, json, type Answer } from '../support/answers';
import type { Aimock } from '../support/aimock';
import { errorBodies } from '../support/errorBodies';
import type { SeenRequest } from '../support/gradientServer';
import { functionCall, reasoning, responseOf, textResponse } from '../support/responses';
import {
	AGENT,
	agent,
	calculator,
	chain,
	memory,
	model,
	parser,
	portOf,
	wordCounter,
} from './support/aiNodes';
import {
	KEY,
	MODEL,
	startAimock,
	startGradientServer,
	type GradientStandIn,
} from './support/gradient';
import { openEditor, type Editor } from './support/browser';
import { Canvas } from './support/canvas';
import { NodeForm } from './support/nodeForm';
import { startN8n, type N8n } from './support/n8n';
import {
	CHAT_TRIGGER,
	connect,
	manualTrigger,
	node,
	type CredentialLink,
	type Link,
} from './support/workflows';

let gradient: GradientStandIn;
let aimock: Aimock;
let n8n: N8n;
/** Of the two servers. */
let ours: CredentialLink;
let theirs: CredentialLink;

beforeAll(async () => {
	gradient = await startGradientServer();
	const mock = await startAimock();
	aimock = mock;
	n8n = await startN8n({ name: 'n8n-chat-model' });
	ours = await n8n.createCredential('gradientApi', 'Server', gradient.credential);
	theirs = await n8n.createCredential('gradientApi', 'Aimock', mock.credential);
});

beforeEach(() => {
	gradient.server.reset();
	gradient.server.requireKey(KEY);
	aimock.reset();
});

afterAll(async () => {
	await n8n?.stop();
	await aimock?.close();
	await gradient?.close();
});

/** A root node with its sub-nodes, behind a trigger. */
async function create(
	root: INode,
	subNodes: INode[],
	trigger = manualTrigger(),
	name = `Chat model ${randomUUID()}`,
) {
	let models = 0;
	const links = subNodes.map((subNode): Link => {
		const port = portOf(subNode);
		const input = port === 'ai_languageModel' ? models++ : 0;
		return { from: subNode.name, to: root.name, type: port, input };
	});
	return await n8n.createWorkflow({
		name,
		nodes: [trigger, root, ...subNodes],
		connections: connect([trigger.name, root.name], ...links),
	});
}

const run = async (root: INode, ...subNodes: INode[]) =>
	await n8n.run(await create(root, subNodes));

/** As a fixture of aimock says it. */
const tokens = (input_tokens: number, output_tokens: number) => ({
	input_tokens,
	output_tokens,
	total_tokens: input_tokens + output_tokens,
});

/** Answers posts only: the editor may look for models. */
const answer = (script: (request: SeenRequest, index: number) => Answer | undefined) => {
	let posts = 0;
	gradient.server.answer((request) =>
		request.method === 'POST' ? script(request, posts++) : undefined,
	);
};

const inputOf = (request: { body?: unknown }) =>
	(request.body as { input: Array<IDataObject & { role?: string }> }).input;

describe('AI Agent', () => {
	test('calls tools, and remembers the conversation', async () => {
		aimock.onPromptCall('6 times 7', {
			name: 'Calculator',
			arguments: { input: '6*7' },
			id: 'call_product',
		});
		aimock.onCallOutput('call_product', 'It is 42.');
		aimock.onPromptCall('how many words', {
			name: 'Word_Counter',
			arguments: { input: 'one two three' },
			id: 'call_words',
		});
		aimock.onCallOutput('call_words', 'Three, and before that it was 42.');
		const subNodes = () => [model(theirs), calculator(), wordCounter(), memory('one session')];
		const first = await run(agent('What is 6 times 7?'), ...subNodes());
		expect(first.error).toBeUndefined();
		expect(first.json('Agent')).toEqual([{ output: 'It is 42.' }]);
		expect(first.json('Calculator', 0, 'ai_tool')).toMatchObject([{ response: '42' }]);
		const [asked, told] = aimock.requests;
		expect(asked.body).toMatchObject({
			model: MODEL,
			tools: expect.arrayContaining([
				expect.objectContaining({ name: 'Calculator' }),
				expect.objectContaining({ name: 'Word_Counter' }),
			]) as unknown,
		});
		expect(inputOf(told).at(-1)).toMatchObject({
			type: 'function_call_output',
			call_id: 'call_product',
			output: expect.stringContaining('42') as string,
		});

		const workflow = await create(
			agent('={{ "And how many words has: one two three" }}'),
			subNodes(),
		);
		const second = await n8n.run(workflow);
		expect(second.json('Agent')).toEqual([{ output: 'Three, and before that it was 42.' }]);
		expect(second.json('Word_Counter', 0, 'ai_tool')).toMatchObject([{ response: '3' }]);
	});

	test('has the earlier turns of its memory in the request', async () => {
		const workflow = await create(agent('={{ $runIndex >= 0 ? "Hello" : "" }}'), [
			model(ours),
			memory('another session'),
		]);
		await n8n.run(workflow);
		const again = await n8n.run(workflow);
		expect(again.json('Agent')).toEqual([{ output: 'Echo: Hello' }]);
		expect(inputOf(gradient.requests[1])).toMatchObject([
			{ role: 'user', content: 'Hello' },
			{ role: 'assistant', content: 'Echo: Hello' },
			{ role: 'user', content: 'Hello' },
		]);
	});

	test('goes through twenty rounds of tools, with each thought before its call', async () => {
		const ROUNDS = 20;
		answer((_request, index) =>
			json(
				index < ROUNDS
					? responseOf([
							reasoning(`Thought ${index}`, { id: `rs_${index}` }),
							functionCall('Calculator', JSON.stringify({ input: `${index}+1` }), `call_${index}`),
						])
					: textResponse('Done'),
			),
		);
		const root = agent('Count', { options: { maxIterations: 30 } });
		const execution = await run(root, model(ours), calculator());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent', 0, 'main', 0)).toEqual([{ output: 'Done' }]);
		expect(execution.runs('Calculator')).toHaveLength(ROUNDS);
		expect(gradient.server.bodies).toHaveLength(ROUNDS + 1);
		const last = inputOf(gradient.requests[ROUNDS]).slice(1);
		expect(last.map(({ type }) => type)).toEqual(
			Array.from({ length: ROUNDS }, () => [
				'reasoning',
				'function_call',
				'function_call_output',
			]).flat(),
		);
		const told = last.filter(({ type }) => type === 'function_call_output');
		told.forEach(({ call_id, output }, index) => {
			expect([call_id, output]).toEqual([
				`call_${index}`,
				expect.stringContaining(String(index + 1)),
			]);
		});
	});

	test('gives structured output', async () => {
		answer(() =>
			json(
				responseOf([
					functionCall(
						'format_final_json_response',
						'{"output":{"city":"Rome","population":2800000}}',
					),
				]),
			),
		);
		const root = agent('The capital of Italy?', { hasOutputParser: true });
		const execution = await run(root, model(ours), parser());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent')).toEqual([{ output: { city: 'Rome', population: 2800000 } }]);
		expect(gradient.server.bodies[0].tools).toMatchObject([{ name: 'format_final_json_response' }]);
	});

	test('fails in our words, with what to do', async () => {
		answer(() => errorBodies.unauthorized);
		const execution = await run(agent('Hello'), model(ours));
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe('Unable to authenticate you.');
		expect(execution.error?.description).toContain("Check 'Model Access Key' in the credential.");
		expect(gradient.server.bodies).toHaveLength(1);
	});

	test('goes on with its fallback model', async () => {
		answer(({ body }) =>
			(body as IDataObject).model === MODEL
				? json({ error: { message: 'Overloaded' } }, { status: 503 })
				: undefined,
		);
		const first = model(ours, { requestOptions: { maxRetries: 0 } });
		const second = model(ours, { model: { __rl: true, mode: 'id', value: 'another' } }, 'Fallback');
		const execution = await run(agent('Hello', { needsFallback: true }), first, second);
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent')).toEqual([{ output: 'Echo: Hello' }]);
		expect(gradient.server.bodies.map((body) => body.model)).toEqual([MODEL, 'another']);
	});

	test('must call a tool first where its form says so', async () => {
		answer((_request, index) =>
			index === 0
				? json(responseOf([functionCall('Calculator', '{"input":"1+1"}')]))
				: json(textResponse('Two')),
		);
		const root = agent('Hello', { options: { forceToolCallOnFirstIteration: true } });
		const execution = await run(root, model(ours), calculator());
		expect(execution.error).toBeUndefined();
		const choices = gradient.server.bodies.map((body) => body.tool_choice);
		expect(choices).toEqual(['required', undefined]);
	});

	test('is ended by Stop, and the request in flight with it', async () => {
		answer(() => hang());
		const id = await create(agent('Hello'), [model(ours)]);
		const running = n8n.run(id);
		await gradient.server.until(() => gradient.server.bodies.length > 0, 30_000);
		const { results } = await n8n.rest<{ results: Array<{ id: string; workflowId: string }> }>(
			'GET',
			'/executions',
		);
		const { id: executionId } = results.find(({ workflowId }) => workflowId === id)!;
		await n8n.rest('POST', `/executions/${executionId}/stop`);
		expect((await running).status).toBe('canceled');
		const [request] = gradient.requests.filter(({ method }) => method === 'POST');
		await gradient.server.until(() => request.closedEarly);
	});
});

describe('Basic LLM Chain', () => {
	test('answers', async () => {
		aimock.onPrompt('Hello', 'Hi there');
		const execution = await run(chain('Hello'), model(theirs));
		expect(execution.error).toBeUndefined();
		expect(execution.json('Chain')).toEqual([{ text: 'Hi there' }]);
	});

	test('answers although the model thinks', async () => {
		answer(() => json(responseOf([reasoning('Hm'), ...(textResponse('Hi').output ?? [])])));
		const execution = await run(chain('Hello'), model(ours));
		expect(execution.json('Chain')).toEqual([{ text: 'Hi' }]);
	});

	test('gives structured output', async () => {
		aimock.onPrompt('capital', '{"output":{"city":"Rome","population":2800000}}');
		const root = chain('The capital of Italy?', { hasOutputParser: true });
		const execution = await run(root, model(theirs), parser());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Chain')).toEqual([{ output: { city: 'Rome', population: 2800000 } }]);
	});

	test('shows images to the model', async () => {
		const imageUrl = 'https://example.com/a.png';
		const messageValues = [
			{ type: 'HumanMessagePromptTemplate', messageType: 'imageUrl', imageUrl },
		];
		const execution = await run(
			chain('What is this?', { messages: { messageValues } }),
			model(ours),
		);
		expect(execution.error).toBeUndefined();
		expect(JSON.stringify(inputOf(gradient.requests[0]))).toContain(
			JSON.stringify({ type: 'input_image', image_url: imageUrl }),
		);
	});

	test('goes on with its fallback model', async () => {
		answer(({ body }) =>
			(body as IDataObject).model === MODEL ? errorBodies.unauthorized : undefined,
		);
		const second = model(ours, { model: { __rl: true, mode: 'id', value: 'another' } }, 'Fallback');
		const execution = await run(chain('Hello', { needsFallback: true }), model(ours), second);
		expect(execution.json('Chain')).toEqual([{ text: 'Echo: Hello' }]);
	});
});

test('A streaming chat gets the text in pieces, and the log has its tokens', async () => {
	const content = 'The capital of France is Paris, and it has been so for long.';
	aimock.on({ userMessage: 'Hello' }, { content, usage: tokens(12, 34) });
	const webhookId = randomUUID();
	const trigger = node(
		'Chat',
		CHAT_TRIGGER,
		{ public: true, options: { responseMode: 'streaming' } },
		{ typeVersion: 1.4, webhookId },
	);
	const root = node('Agent', AGENT, {}, { typeVersion: 3.1 });
	const id = await create(root, [model(theirs)], trigger);
	await n8n.activate(id);
	const send = async () =>
		await n8n.fetch(`/webhook/${webhookId}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ action: 'sendMessage', sessionId: 'one', chatInput: 'Hello' }),
		});
	// n8n activates a workflow some time after it has said so
	let response = await send();
	for (; response.status === 404; response = await send()) await sleep(200);
	const lines = (await response.text()).trim().split('\n');
	const chunks = lines.map((line) => JSON.parse(line) as { type: string; content?: string });
	const items = chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
	expect(items.length).toBeGreaterThan(1);
	expect(items.join('')).toContain(content);
	expect(aimock.requests.at(-1)?.body).toMatchObject({ stream: true });

	const { results } = await n8n.rest<{ results: Array<{ id: string; workflowId: string }> }>(
		'GET',
		'/executions',
	);
	const execution = await n8n.ended(results.find(({ workflowId }) => workflowId === id)!.id);
	expect(execution.status).toBe('success');
	expect(execution.json('Chat Model', 0, 'ai_languageModel')).toMatchObject([
		{ tokenUsage: { promptTokens: 12, completionTokens: 34, totalTokens: 46 } },
	]);
});

describe('The editor', () => {
	let editor: Editor;

	beforeAll(async () => {
		editor = await openEditor(n8n, { width: 1440, height: 860 });
	});

	afterAll(async () => await editor?.close());

	test('shows the tokens of each request to the model, and of the whole run, in its logs', async () => {
		const call = { id: 'call_tip', name: 'Calculator', arguments: '{"input":"240*1.15"}' };
		const content = 'With a tip of 15 %, that is 276.';
		aimock.on({ hasToolResult: false }, { toolCalls: [call], usage: tokens(152, 21) });
		aimock.on({ toolCallId: 'call_tip' }, { content, usage: tokens(181, 14) });
		const at = (one: INode, ...position: [number, number]) => ({ ...one, position });
		const root = at(agent('How much is 240 with a tip of 15 %?'), 260, 0);
		const id = await create(
			root,
			[
				at(model(theirs, {}, 'DigitalOcean Gradient Chat Model'), 100, 220),
				at(memory('logs'), 300, 220),
				at(calculator(), 460, 220),
			],
			at(manualTrigger(), 0, 0),
			'Agent with DigitalOcean Gradient',
		);
		const { page } = editor;
		const part = (name: string) => page.getByTestId(name);
		await editor.open(`/workflow/${id}`);
		// the first page of a fresh browser takes its time
		await part('execute-workflow-button').click({ timeout: 90_000 });
		await page.getByText('Workflow executed successfully').waitFor();
		await page.locator('.el-notification__closeBtn').click();
		await part('logs-overview-header').click();
		const overview = part('logs-overview-body');
		const header = part('log-details-header');
		const calls = overview.getByText('DigitalOcean Gradient Chat Model');
		await calls.first().click();
		await header.getByText('173 Tokens').waitFor();
		await enlargeLogs(page);
		await calls.last().click();
		await header.getByText('195 Tokens').waitFor();
		await part('log-details-output').getByText(content).waitFor();
		await editor.shot('agent-log');
		await expect(part('logs-overview-status').innerText()).resolves.toContain('368 Tokens');
	});

	test('offers the model at the agent, with its form and the list of models', async () => {
		const id = await create({ ...agent('Hello'), position: [260, 0] }, []);
		const { page } = editor;
		await editor.open(`/workflow/${id}`);
		const handle = '[data-test-id=canvas-node-input-handle][data-connection-type=ai_languageModel]';
		await page.locator(handle).getByTestId('canvas-handle-plus').click({ timeout: 90_000 });
		const canvas = new Canvas(page);
		const panel = await canvas.search('gradient');
		await panel.getByText('Anthropic Chat Model').waitFor({ state: 'detached' });
		await canvas.pick('DigitalOcean Gradient Chat Model');
		await page.getByText('Add to workflow').click();
		const form = await NodeForm.opened(page);
		await form.chooseCredential('Server');
		const found = await form.searchModel('gpt-oss');
		await found.first().click();
		await editor.shot('chat-model-form');
		expect(gradient.requests.map(({ method, path }) => `${method} ${path}`)).toContain(
			'GET /v1/models',
		);
	});
});

/** By its upper edge. */
async function enlargeLogs(page: Page) {
	const box = (await page.getByTestId('logs-overview').boundingBox())!;
	await page.mouse.move(box.x + 500, box.y);
	await page.mouse.down();
	await page.mouse.move(box.x + 500, box.y - 60, { steps: 5 });
	await page.mouse.up();
}
