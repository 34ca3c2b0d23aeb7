/** A user in n8n's editor, from the credential to the output. Each step leaves a screenshot. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { functionCall, models, responseOf, textResponse } from '../support/responses';
import { openEditor, type Editor } from './support/browser';
import { Canvas } from './support/canvas';
import { KEY, startGradientServer, type GradientStandIn } from './support/gradient';
import { startN8n, type N8n } from './support/n8n';
import { NodeForm } from './support/nodeForm';
import {
	connect,
	gradientNode,
	manualTrigger,
	node,
	type CredentialLink,
} from './support/workflows';

/** n8n's names of the manual trigger, on the first panel and among the found. */
const MANUAL = /^(Trigger manually|Manual Trigger)$/;

const NO_OP = 'n8n-nodes-base.noOp';

let gradient: GradientStandIn;
let n8n: N8n;
let credential: CredentialLink;
let editor: Editor;
let canvas: Canvas;

beforeAll(async () => {
	gradient = await startGradientServer();
	n8n = await startN8n({ name: 'n8n-editor' });
	credential = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
});

// a context of its own for each test: what the editor remembers of one does not help another
beforeEach(async () => {
	gradient.server.reset();
	gradient.server.requireKey(KEY);
	editor = await openEditor(n8n);
	canvas = new Canvas(editor.page);
});

// where a test fails, this is what the user would have seen
afterEach(async () => {
	await editor?.shot(
		`last-of-${testName()
			.replace(/[^a-z0-9]+/gi, '-')
			.slice(0, 40)}`,
	);
	await editor?.close();
});

afterAll(async () => {
	await n8n?.stop();
	await gradient?.close();
});

const testName = () => expect.getState().currentTestName ?? '';

/**
 * A trigger and the Gradient node, opened on the canvas.
 * @param pinned items of the trigger
 * @param next a node behind each output
 */
async function openWorkflow(
	parameters: IDataObject,
	{ pinned, next = [] }: { pinned?: IDataObject[]; next?: string[] } = {},
) {
	const { id } = await n8n.rest<{ id: string }>('POST', '/workflows', {
		name: testName().slice(0, 60),
		nodes: [
			manualTrigger(),
			gradientNode(parameters, credential),
			...next.map((after, index) => node(after, NO_OP, {}, { position: [640, 180 * index - 90] })),
		],
		connections: connect(
			['Start', 'Gradient'],
			...next.map((to, output) => ({ from: 'Gradient', to, output })),
		),
		settings: { executionOrder: 'v1' },
		...(pinned && { pinData: { Start: pinned.map((item) => ({ json: item })) } }),
	});
	await editor.open(`/workflow/${id}`);
	await canvas.node('Gradient').waitFor();
}

test('The credential says why a wrong key is refused, warns of plain http, and accepts the right key', async () => {
	const { page, shot } = editor;
	await editor.open('/home/credentials');
	await page.getByTestId('add-resource-credential').click();
	await page.getByTestId('new-credential-type-select').locator('input').fill('gradient');
	const types = page.getByTestId('new-credential-type-select-option');
	await types.filter({ hasText: 'DigitalOcean Gradient API' }).click();
	await shot('01-credential-type');
	await page.getByTestId('new-credential-type-button').click();

	const modal = page.getByTestId('editCredential-modal');
	const field = (label: string) =>
		modal
			.getByTestId('credential-connection-parameter')
			.filter({ hasText: label })
			.getByTestId('parameter-input-field');
	const save = async () => await modal.getByTestId('credential-save-button').click();
	await field('Base URL').fill(gradient.url);
	await field('Model Access Key').fill('sk-do-wrong');
	await save();
	await modal.getByText('More details').click();
	await modal.getByText('The key is not accepted. Check that it is complete').waitFor();
	await shot('02-credential-wrong-key');

	const notice = modal.getByText('Over http:// everybody on the way could read the key');
	await field('Base URL').fill('http://gradient.example/v1');
	await notice.scrollIntoViewIfNeeded();
	await shot('03-credential-http-notice');

	await field('Base URL').fill('https://gradient.example/v1');
	await notice.waitFor({ state: 'detached' });
	await field('Base URL').fill(gradient.url);
	await field('Model Access Key').fill(KEY);
	await save();
	await modal.getByTestId('credentials-config-container-test-success').waitFor();
	await shot('04-credential-right-key');

	const asked = gradient.requests.length;
	await modal.getByRole('button', { name: 'Retry' }).click();
	await gradient.server.until(() => gradient.requests.length > asked);
	expect(gradient.requests.at(-1)).toMatchObject({ method: 'GET', path: '/v1/models' });
	await modal.getByTestId('credentials-config-container-test-success').waitFor();
});

test('From an empty canvas to an answer: the node is found, a model is picked from the live list', async () => {
	const { page, shot } = editor;
	await editor.open('/workflow/new');
	await canvas.openPanel();
	await canvas.search('manual');
	await canvas.pick(MANUAL);
	await canvas.panelClosed();
	await canvas.openPanel();
	for (const words of ['digitalocean', 'digital ocean', 'deepseek', 'gradient']) {
		const panel = await canvas.search(words);
		await panel.getByText('DigitalOcean Gradient', { exact: true }).waitFor();
		await shot(`05-search-${words}`);
	}
	await canvas.pick('DigitalOcean Gradient');
	await page.getByText('RESPONSE ACTIONS').waitFor();
	await shot('06-actions');
	await canvas.pick('Message a model');

	const form = await NodeForm.opened(page);
	await form.chooseCredential('Gradient');
	const found = await form.searchModel();
	await found.nth(models.data.length - 1).waitFor();
	expect(await found.count()).toBe(models.data.length);
	await shot('07-model-list');
	await form.searchModel('gpt 120');
	await found.getByText('openai-gpt-oss-20b').waitFor({ state: 'detached' });
	await found.first().waitFor();
	const listed = 'openai-gpt-oss-120b · digitalocean · 131k';
	expect(await found.allInnerTexts()).toEqual([listed]);
	await shot('08-model-search');
	await found.first().click();
	expect(await form.field('model').getByTestId('rlc-input').inputValue()).toBe(listed);

	await form.fill('prompt', 'What is the capital of France?');
	await shot('09-form-filled');
	gradient.server.answer(({ method }) =>
		method === 'POST'
			? json(textResponse('The capital of France is Paris.', { model: 'openai-gpt-oss-120b' }))
			: undefined,
	);
	await form.execute();
	await form.showOutputAs('Schema');
	await form.output.getByText('The capital of France is Paris.').first().waitFor();
	const output = await form.output.innerText();
	for (const key of ['text', 'usage', 'input_tokens', 'output_tokens']) {
		expect(output).toMatch(new RegExp(`\\b${key}\\b`));
	}
	await canvas.closeNotices();
	await shot('10-output');
	expect(gradient.server.bodies).toEqual([
		{ model: 'openai-gpt-oss-120b', input: 'What is the capital of France?' },
	]);
});

const GET_WEATHER = {
	tool: [
		{
			type: 'function',
			name: 'get_weather',
			description: 'Gets the current weather of a city',
			parametersMode: 'fields',
			parameters: { parameter: [{ name: 'city', type: 'string' }] },
		},
	],
};

test("With 'Separate Tool Calls Output', a second output appears and gets an item for each call", async () => {
	const { page, shot } = editor;
	gradient.server.answer(({ method }) =>
		method === 'POST'
			? json(responseOf([functionCall('get_weather', '{"city":"Paris"}')]))
			: undefined,
	);
	await openWorkflow({ prompt: 'What is the weather in Paris?', tools: GET_WEATHER });
	const outputs = canvas.node('Gradient').getByTestId('canvas-node-output-handle');
	expect(await outputs.count()).toBe(1);

	const form = await canvas.openNode('Gradient');
	await form.turnOn('separateToolCalls');
	await form.execute();
	await form.output.getByText('Response Branch (1 item)').waitFor();
	await form.output.getByText('Tool Calls Branch (1 item)').click();
	await form.showOutputAs('Schema');
	await form.output.getByText('get_weather').first().waitFor();
	expect(await form.output.innerText()).toMatch(/call_id[^]*call_1[^]*get_weather[^]*Paris/);
	await shot('11-tool-calls-output');

	await form.close();
	await outputs.nth(1).waitFor();
	expect((await outputs.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
		'Response',
		'Tool Calls',
	]);
	await page.getByTestId('zoom-to-fit').click();
	await shot('12-second-output-on-canvas');
});

test('A tool that is plugged in on the canvas is run; calls of other functions go out to the workflow', async () => {
	const { shot } = editor;
	// first a call of the tool that is plugged in, then one of the function in the form
	gradient.server.answer(({ method, rawBody, body }) => {
		if (method !== 'POST') return undefined;
		if (rawBody.includes('function_call_output')) {
			return json(responseOf([functionCall('get_weather', '{"city":"Paris"}', 'call_2')]));
		}
		const { tools } = body as { tools: Array<{ name: string }> };
		return json(responseOf([functionCall(tools[1].name, '{"input":"6*7"}')]));
	});
	await openWorkflow(
		{ prompt: 'What is 6 times 7?', tools: GET_WEATHER, separateToolCalls: true },
		{ next: ['Send Answer', 'Ask a Person'] },
	);
	await canvas.openTools('Gradient');
	await shot('13-tools-to-choose');
	await canvas.pick('Calculator');
	const calculator = await NodeForm.opened(editor.page);
	await calculator.close();
	await canvas.execute();
	await canvas.zoomToFit();
	await canvas.closeNotices();
	await shot('14-tool-on-canvas');

	const form = await canvas.openNode('Gradient');
	await form.showOutputAs('Table');
	await form.output.getByText('get_weather').first().waitFor();
	expect(await form.output.innerText()).toMatch(/tool_runs[^]*Calculator[^]*42/);
	await form.showOutputAs('Schema');
	await shot('15-tool-runs');
	const [, { input }] = gradient.server.bodies;
	expect(input).toContainEqual(
		expect.objectContaining({ type: 'function_call_output', call_id: 'call_1', output: '42' }),
	);
});

test('What is wrong with the form is said in its words, with the item that it is wrong for', async () => {
	await openWorkflow(
		{ prompt: '={{ $json.question }}', options: { temperature: 5 } },
		{ pinned: [{ question: 'Who are you?' }, { question: '' }] },
	);
	const form = await canvas.openNode('Gradient');
	await form.execute();
	await form.output
		.getByText(/'Temperature' must be at most 2/)
		.first()
		.waitFor();
	await editor.shot('16-form-error');
	expect(gradient.server.bodies).toEqual([]);

	await form.fill('temperature', '0.5');
	await form.execute();
	await form.output
		.getByText(/'Prompt' is empty/)
		.first()
		.waitFor();
	expect(await form.output.innerText()).toMatch(/'Prompt' is empty: [^[]+\[item 1\]/i);
	await editor.shot('17-item-error');
});

/** A form with all that can be added to it, in one kind of input each. */
const FORMS: Array<[name: string, form: IDataObject, added: string[]]> = [
	['text', { prompt: 'Hello' }, ['Prompt']],
	[
		'messages',
		{
			inputType: 'messages',
			messages: {
				message: [
					{ type: 'message', role: 'user', content: 'What is the weather in Paris?' },
					{ type: 'function_call', callId: 'c1', name: 'get_weather', arguments: '{}' },
					{ type: 'function_call_output', callId: 'c1', output: '21' },
				],
			},
		},
		[
			'Messages',
			...['Type', 'Role', 'Content Type', 'Content'],
			...['Type', 'Call ID', 'Function Name', 'Arguments', 'More Fields'],
			...['Type', 'Call ID', 'Output', 'More Fields'],
		],
	],
	['items', { inputType: 'items' }, ['Items Are', 'Content Field']],
	['answers', { inputType: 'items', itemsAre: 'answers' }, ['Items Are']],
	[
		'input-items',
		{ inputType: 'items', itemsAre: 'inputItems' },
		['Items Are', 'Content Field', 'Role Field'],
	],
	['json', { inputType: 'json' }, ['Input (JSON)']],
];

test.each(FORMS)(
	'The form for %s is in order, and nothing in it is cut off',
	async (name, form, fields) => {
		await editor.page.setViewportSize({ width: 1200, height: 1900 });
		await openWorkflow(form);
		const opened = await canvas.openNode('Gradient');
		expect(await opened.labels()).toEqual([
			...['Credential', 'Resource', 'Operation', 'Model', 'Input Type'],
			...fields,
			...['Instructions', 'Functions and Server Tools', 'Simplify'],
			...['Options', 'Request Options'],
		]);
		expect(await opened.cutLabels()).toEqual([]);
		await editor.shot(`18-form-${name}`);
	},
);

test('Tools and options that were added are in order, and nothing of them is cut off', async () => {
	await editor.page.setViewportSize({ width: 1200, height: 2900 });
	await openWorkflow({
		prompt: 'Hello',
		tools: GET_WEATHER,
		options: { maxOutputTokens: 1024, stop: ['END'], toolChoice: 'auto' },
		requestOptions: { delayBetweenRequests: 0, maxConcurrentRequests: 5, timeout: 300000 },
	});
	const form = await canvas.openNode('Gradient');
	const labels = await form.labels();
	expect(labels.slice(labels.indexOf('Functions and Server Tools'))).toEqual([
		'Functions and Server Tools',
		...['Type', 'Name', 'Description', 'Parameters', 'Parameter List'],
		...['Name', 'Type', 'Description', 'Allowed Values', 'Required'],
		...['Separate Tool Calls Output', 'Simplify'],
		...['Options', 'Max Output Tokens', 'Stop Sequences', 'Tool Choice'],
		...['Request Options', 'Delay Between Requests', 'Max Concurrent Requests', 'Timeout'],
	]);
	expect(await form.cutLabels()).toEqual([]);
	await editor.shot('19-form-tools-and-options');
});
