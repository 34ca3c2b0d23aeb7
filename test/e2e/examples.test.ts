/**
 * Every workflow in examples/, as it is: imported by n8n's command line together with a credential, and
 * executed to success against a stand-in of the API.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject, INode } from 'n8n-workflow';

import { json, type Answer } from '../support/answers';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { startGradientServer, type GradientStandIn } from './support/gradient';
import { startN8n, type Execution, type N8n } from './support/n8n';
import { FORECAST, PLACE, startOpenMeteo, type OpenMeteo } from './support/openMeteo';
import { ROOT } from './support/paths';
import { CHAT_MODEL, CHAT_TRIGGER, GRADIENT } from './support/workflows';

const DIRECTORY = path.join(ROOT, 'examples');
/** What the examples call it: n8n finds the credential by that name. */
const CREDENTIAL = { id: 'exampleCredential', name: 'DigitalOcean Gradient account' };

let gradient: GradientStandIn;
let openMeteo: OpenMeteo;
let n8n: N8n;
/** By the name of the file. */
const workflows: Record<string, { id: string; name: string; nodes: INode[] }> = {};

beforeAll(async () => {
	gradient = await startGradientServer();
	openMeteo = await startOpenMeteo();
	n8n = await startN8n({ env: openMeteo.env, name: 'examples' });
});

afterAll(async () => {
	await n8n?.stop();
	await openMeteo?.close();
	await gradient?.close();
});

const call = (name: string, args: IDataObject, id = 'call_1') =>
	json(responseOf([functionCall(name, JSON.stringify(args), id)]));

const text = (answer: string) => json(textResponse(answer));

/** The answer for each input, for nodes that ask several things at once. */
const byInput = (answers: Array<[RegExp, Answer]>) => {
	gradient.server.answer(({ rawBody }) => answers.find(([input]) => input.test(rawBody))?.[1]);
};

const inputs = () => gradient.server.bodies.map(({ input }) => input);

async function run(file: string): Promise<Execution> {
	const execution = await n8n.run(workflows[file].id);
	expect(execution.error).toBeUndefined();
	return execution;
}

/** As the chat of the editor does. */
async function say(file: string, chatInput: string): Promise<Execution> {
	const { id, nodes } = workflows[file];
	const { name } = nodes.find(({ type }) => type === CHAT_TRIGGER)!;
	const message = { sessionId: 'one', action: 'sendMessage', chatInput };
	const data = {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		executionStatus: 'success',
		source: [],
		data: { main: [[{ json: message }]] },
	};
	const triggerToStartFrom = { name, data };
	const started = await n8n.rest<{ executionId: string }>('POST', `/workflows/${id}/run`, {
		triggerToStartFrom,
	});
	const execution = await n8n.ended(started.executionId);
	expect(execution.error).toBeUndefined();
	return execution;
}

/** By file. The test of test/examples.test.ts looks at the details; here n8n's own nodes do the rest. */
const RUNS: Record<string, () => Promise<void>> = {
	'approve-tool-calls': async () => {
		const refund = { order_id: 'A-1043', amount: 89 };
		gradient.server.answer([call('refund_order', refund), text('You get 89 euros back.')]);
		const waiting = await run('approve-tool-calls');
		expect(waiting.status).toBe('waiting');
		expect(waiting.json('Support Agent', 1)).toMatchObject([
			{ name: 'refund_order', args: refund },
		]);

		await decide(waiting, 'Approve');
		const ended = await n8n.finished(waiting.id);
		expect(ended.error).toBeUndefined();
		expect(ended.status).toBe('success');
		expect(ended.json('Tell the Model')).toMatchObject([{ text: 'You get 89 euros back.' }]);
		expect(inputs()[1]).toContainEqual({
			type: 'function_call_output',
			call_id: 'call_1',
			output: '{"refunded":true,"amount":89}',
		});
	},
	'chat-agent': async () => {
		gradient.server.answer([
			call('Find_Place', { name: 'Lisbon' }),
			call('Get_Forecast', { latitude: 38.7, longitude: -9.1 }, 'call_2'),
			text('Take an umbrella.'),
			text('The day after is dry.'),
		]);
		const first = await say('chat-agent', 'Will it rain in Lisbon tomorrow?');
		expect(first.status).toBe('success');
		expect(first.json('AI Agent', 0, 'main', 0)).toEqual([{ output: 'Take an umbrella.' }]);
		const second = await say('chat-agent', 'And the day after?');
		expect(second.json('AI Agent')).toEqual([{ output: 'The day after is dry.' }]);
		const remembered = inputs()[3] as IDataObject[];
		expect(remembered.map(({ content }) => content)).toEqual(
			expect.arrayContaining(['Will it rain in Lisbon tomorrow?', 'Take an umbrella.']),
		);
		openMeteo.urls.length = 0;
	},
	'classify-in-batch': async () => {
		const sentiment = (value: string) =>
			call('classify', { sentiment: value, topics: ['product'], needs_reply: false });
		byInput([
			[/great/, sentiment('positive')],
			[/./, sentiment('negative')],
		]);
		const execution = await run('classify-in-batch');
		expect(execution.status).toBe('success');
		const sentiments = execution.json('Result').map((result) => result.sentiment);
		expect(sentiments).toEqual(['negative', 'positive', 'negative']);
	},
	'classify-with-allowed-values': async () => {
		const answer = (priority: string) =>
			text(JSON.stringify({ topic: 'other', priority, summary: 'x' }));
		byInput([
			[/log in/, answer('high')],
			[/./, answer('low')],
		]);
		const execution = await run('classify-with-allowed-values');
		expect(execution.status).toBe('success');
		expect(execution.json('Call Someone')).toHaveLength(1);
		expect(execution.json('Answer Later')).toHaveLength(2);
	},
	'conversation-over-two-nodes': async () => {
		gradient.server.answer([text('Rayleigh scattering.'), text('Blue light bounces more.')]);
		const execution = await run('conversation-over-two-nodes');
		expect(execution.status).toBe('success');
		expect(execution.json('Shorten')).toMatchObject([{ text: 'Blue light bounces more.' }]);
		expect(inputs()[1]).toContainEqual({
			type: 'message',
			role: 'assistant',
			content: 'Rayleigh scattering.',
		});
	},
	'mails-to-data-table': async () => {
		const row = { name: 'Ada', city: 'Porto', amount: 89.5, date: '2026-11-03', items: ['a lamp'] };
		gradient.server.answer(() => text(JSON.stringify(row)));
		// the second run finds the table
		for (let count = 0; count < 2; count++) {
			const execution = await run('mails-to-data-table');
			expect(execution.status).toBe('success');
			expect(execution.json('Insert Row')).toHaveLength(3);
			expect(execution.json('Insert Row')[0]).toMatchObject({
				name: 'Ada',
				amount: 89.5,
				items: 'a lamp',
			});
		}
	},
	'describe-picture': async () => {
		gradient.server.answer([text('The green one is the highest.')]);
		const execution = await run('describe-picture');
		expect(execution.status).toBe('success');
		expect(execution.json('Describe')).toMatchObject([{ text: 'The green one is the highest.' }]);
		const [[{ content }]] = inputs() as IDataObject[][];
		expect(content).toMatchObject([
			{ type: 'input_text' },
			{
				type: 'input_image',
				image_url: expect.stringMatching(/^data:image\/png;base64,/) as string,
			},
		]);
	},
	'many-items-in-batches': async () => {
		const execution = await run('many-items-in-batches');
		expect(execution.status).toBe('success');
		const answers = execution.json('All Answers');
		expect(answers).toHaveLength(7);
		expect(answers[6]).toMatchObject({
			id: 107,
			answer: { text: expect.stringContaining('Echo') },
		});
		expect(execution.runs('Save Here')).toHaveLength(3);
	},
	'triage-support-tickets': async () => {
		byInput([[/502/, call('alert_on_call', { summary: 'Down', severity: 'critical' })]]);
		const execution = await run('triage-support-tickets');
		expect(execution.status).toBe('success');
		const calls = execution.json('DigitalOcean Gradient').map((item) => item.tool_calls);
		expect(calls).toMatchObject([[], [], [{ name: 'alert_on_call' }], []]);
	},
	'weather-tool-agent': async () => {
		gradient.server.answer([
			call('Find_Place', { name: 'Lisbon' }),
			call('Get_Forecast', { latitude: 38.7, longitude: -9.1 }, 'call_2'),
			text('Take an umbrella.'),
		]);
		const execution = await run('weather-tool-agent');
		expect(execution.status).toBe('success');
		expect(execution.json('Weather Agent')).toMatchObject([
			{
				text: 'Take an umbrella.',
				tool_runs: [
					{ name: 'Find_Place', output: JSON.stringify([PLACE]) },
					{ name: 'Get_Forecast', output: JSON.stringify([FORECAST]) },
				],
			},
		]);
		expect(openMeteo.urls.map(({ searchParams }) => searchParams.get('name'))).toEqual([
			'Lisbon',
			null,
		]);
	},
};

/** Fills in the form of the Wait node, which n8n opens in a tab of its own. */
async function decide({ id, data }: Execution, decision: string) {
	const address = `/form-waiting/${id}?signature=${data.resumeToken}`;
	const page = await (await n8n.fetch(address)).text();
	expect(page).toContain('Approve this refund?');
	const form = new FormData();
	form.append('field-0', decision);
	const response = await n8n.fetch(address, { method: 'POST', body: form });
	expect(response.status).toBe(200);
}

const files = readdirSync(DIRECTORY).map((file) => path.parse(file).name);

test('n8n imports all of them, and finds the credential', async () => {
	const file = path.join(n8n.userFolder, 'credential.json');
	const credential = { ...CREDENTIAL, type: 'gradientApi', data: gradient.credential };
	writeFileSync(file, JSON.stringify([credential]));
	await n8n.cli('import:credentials', `--input=${file}`);
	await n8n.cli('import:workflow', '--separate', `--input=${DIRECTORY}`);

	const imported = await n8n.rest<Array<{ id: string; name: string }>>('GET', '/workflows');
	for (const name of files) {
		const text = readFileSync(path.join(DIRECTORY, `${name}.json`), 'utf8');
		const { name: title } = JSON.parse(text) as { name: string };
		const found = imported.filter((workflow) => workflow.name === title);
		expect(found).toHaveLength(1);
		workflows[name] = await n8n.rest('GET', `/workflows/${found[0].id}`);
		const nodes = workflows[name].nodes.filter(({ type }) => [GRADIENT, CHAT_MODEL].includes(type));
		expect(nodes.map(({ credentials }) => credentials)).toEqual(
			nodes.map(() => ({ gradientApi: CREDENTIAL })),
		);
	}
});

test('each of them has a run here', () => {
	expect(Object.keys(RUNS).sort()).toEqual(files.sort());
});

test.each(Object.entries(RUNS))('%s runs to success', async (_, runExample) => {
	gradient.server.reset();
	await runExample();
	expect(gradient.requests.length).toBeGreaterThan(0);
});

test("n8n's command line executes one, too", async () => {
	gradient.server.reset();
	gradient.server.answer([text('Rayleigh scattering.'), text('Blue light bounces more.')]);
	const { id } = workflows['conversation-over-two-nodes'];
	const printed = await n8n.cli('execute', `--id=${id}`, '--rawOutput');
	expect(printed).toContain('Blue light bounces more.');
});
