/** What builders come for, from an empty canvas, by mouse and keyboard, in few enough steps. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { openEditor, type Editor } from './support/browser';
import { Chat } from './support/chat';
import { KEY, MODEL, startGradientServer, type GradientStandIn } from './support/gradient';
import { startN8n, type N8n } from './support/n8n';
import { Steps } from './support/steps';
import { connect, gradientNode, manualTrigger, type CredentialLink } from './support/workflows';

/** n8n's names of the manual trigger, on the first panel and among the found. */
const MANUAL = /^(Trigger manually|Manual Trigger)$/;

const GRADIENT = 'DigitalOcean Gradient';

let gradient: GradientStandIn;
let n8n: N8n;
let credential: CredentialLink;
let editor: Editor;

// each goes a long way
jest.setTimeout(240_000);

beforeAll(async () => {
	gradient = await startGradientServer();
	n8n = await startN8n({ name: 'n8n-jobs' });
	// the only one, so that n8n selects it
	credential = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
});

beforeEach(async () => {
	gradient.server.reset();
	gradient.server.requireKey(KEY);
	editor = await openEditor(n8n);
	// long ways through the editor, on machines that do other things, too
	editor.page.setDefaultTimeout(40_000);
});

afterEach(async () => {
	const name = expect.getState().currentTestName ?? '';
	await editor?.shot(`job-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 40)}`);
	await editor?.close();
});

afterAll(async () => {
	await n8n?.stop();
	await gradient?.close();
});

const inputs = () => gradient.server.bodies.map(({ input }) => input);

/** A trigger with items, and the node, opened on the canvas. */
async function openWorkflow(parameters: IDataObject, items: IDataObject[]) {
	const id = await n8n.createWorkflow({
		name: (expect.getState().currentTestName ?? '').slice(0, 60),
		nodes: [manualTrigger(), gradientNode(parameters, credential)],
		connections: connect(['Start', 'Gradient']),
		settings: { executionOrder: 'v1' },
		...({ pinData: { Start: items.map((item) => ({ json: item })) } } as object),
	});
	await editor.open(`/workflow/${id}`);
}

test('A first answer', async () => {
	const steps = new Steps(editor.page, 'A first answer, from an empty canvas');
	await editor.open('/workflow/new');
	await steps.add('manual', [MANUAL]);
	await steps.add(
		'digital ocean',
		[GRADIENT, 'Message a model'],
		'When clicking ‘Execute workflow’',
	);
	const form = await steps.form();
	await steps.pickModel(form, MODEL);
	await steps.type(form.field('prompt').locator('textarea').last(), 'Who are you?');
	await steps.click(editor.page.getByTestId('node-execute-button'));
	await form.output.getByText('Echo: Who are you?').first().waitFor();
	await editor.shot('job-first-answer');
	steps.note();
	expect(steps.count).toBeLessThanOrEqual(12);
});

test('A chat with memory', async () => {
	const steps = new Steps(editor.page, 'A chat with memory, from an empty canvas');
	gradient.server.answer(({ method, rawBody }) => {
		if (method !== 'POST') return undefined;
		const isKnown = /My name is Ada[^]*What is my name/.test(rawBody);
		return json(textResponse(isKnown ? 'Your name is Ada.' : 'Hello!'));
	});
	await editor.open('/workflow/new');
	await steps.add(undefined, ['On chat message']);
	if (await editor.page.getByTestId('node-parameters').isVisible()) await steps.closeForm();
	await steps.add('gradient', [GRADIENT, 'Message a model'], 'When chat message received');
	const form = await steps.form();
	await steps.pickModel(form, MODEL);
	await editor.shot('job-chat-form');
	await steps.closeForm();
	await steps.plugIn('Message a model', 'ai_memory', 'Simple Memory');
	await steps.form();
	await steps.closeForm();
	steps.count++;
	const chat = await Chat.open(editor.page);
	steps.note();
	expect(steps.count).toBeLessThanOrEqual(15);

	await chat.send('My name is Ada.');
	await chat.shows('Hello!');
	await chat.send('What is my name?');
	await chat.shows('Your name is Ada.');
	await steps.canvas.zoomToFit();
	await editor.shot('job-chat-with-memory');
	expect(inputs().at(-1)).toEqual([
		{ type: 'message', role: 'user', content: 'My name is Ada.' },
		{ type: 'message', role: 'assistant', content: 'Hello!' },
		{ type: 'message', role: 'user', content: 'What is my name?' },
	]);
});

test('An approval by a person', async () => {
	const { page } = editor;
	const steps = new Steps(page, 'An approval by a person, from an empty canvas');
	gradient.server.answer(({ method, rawBody }) => {
		if (method !== 'POST') return undefined;
		return rawBody.includes('function_call_output')
			? json(textResponse('Your money is on its way.'))
			: json(responseOf([functionCall('refund', '{"order":"A-1043"}')]));
	});
	await editor.open('/workflow/new');
	await steps.add('manual', [MANUAL]);
	await steps.add('gradient', [GRADIENT, 'Message a model'], 'When clicking ‘Execute workflow’');
	const form = await steps.form();
	await steps.pickModel(form, MODEL);
	await steps.type(form.field('prompt').locator('textarea').last(), 'Refund order A-1043, please!');
	steps.count++;
	await form.add('Add Function or Server Tool');
	await steps.type(form.field('name').locator('input').last(), 'refund');
	steps.count++;
	await form.add('Add Parameter');
	await steps.type(form.field('name').locator('input').last(), 'order');
	steps.count++;
	await form.turnOn('separateToolCalls');
	await editor.shot('job-approval-form');
	await steps.closeForm();

	await steps.add('wait', ['Wait'], 'Message a model');
	const wait = await steps.form();
	await steps.choose(wait, 'resume', 'On Form Submitted');
	await steps.type(wait.field('formTitle').locator('input').last(), 'A refund?');
	steps.count++;
	await wait.add('Add Form Element');
	await steps.type(wait.field('fieldLabel').locator('input').last(), 'Decision');
	await steps.closeForm();

	await steps.add('gradient', [GRADIENT, 'Message a model'], 'Wait');
	const back = await steps.form();
	await steps.pickModel(back, MODEL);
	await steps.choose(back, 'inputType', 'Incoming Items');
	await steps.choose(back, 'itemsAre', 'Answers to Tool Calls');
	await editor.shot('job-approval-answers');
	await page.emulateMedia({ colorScheme: 'dark' });
	await editor.shot('job-approval-answers-dark');
	await page.emulateMedia({ colorScheme: 'light' });
	await steps.closeForm();
	steps.count++;
	const popup = page.context().waitForEvent('page');
	await page.locator('[data-test-id=execute-workflow-button]').click();
	const person = await popup;
	const decision = person.locator('input[type=text], input:not([type=hidden])').first();
	const isThere = async () =>
		await decision.waitFor({ timeout: 3_000 }).then(
			() => true,
			() => false,
		);
	// n8n 2.41 may open it before it has stored the execution that waits for it
	for (let tries = 0; tries < 10 && !(await isThere()); tries++) await person.reload();
	await steps.type(decision, 'Approved');
	await steps.click(person.getByRole('button', { name: 'Submit' }));
	await gradient.server.until(() => gradient.server.bodies.length > 1);
	await page.bringToFront();
	await page.getByText('Workflow executed successfully').waitFor();
	await steps.canvas.zoomToFit();
	await editor.shot('job-approval-canvas');
	steps.note();
	expect(steps.count).toBeLessThanOrEqual(45);
	expect((inputs()[1] as IDataObject[]).at(-1)).toMatchObject({
		type: 'function_call_output',
		call_id: 'call_1',
		output: expect.stringContaining('"Decision":"Approved"') as string,
	});
});

test('Five rows keep their ids beside the answers, and the table shows them all', async () => {
	const { page } = editor;
	const steps = new Steps(page, 'A row keeps its id beside its answer, from the open form');
	const rows = [1, 2, 3, 4, 5].map((id) => ({ id, status: 'new', review: `Review ${id}` }));
	await openWorkflow({ prompt: '={{ $json.review }}' }, rows);
	const form = await steps.canvas.openNode('Gradient');
	await steps.click(form.parameters.getByPlaceholder('Add Option', { exact: true }));
	await steps.click(
		page.locator('.el-select-dropdown__item:visible').getByText('Include', { exact: true }),
	);
	steps.count += 3;
	await form.field('includeInOutput').click();
	await page.locator('.el-select-dropdown__item:visible').getByText('Input Fields').click();
	await page.keyboard.press('Escape');
	await steps.click(page.getByTestId('node-execute-button'));
	await form.showOutputAs('Table');
	await form.output.getByText('Echo: Review 5').first().waitFor();
	await editor.shot('job-five-rows');
	steps.note();
	expect(steps.count).toBeLessThanOrEqual(8);
	const visible = form.output.locator('tbody tr').filter({ hasText: 'Echo: Review' });
	expect(await visible.count()).toBe(5);
});

test('Structured fields', async () => {
	const { page } = editor;
	const invoice = { sender: 'ACME', amount: 12.5, date: '2026-11-28' };
	gradient.server.answer(({ method }) =>
		method === 'POST' ? json(textResponse(JSON.stringify(invoice))) : undefined,
	);
	await openWorkflow({ prompt: '={{ $json.mail }}' }, [{ mail: 'ACME wants 12.50 today.' }]);
	const steps = new Steps(page, 'Three structured fields, from the open form');
	const form = await steps.canvas.openNode('Gradient');
	await steps.choose(form, 'outputFormat', 'JSON with a Schema');
	for (const name of ['sender', 'date', 'amount']) {
		steps.count++;
		await form.add('Add Field');
		await steps.type(form.field('name').locator('input').last(), name);
	}
	await steps.choose(form, 'type', 'Number');
	await editor.shot('job-structured-form');
	await steps.click(page.getByTestId('node-execute-button'));
	await form.showOutputAs('Schema');
	await form.output.getByText('ACME').first().waitFor();
	await editor.shot('job-structured-output');
	steps.note();
	expect(steps.count).toBeLessThanOrEqual(12);
	expect(await form.output.innerText()).toMatch(/output[^]*sender[^]*ACME[^]*amount[^]*12.5/);
	expect(gradient.server.bodies[0]).toMatchObject({
		text: { format: { type: 'json_schema' } },
	});
});

test("A call's arguments can be dragged into a field", async () => {
	gradient.server.answer(({ method }) =>
		method === 'POST'
			? json(responseOf([functionCall('refund', '{"order":"A-1043"}')]))
			: undefined,
	);
	const tool = [{ type: 'function', name: 'refund', parametersMode: 'none' }];
	await openWorkflow({ prompt: 'Refund!', tools: { tool } }, [{}]);
	const steps = new Steps(editor.page, 'drag');
	const form = await steps.canvas.openNode('Gradient');
	await form.execute();
	await form.showOutputAs('Schema');
	await form.output.getByText('order').first().waitFor();
	await editor.shot('job-arguments-in-schema');
	expect(await form.output.innerText()).not.toMatch(/\barguments\b/);
});
