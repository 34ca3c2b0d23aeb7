/** Each file in examples/, imported and run as a new user would. Nothing leaves this machine. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';

import { chatNodes } from './support/agentNodes';
import { type Answer, json } from './support/answers';
import { type RunResult, runExportedWorkflow, type WorkflowDefinition } from './support/engine';
import { GRADIENT, VERSION, useGradient } from './support/gradientNode';
import type { NodeTypeMap } from './support/nodeTypes';
import { functionCall, responseOf, responses, textResponse } from './support/responses';
import { dataTable, httpRequestTool, STICKY_NOTE, waitNode } from './support/standIns';

const DIRECTORY = path.resolve(__dirname, '../examples');

/** What the editor draws for a node, with its name below; pixels. */
const NODE_SIZE = 160;

const gradient = useGradient();

const read = (name: string) =>
	JSON.parse(readFileSync(path.join(DIRECTORY, `${name}.json`), 'utf8')) as WorkflowDefinition;

const call = (name: string, args: IDataObject, id = 'call_1') =>
	functionCall(name, JSON.stringify(args), id);

const inputs = () => gradient.server.bodies.map(({ input }) => input);

interface Example {
	/** Nodes that ask the world outside. */
	nodeTypes?: NodeTypeMap;
	/** How the model answers; it echoes where this gives nothing. */
	answer: Answer[] | ((input: unknown) => Answer | undefined);
	check(result: RunResult): void;
}

const PLACE = { results: [{ name: 'Lisbon', latitude: 38.7, longitude: -9.1 }] };
const FORECAST = { daily: { precipitation_probability_max: [10, 90, 20] } };
const openMeteo = (url: URL) => {
	const query = Object.fromEntries(url.searchParams);
	if (url.href.startsWith('https://geocoding-api.open-meteo.com/v1/search?')) {
		expect(query).toEqual({ name: 'Lisbon', count: '3' });
		return PLACE;
	}
	expect(`${url.origin}${url.pathname}`).toBe('https://api.open-meteo.com/v1/forecast');
	expect(query).toMatchObject({ latitude: '38.7', longitude: '-9.1', forecast_days: '3' });
	return FORECAST;
};

const refund = { order_id: 'A-1043', amount: 89 };

function approval(Decision: string, output: string): Example {
	return {
		nodeTypes: { 'n8n-nodes-base.wait': waitNode({ Decision }) },
		answer: [json(responseOf([call('refund_order', refund)]))],
		check(result) {
			expect(result.json('Support Agent', 1)).toEqual([
				expect.objectContaining({ call_id: 'call_1', name: 'refund_order' }),
			]);
			expect(inputs()[1]).toEqual([
				{
					type: 'message',
					role: 'user',
					content: 'My order A-1043 arrived broken. I want my 89 euros back!',
				},
				expect.objectContaining({ type: 'function_call', call_id: 'call_1' }),
				{ type: 'function_call_output', call_id: 'call_1', output },
			]);
			expect(result.json('Tell the Model').map(({ text }) => text)).toEqual([`Echo: ${output}`]);
		},
	};
}

/** Rows of the data table. */
const inserted: IDataObject[] = [];

/** By file, and what is special about the run. */
const EXAMPLES: Record<string, Record<string, Example>> = {
	'approve-tool-calls': {
		'a person approves': approval('Approve', '{"refunded":true,"amount":89}'),
		'a person declines': approval(
			'Decline',
			'A person looked at this and declined the refund. Do not ask for it again.',
		),
	},
	'chat-agent': {
		'the agent looks up the place, then its forecast': {
			nodeTypes: {
				...chatNodes('Will it rain in Lisbon tomorrow?'),
				'n8n-nodes-base.httpRequestTool': httpRequestTool(openMeteo),
			},
			answer: [
				json(responseOf([call('Find_Place', { name: 'Lisbon' })])),
				json(responseOf([call('Get_Forecast', { latitude: 38.7, longitude: -9.1 }, 'call_2')])),
				json(textResponse('Take an umbrella.')),
			],
			check(result) {
				expect(result.json('AI Agent')).toEqual([{ output: 'Take an umbrella.' }]);
				const [first, , last] = gradient.server.bodies;
				expect(first.input).toMatchObject([
					{ role: 'system', content: expect.stringContaining('Never guess a forecast') as string },
					{ role: 'user', content: 'Will it rain in Lisbon tomorrow?' },
				]);
				const names = (first.tools as IDataObject[]).map(({ name }) => name);
				expect(names.sort()).toEqual(['Find_Place', 'Get_Forecast']);
				expect(last.input).toContainEqual({
					type: 'function_call_output',
					call_id: 'call_2',
					output: JSON.stringify([FORECAST]),
				});
			},
		},
	},
	'classify-in-batch': {
		'each review is classified': {
			answer: (input) =>
				json(
					responseOf([
						call('classify', {
							sentiment: String(input).includes('great') ? 'positive' : 'negative',
							topics: ['product'],
							needs_reply: String(input).includes('money'),
						}),
					]),
				),
			check(result) {
				const of = (sentiment: string, needs_reply: boolean) =>
					expect.objectContaining({ sentiment, needs_reply, topics: ['product'] }) as unknown;
				expect(result.json('Result')).toEqual([
					of('negative', true),
					of('positive', false),
					of('negative', false),
				]);
				expect(result.json('Result')[0].text).toMatch(/^Battery died/);
				for (const { tool_choice, tools } of gradient.server.bodies) {
					expect(tool_choice).toBe('required');
					expect(tools).toMatchObject([
						{ parameters: { required: ['sentiment', 'topics', 'needs_reply'] } },
					]);
				}
			},
		},
		'a model that calls nothing leaves the fields empty': {
			answer: () => json(responses.text),
			check(result) {
				expect(result.json('Result').map(({ sentiment }) => sentiment ?? null)).toEqual([
					null,
					null,
					null,
				]);
			},
		},
	},
	'classify-with-allowed-values': {
		'what is urgent goes another way, and a word that is not allowed is asked for again': {
			answer: (input) => {
				const text = JSON.stringify(input);
				const topic = text.includes('log in') ? 'outage' : 'feature';
				const isAgain = text.includes('must be one of');
				const priority = topic === 'outage' ? (isAgain ? 'high' : 'urgent') : 'low';
				return json(textResponse(JSON.stringify({ topic, priority, summary: 'x' })));
			},
			check(result) {
				const outputs = (node: string) => result.json(node).map(({ output }) => output);
				expect(outputs('Call Someone')).toEqual([
					{ topic: 'outage', priority: 'high', summary: 'x' },
				]);
				expect(outputs('Answer Later')).toHaveLength(2);
				// the model ignored both the format and the call, and was told what is wrong
				expect(gradient.server.bodies).toHaveLength(5);
			},
		},
	},
	'conversation-over-two-nodes': {
		'the second node goes on where the first ended': {
			answer: [json(textResponse('Because of Rayleigh scattering.'))],
			check(result) {
				const question = 'Now say that in one sentence, for a child.';
				expect(inputs()).toEqual([
					'Explain why the sky is blue in one paragraph.',
					[
						{
							type: 'message',
							role: 'user',
							content: 'Explain why the sky is blue in one paragraph.',
						},
						{ type: 'message', role: 'assistant', content: 'Because of Rayleigh scattering.' },
						{ role: 'user', content: question },
					],
				]);
				expect(result.json('Shorten')[0].text).toBe(`Echo: ${question}`);
			},
		},
	},
	'mails-to-data-table': {
		'each mail is a row, with null for what it does not say': {
			nodeTypes: { 'n8n-nodes-base.dataTable': dataTable(inserted) },
			answer: (input) => {
				const [, name] = /^Mail from (.+):/.exec(String(input)) ?? [];
				const date = name === 'Ada Lindqvist' ? '2026-11-03' : null;
				const items = ['a lamp', 'a cup'];
				const row = { name, city: 'Porto', amount: 89.5, date, items };
				return json(textResponse(`\`\`\`json\n${JSON.stringify(row)}\n\`\`\``));
			},
			check() {
				const row = { city: 'Porto', amount: 89.5, items: 'a lamp, a cup' };
				expect(inserted).toEqual([
					{ ...row, name: 'Ada Lindqvist', date: '2026-11-03' },
					{ ...row, name: 'Bruno Costa', date: null },
					{ ...row, name: 'Chiara Rossi', date: null },
				]);
			},
		},
	},
	'describe-picture': {
		'the picture goes along with the prompt': {
			answer: [json(textResponse('The green one is the highest.'))],
			check(result) {
				expect(result.json('Describe')[0].text).toBe('The green one is the highest.');
				const prompt = 'Which bars are in this picture, and which is the highest?';
				expect(inputs()).toEqual([
					[
						{
							role: 'user',
							content: [
								{ type: 'input_text', text: prompt },
								{
									type: 'input_image',
									image_url: expect.stringMatching(/^data:image\/png;base64,iVBORw/) as string,
								},
							],
						},
					],
				]);
			},
		},
	},
	'many-items-in-batches': {
		'each row keeps its id, three at a time': {
			answer: (input) => json(textResponse(`About ${String(input)}`)),
			check(result) {
				const answers = result.json('All Answers');
				expect(answers.map(({ id }) => id)).toEqual([101, 102, 103, 104, 105, 106, 107]);
				for (const { text, answer } of answers) {
					expect(answer).toMatchObject({ text: `About ${String(text)}` });
				}
				const batches = result.run.data.resultData.runData['Save Here'];
				expect(batches.map(({ data }) => data?.main[0]?.length)).toEqual([3, 3, 1]);
			},
		},
	},
	'triage-support-tickets': {
		'an outage alerts the engineer on call': {
			answer: (input) =>
				String(input).includes('502')
					? json(
							responseOf([call('alert_on_call', { summary: 'Site down', severity: 'critical' })]),
						)
					: undefined,
			check(result) {
				const outputs = result.json('DigitalOcean Gradient');
				expect(outputs).toHaveLength(4);
				expect(outputs.map(({ tool_calls: calls }) => (calls as unknown[]).length)).toEqual([
					0, 0, 1, 0,
				]);
				expect(outputs[0].text).toContain('Ticket of Ada');
			},
		},
	},
	'weather-tool-agent': {
		'the model looks up the place, then its forecast': {
			nodeTypes: { 'n8n-nodes-base.httpRequestTool': httpRequestTool(openMeteo) },
			answer: [
				json(responseOf([call('Find_Place', { name: 'Lisbon' })])),
				json(responseOf([call('Get_Forecast', { latitude: 38.7, longitude: -9.1 }, 'call_2')])),
				json(textResponse('Take an umbrella.')),
			],
			check(result) {
				const [{ text, tool_runs: runs }] = result.json('Weather Agent');
				expect(text).toBe('Take an umbrella.');
				expect(runs).toEqual([
					expect.objectContaining({ name: 'Find_Place', output: JSON.stringify([PLACE]) }),
					expect.objectContaining({ name: 'Get_Forecast', output: JSON.stringify([FORECAST]) }),
				]);
				const tools = gradient.server.bodies[0].tools as IDataObject[];
				expect(tools).toContainEqual(
					expect.objectContaining({
						name: 'Find_Place',
						description: 'Finds places by name, with their latitude and longitude',
					}),
				);
			},
		},
	},
};

const files = readdirSync(DIRECTORY).map((file) => path.parse(file).name);

test('Each example has a run here', () => {
	expect(Object.keys(EXAMPLES).sort()).toEqual(files.sort());
});

describe.each(Object.entries(EXAMPLES))('In %s', (name, runs) => {
	test.each(Object.entries(runs))('%s', async (_, { nodeTypes, answer, check }) => {
		const { server, loader, credential } = gradient;
		server.answer(
			Array.isArray(answer) ? answer : ({ body }) => answer((body as { input: unknown }).input),
		);
		const result = await runExportedWorkflow(read(name), {
			loader,
			credentials: { gradientApi: credential },
			extraNodeTypes: nodeTypes,
		}).result;
		expect(result.error).toBeUndefined();
		check(result);
	});

	test('a note says what it does and what to set up, and no credential is in the file', () => {
		const { nodes } = read(name);
		const [note, ...others] = nodes.filter(({ type }) => type === STICKY_NOTE);
		expect(others).toEqual([]);
		expect(note.parameters.content).toMatch(
			/^## [^]+\n\nSet up: choose your DigitalOcean Gradient/,
		);
		const ids = nodes.flatMap(({ credentials = {} }) => Object.values(credentials));
		expect(ids.map(({ id }) => id || null)).toEqual(ids.map(() => null));
	});

	test('its Gradient nodes are as a new node is', () => {
		const ours = read(name).nodes.filter(({ type }) => type === GRADIENT);
		expect(ours.map(({ typeVersion }) => typeVersion)).toEqual(ours.map(() => VERSION));
	});

	test('the note hides no node', () => {
		const { nodes } = read(name);
		const note = nodes.find(({ type }) => type === STICKY_NOTE)!;
		const [left, top] = note.position;
		const { width, height } = note.parameters as { width: number; height: number };
		const hidden = nodes.filter(({ type, position: [x, y] }) => {
			if (type === STICKY_NOTE) return false;
			const isBeside = x + NODE_SIZE <= left || x >= left + width;
			return !isBeside && y + NODE_SIZE > top && y < top + height;
		});
		expect(hidden.map((node) => node.name)).toEqual([]);
	});

	test('each node has a UUID of its own, and each connection leads to a node', () => {
		const { nodes, connections } = read(name);
		const ids = nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
		const names = nodes.map((node) => node.name);
		const targets = Object.values(connections)
			.flatMap((outputs) => Object.values(outputs).flat(2))
			.map((target) => target?.node);
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets]));
	});
});
