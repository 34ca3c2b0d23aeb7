/** Calls of tools that come as text, where the server does not make calls of them, on the way through a whole run. */
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse, usage } from '../support/responses';
import { frame, typedEvents } from '../support/streams';
import { refusals } from '../support/strictHistory';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>';
const READ = /was read as the call that it stands for/;

const tools = { Weather: () => echoTool('get_weather') };

const search = (query: string): IDataObject => ({
	type: 'web_search_call',
	id: 'ws_1',
	action: { type: 'search', query },
});

describe('With a connected tool', () => {
	test('the tool is run, the model is told, and a hint says so once', async () => {
		gradient.server.answer([
			json(textResponse(CALL)),
			json(textResponse(`<think>\nOnce more.\n</think>\n${CALL}`)),
			json(textResponse('It is sunny.')),
		]);
		const result = await startWithTools(gradient, TEXT, { tools }).result;
		const [item] = result.json(NODE);
		expect(item.text).toBe('It is sunny.');
		expect(item.tool_runs).toMatchObject([
			{ name: 'get_weather', args: { city: 'Oslo' }, output: 'get_weather got {"city":"Oslo"}' },
			{ name: 'get_weather', args: { city: 'Oslo' } },
		]);
		const [, second] = gradient.server.bodies;
		expect(second.input).toMatchObject([
			{ role: 'user', content: 'Hello' },
			{ type: 'function_call', name: 'get_weather', arguments: '{"city":"Oslo"}' },
			{ type: 'function_call_output', output: 'get_weather got {"city":"Oslo"}' },
		]);
		expect(result.hints(NODE)).toEqual([
			expect.objectContaining({ message: expect.stringMatching(READ) as string }),
		]);
	});

	test('nothing of the call is shown in a chat', async () => {
		gradient.server.answer(
			[textResponse(CALL), textResponse('It is sunny.')].map((response) =>
				eventStream(typedEvents(response).map(frame)),
			),
		);
		const options = { tools, mode: 'webhook' as const, streaming: true };
		const run = startWithTools(gradient, TEXT, options);
		await run.result;
		expect(run.chunks.map(({ content }) => content ?? '').join('')).toBe('It is sunny.');
	});
});

describe('With a connected tool, a call as text that cannot be read', () => {
	const BROKEN = '<tool_call>\n{"name": "get_weather", "arguments": {city: Oslo}}\n</tool_call>';
	const CUT = '<tool_call>\n{"name": "get_wea';
	const cutShort = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
	const TOLD = /^Error: Your tool call could not be read.* The tools are: get_weather$/;
	const QUOTED = /could not be read as a call: <tool_call>.* was told so, and asked once more/s;
	const NOT_READ = /Neither the server nor this node could read it as a call/;
	const hintsOf = (messages: RegExp[]) =>
		messages.map((one) =>
			expect.objectContaining({ message: expect.stringMatching(one) as string }),
		);

	test.each([
		['broken', BROKEN, {}, TOLD],
		['behind a text', `Let me see.\n${BROKEN}`, {}, TOLD],
		['of nobody', '<tool_call>{"name": "launch_rocket", "arguments": {}}</tool_call>', {}, TOLD],
		['cut', CUT, cutShort, /^Error: Your tool call was cut off by the limit of output tokens/],
	])('%s: the model is told, and asked once more', async (_, text, extra, told) => {
		gradient.server.answer([
			json(textResponse(text, extra)),
			json(responseOf([functionCall('get_weather', '{"city":"Oslo"}')])),
			json(textResponse('It is sunny.')),
		]);
		const result = await startWithTools(gradient, TEXT, { tools }).result;
		const [item] = result.json(NODE);
		expect(item).toMatchObject({
			text: 'It is sunny.',
			tool_runs: [{ args: { city: 'Oslo' } }],
			usage: { total_tokens: 3 * usage.total_tokens },
		});
		const [, second, third] = gradient.server.bodies.map(({ input }) => input as IDataObject[]);
		expect(second).toEqual([
			{ type: 'message', role: 'user', content: 'Hello' },
			{ type: 'message', role: 'assistant', content: text },
			{ type: 'message', role: 'user', content: expect.stringMatching(told) as string },
		]);
		// what cannot be read is no example for what comes after
		expect(JSON.stringify([third, item.conversation])).not.toContain('Your tool call');
		expect(result.hints(NODE)).toEqual(hintsOf([QUOTED]));
		for (const { input } of gradient.server.bodies) expect(refusals(input)).toEqual([]);
	});

	test('what the model has to call is still to be called', async () => {
		gradient.server.answer([
			json(textResponse(BROKEN)),
			json(textResponse(CALL)),
			json(textResponse('It is sunny.')),
		]);
		const options = { toolChoice: { choice: { mode: 'required' } } };
		await startWithTools(gradient, { ...TEXT, options }, { tools }).result;
		const choices = gradient.server.bodies.map((body) => body.tool_choice);
		expect(choices).toEqual(['required', 'required', 'auto']);
	});

	test('once more is enough: then it is the answer, with a hint', async () => {
		gradient.server.answer(json(textResponse(BROKEN)));
		const result = await startWithTools(gradient, TEXT, { tools }).result;
		expect(gradient.server.requests).toHaveLength(2);
		const [item] = result.json(NODE);
		expect(item).toMatchObject({ text: BROKEN, tool_runs: [] });
		expect(item.conversation).toMatchObject([{ role: 'user' }, { content: BROKEN }]);
		expect(result.hints(NODE)).toEqual(hintsOf([QUOTED, NOT_READ]));
	});

	test('where no round is left it is the answer at once, with a hint', async () => {
		gradient.server.answer(json(textResponse(BROKEN)));
		const form = { ...TEXT, requestOptions: { maxToolIterations: 1 } };
		const result = await startWithTools(gradient, form, { tools }).result;
		expect(gradient.server.requests).toHaveLength(1);
		expect(result.hints(NODE)).toEqual(hintsOf([NOT_READ]));
	});

	test.each([
		['is not shown in a chat', [BROKEN, 'It is sunny.'], 'It is sunny.'],
		['is shown in a chat where it is the answer', [BROKEN, BROKEN], BROKEN],
		['is shown behind the text before it', [`So:\n${BROKEN}`, 'Sun.'], `So:\n${BROKEN}\n\nSun.`],
	])('%s', async (_, texts, said) => {
		gradient.server.answer(
			texts.map((text) => eventStream(typedEvents(textResponse(text)).map(frame))),
		);
		const options = { tools, mode: 'webhook' as const, streaming: true };
		const run = startWithTools(gradient, TEXT, options);
		await run.result;
		expect(run.chunks.map(({ content }) => content ?? '').join('')).toBe(said);
	});
});

test('A call as text that cannot be read is not asked about where the workflow has the tools', async () => {
	gradient.server.answer(json(textResponse('<tool_call>{"name": "get_we')));
	const tool = [{ type: 'function', name: 'get_weather', parametersMode: 'none' }];
	await gradient.run({ ...TEXT, tools: { tool } });
	expect(gradient.server.requests).toHaveLength(1);
});

test('Without a connected tool the call is left to the workflow', async () => {
	gradient.server.answer(json(textResponse(CALL)));
	const tool = [{ type: 'function', name: 'get_weather', parametersMode: 'none' }];
	const [item] = (await gradient.run({ ...TEXT, tools: { tool } })).json(NODE);
	expect(item).toMatchObject({
		text: '',
		finish_reason: 'tool_calls',
		tool_calls: [{ name: 'get_weather', args: { city: 'Oslo' } }],
	});
});

test('Searches of all rounds are counted', async () => {
	gradient.server.answer([
		json(responseOf([search('sun'), ...(textResponse(CALL).output ?? [])])),
		json(responseOf([search('rain'), ...(textResponse('Done').output ?? [])])),
	]);
	const [item] = (await startWithTools(gradient, TEXT, { tools }).result).json(NODE);
	expect(item).toMatchObject({ text: 'Done', searches: { count: 2, queries: ['sun', 'rain'] } });
});
