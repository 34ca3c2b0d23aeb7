/** Tools of several items, of a run that is stopped, and of a chat that listens. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, hang, json } from '../support/answers';
import { NODE, SAID, TEXT, useGradient } from '../support/gradientNode';
import {
	functionCall,
	message,
	responseOf,
	textResponse,
	type ResponseBody,
} from '../support/responses';
import { DONE, frame, typedEvents } from '../support/streams';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const sse = (response: ResponseBody): Answer =>
	eventStream([...typedEvents(response).map(frame), DONE]);

const call = (...ids: string[]) => responseOf(ids.map((id) => functionCall('tool', '{}', id)));
const forEver = async () => await new Promise<never>(() => {});

describe('Stop', () => {
	test('does not wait for tools that hang, and no request follows', async () => {
		const { server } = gradient;
		let started = 0;
		const invoke = async () => {
			started++;
			if (started === 2) run.cancel();
			return await forEver();
		};
		server.answer(
			json(responseOf([functionCall('one', '{}', 'a'), functionCall('two', '{}', 'b')])),
		);
		const run = startWithTools(gradient, TEXT, {
			tools: {
				One: () => echoTool('one', { invoke }),
				Two: () => echoTool('two', { invoke }),
			},
		});
		expect((await run.result).status).toBe('canceled');
		expect([started, server.requests.length]).toEqual([2, 1]);
	});

	test('between two tools that run one by one keeps the second from running', async () => {
		let started = 0;
		const invoke = async () => {
			started++;
			run.cancel();
		};
		gradient.server.answer(json(call('call_1', 'call_2')));
		const form = { ...TEXT, options: { parallelToolCalls: false } };
		const run = startWithTools(gradient, form, {
			tools: { Tool: () => echoTool('tool', { invoke }) },
		});
		expect((await run.result).status).toBe('canceled');
		expect(started).toBe(1);
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('ends the request of a later round', async () => {
		const { server } = gradient;
		server.answer([json(call('call_1')), hang()]);
		const options = {
			tools: { Tool: () => echoTool('tool') },
			nodeSettings: { onError: 'continueRegularOutput' as const },
		};
		const run = startWithTools(gradient, TEXT, options);
		await server.until(() => server.requests.length === 2);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		await server.until(() => server.inFlight === 0);
		expect(server.requests[1].closedEarly).toBe(true);
	});
});

describe('Several items', () => {
	const items = ['Paris', 'Rome', 'Oslo'].map((city) => ({ city }));

	/** Calls the tool with the prompt, once all have asked; then answers with what the tool said. */
	const answerByInput = () =>
		gradient.server.answer(async ({ body }) => {
			await gradient.server.until(() => gradient.server.requests.length >= items.length);
			const { input } = body as { input: string | IDataObject[] };
			return typeof input === 'string'
				? json(responseOf([functionCall('tool', JSON.stringify({ city: input }))]))
				: json(textResponse(input.at(-1)?.output as string));
		});

	test('run at the same time, each with its own tools, calls and conversation', async () => {
		answerByInput();
		// what a tool node supplies for an item, as its parameters may differ between items
		const supply = (item: number) =>
			echoTool('tool', {
				description: `For item ${item}`,
				invoke: (args) => `${item}: ${(args as IDataObject).city as string}`,
			});
		const form = { ...SAID, prompt: '={{ $json.city }}' };
		const result = await startWithTools(gradient, form, { tools: { Tool: supply }, items }).result;
		const outputs = result.json(NODE);
		expect(outputs.map(({ text }) => text)).toEqual(['0: Paris', '1: Rome', '2: Oslo']);
		outputs.forEach(({ tool_runs: runs, conversation }, item) => {
			expect(runs).toEqual([expect.objectContaining({ args: items[item] })]);
			expect((conversation as IDataObject[])[0].content).toBe(items[item].city);
		});
		for (const { input, tools } of gradient.server.bodies) {
			const prompt = typeof input === 'string' ? input : (input as IDataObject[])[0].content;
			const item = items.findIndex(({ city }) => city === prompt);
			expect((tools as IDataObject[])[0].description).toBe(`For item ${item}`);
		}
		expect(gradient.server.bodies).toHaveLength(6);
	});

	test('that fail in a later round fail alone', async () => {
		gradient.server.answer(({ body }) =>
			typeof (body as IDataObject).input === 'string' ? json(call('call_1')) : undefined,
		);
		const invoke = (item: number) => () => (item === 1 ? 'bad' : 'good');
		const result = await startWithTools(
			gradient,
			{ ...TEXT, requestOptions: { maxToolIterations: '={{ $itemIndex === 1 ? 1 : 2 }}' } },
			{
				tools: { Tool: (item) => echoTool('tool', { invoke: invoke(item) }) },
				items,
				nodeSettings: { onError: 'continueRegularOutput' },
			},
		).result;
		expect(result.json(NODE).map(({ text, error }) => text ?? error)).toEqual([
			'Echo: good',
			'The model still calls tools after one request [item 1]',
			'Echo: good',
		]);
	});
});

describe('In a chat', () => {
	const LISTENED = { mode: 'webhook' as const, streaming: true };
	const tools = { Tool: () => echoTool('tool') };
	const said = (text: string) =>
		sse(responseOf([message(text), functionCall('tool', '{}', `call_${text}`)]));

	test('the text of each round goes out in paragraphs, between one begin and one end', async () => {
		gradient.server.answer([
			said('Let me look.'),
			sse(call('call_2')),
			sse(textResponse('It is sunny.')),
		]);
		const run = startWithTools(gradient, TEXT, { ...LISTENED, tools });
		const result = await run.result;
		const types = run.chunks.map(({ type }) => type);
		expect(types.filter((type) => type !== 'item')).toEqual(['begin', 'end']);
		expect([types[0], types.at(-1)]).toEqual(['begin', 'end']);
		const text = run.chunks.map(({ content }) => content ?? '').join('');
		expect(text).toBe('Let me look.\n\nIt is sunny.');
		expect(result.json(NODE)[0].text).toBe('It is sunny.');
		expect(gradient.server.bodies.map(({ stream }) => stream)).toEqual([true, true, true]);
	});

	test('the text of the first round is out before the tools run', async () => {
		gradient.server.answer([said('Let me look.'), sse(textResponse('It is sunny.'))]);
		let before = '';
		const invoke = async () => {
			// chunks are sent one at a time, each in a turn of its own
			for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
			before = run.chunks.map(({ content }) => content ?? '').join('');
		};
		const run = startWithTools(gradient, TEXT, {
			...LISTENED,
			tools: { Tool: () => echoTool('tool', { invoke }) },
		});
		await run.result;
		expect(before).toBe('Let me look.');
	});

	test('the limit ends the turn', async () => {
		gradient.server.answer(() => said('Again.'));
		const form = { ...TEXT, requestOptions: { maxToolIterations: 2 } };
		const nodeSettings = { onError: 'continueRegularOutput' as const };
		const run = startWithTools(gradient, form, { ...LISTENED, tools, nodeSettings });
		await run.result;
		const types = run.chunks.map(({ type }) => type);
		expect(types.filter((type) => type !== 'item')).toEqual(['begin', 'end']);
		expect(run.chunks.map(({ content }) => content ?? '').join('')).toBe('Again.\n\nAgain.');
	});
});
