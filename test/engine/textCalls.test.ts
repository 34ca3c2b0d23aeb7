/** Calls of tools that come as text, where the server does not make calls of them, on the way through a whole run. */
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { responseOf, textResponse } from '../support/responses';
import { frame, typedEvents } from '../support/streams';
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
