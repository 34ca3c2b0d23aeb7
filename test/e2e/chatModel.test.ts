/** The chat model under n8n's Basic LLM Chain, and in the editor: how it is found there, and what its log shows. */
import type { IDataObject, INode } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { reasoning, responseOf, textResponse } from '../support/responses';
import { agent, calculator, chain, memory, model, parser } from './support/aiNodes';
import { openEditor, type Editor } from './support/browser';
import { Canvas } from './support/canvas';
import { inputOf, tokens, useChatModel } from './support/chatModel';
import { MODEL } from './support/gradient';
import { NodeForm } from './support/nodeForm';
import { manualTrigger } from './support/workflows';

const bench = useChatModel('n8n-chat-model');

describe('Basic LLM Chain', () => {
	test('answers', async () => {
		bench.aimock.onPrompt('Hello', 'Hi there');
		const execution = await bench.run(chain('Hello'), model(bench.theirs));
		expect(execution.error).toBeUndefined();
		expect(execution.json('Chain')).toEqual([{ text: 'Hi there' }]);
	});

	test('answers although the model thinks', async () => {
		bench.answer(() => json(responseOf([reasoning('Hm'), ...(textResponse('Hi').output ?? [])])));
		const execution = await bench.run(chain('Hello'), model(bench.ours));
		expect(execution.json('Chain')).toEqual([{ text: 'Hi' }]);
	});

	test('gives structured output', async () => {
		bench.aimock.onPrompt('capital', '{"output":{"city":"Rome","population":2800000}}');
		const root = chain('The capital of Italy?', { hasOutputParser: true });
		const execution = await bench.run(root, model(bench.theirs), parser());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Chain')).toEqual([{ output: { city: 'Rome', population: 2800000 } }]);
	});

	test('shows images to the model', async () => {
		const imageUrl = 'https://example.com/a.png';
		const messageValues = [
			{ type: 'HumanMessagePromptTemplate', messageType: 'imageUrl', imageUrl },
		];
		const execution = await bench.run(
			chain('What is this?', { messages: { messageValues } }),
			model(bench.ours),
		);
		expect(execution.error).toBeUndefined();
		expect(JSON.stringify(inputOf(bench.gradient.requests[0]))).toContain(
			JSON.stringify({ type: 'input_image', image_url: imageUrl }),
		);
	});

	test('goes on with its fallback model', async () => {
		bench.answer(({ body }) =>
			(body as IDataObject).model === MODEL ? errorBodies.unauthorized : undefined,
		);
		const second = model(
			bench.ours,
			{ model: { __rl: true, mode: 'id', value: 'another' } },
			'Fallback',
		);
		const execution = await bench.run(
			chain('Hello', { needsFallback: true }),
			model(bench.ours),
			second,
		);
		expect(execution.json('Chain')).toEqual([{ text: 'Echo: Hello' }]);
	});
});

describe('The editor', () => {
	let editor: Editor;

	beforeAll(async () => {
		editor = await openEditor(bench.n8n, { width: 1440, height: 860 });
	});

	afterAll(async () => await editor?.close());

	test('shows the tokens of each request to the model, and of the whole run, in its logs', async () => {
		const call = { id: 'call_tip', name: 'Calculator', arguments: '{"input":"240*1.15"}' };
		const content = 'With a tip of 15 %, that is 276.';
		bench.aimock.on({ hasToolResult: false }, { toolCalls: [call], usage: tokens(152, 21) });
		bench.aimock.on({ toolCallId: 'call_tip' }, { content, usage: tokens(181, 14) });
		const at = (one: INode, ...position: [number, number]) => ({ ...one, position });
		const root = at(agent('How much is 240 with a tip of 15 %?'), 260, 0);
		const id = await bench.create(
			root,
			[
				at(model(bench.theirs, {}, 'DigitalOcean Gradient Chat Model'), 100, 220),
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
		const id = await bench.create({ ...agent('Hello'), position: [260, 0] }, []);
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
		expect(bench.gradient.requests.map(({ method, path }) => `${method} ${path}`)).toContain(
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
