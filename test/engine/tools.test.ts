/** The tool loop: what each round sends, and what is on the item at its end. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { MODEL, NODE, SAID, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	textResponse,
	usage,
} from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const WEATHER = { Weather: () => echoTool('get_weather') };

const form = (more: IDataObject = {}): IDataObject => ({ ...TEXT, ...more });
const own = (name: string): IDataObject => ({
	tools: { tool: [{ type: 'function', name, parametersMode: 'none' }] },
});

/** Answers with these outputs, one response after the other, then with a text. */
const answerWith = (...rounds: IDataObject[][]) =>
	gradient.server.answer([
		...rounds.map((output) => json(responseOf(output))),
		json(textResponse('Done')),
	]);

async function run(
	more: IDataObject = {},
	tools = WEATHER as Parameters<typeof startWithTools>[2]['tools'],
) {
	const result = await startWithTools(gradient, form(more), { tools }).result;
	if (result.error) throw new Error(result.error.message);
	return result.json(NODE)[0];
}

const runsOf = (item: IDataObject) => item.tool_runs as IDataObject[];

const outputOf = (callId: string, output: string) => ({
	type: 'function_call_output',
	call_id: callId,
	output,
});

/** As it is sent again. */
const sentCall = (callId: string, args = '{}', name = 'get_weather') => ({
	type: 'function_call',
	call_id: callId,
	name,
	arguments: args,
});

test('Each round repeats the request with all output before it and one output for each call', async () => {
	answerWith(
		[
			reasoning('I need the weather.', { status: null }),
			message('Let me look.'),
			functionCall('get_weather', '{"city":"Paris"}', 'call_1', { caller: null }),
			functionCall('get_weather', '{"city":"Rome"}', 'call_2'),
		],
		[functionCall('get_weather', '{"city":"Oslo"}', 'call_3')],
	);
	const item = await run({
		instructions: 'Be brief.',
		options: { temperature: 0.5, includeInOutput: ['conversation'] },
	});

	const [first, second, third, ...more] = gradient.server.bodies;
	expect(more).toEqual([]);
	const { input, ...rest } = first;
	expect(input).toBe('Hello');
	expect(rest).toEqual({
		model: MODEL,
		instructions: 'Be brief.',
		temperature: 0.5,
		tools: [expect.objectContaining({ name: 'get_weather' })],
	});
	const roundTwo = [
		{ type: 'message', role: 'user', content: 'Hello' },
		{
			type: 'reasoning',
			id: 'rs_1',
			summary: [],
			content: [{ type: 'reasoning_text', text: 'I need the weather.' }],
		},
		{ type: 'message', role: 'assistant', content: 'Let me look.', id: 'msg_1' },
		sentCall('call_1', '{"city":"Paris"}'),
		sentCall('call_2', '{"city":"Rome"}'),
		outputOf('call_1', 'get_weather got {"city":"Paris"}'),
		outputOf('call_2', 'get_weather got {"city":"Rome"}'),
	];
	expect(second).toEqual({ ...rest, input: roundTwo });
	const roundThree = [
		...roundTwo,
		sentCall('call_3', '{"city":"Oslo"}'),
		outputOf('call_3', 'get_weather got {"city":"Oslo"}'),
	];
	expect(third).toEqual({ ...rest, input: roundThree });
	expect(item.conversation).toEqual([
		...roundThree,
		{ type: 'message', role: 'assistant', content: 'Done' },
	]);
});

test('The item has the last answer, what the tools did, and the tokens of all rounds', async () => {
	answerWith(
		[functionCall('get_weather', '{"city":"Paris"}')],
		[functionCall('get_weather', '{}', 'call_2')],
	);
	const item = await run();
	expect(item).toMatchObject({
		text: 'Done',
		tool_calls: [],
		finish_reason: 'stop',
		usage: {
			input_tokens: 3 * usage.input_tokens,
			cached_tokens: 3 * usage.input_tokens_details.cached_tokens,
			cache_write_tokens: null,
			output_tokens: 3 * usage.output_tokens,
			reasoning_tokens: 3 * usage.output_tokens_details.reasoning_tokens,
			tool_output_tokens: 0,
			total_tokens: 3 * usage.total_tokens,
		},
	});
	expect(runsOf(item)).toEqual([
		{
			call_id: 'call_1',
			name: 'get_weather',
			args: { city: 'Paris' },
			output: 'get_weather got {"city":"Paris"}',
			ms: expect.any(Number),
		},
		expect.objectContaining({ call_id: 'call_2', args: {} }),
	]);
});

test('Usage that the API leaves out of a round does not lose that of the others', async () => {
	gradient.server.answer([
		json(responseOf([functionCall('get_weather', '{}')], { usage: null })),
		json(textResponse('Done', { usage: { input_tokens: 5, output_tokens: 2 } })),
	]);
	expect((await run()).usage).toEqual({
		input_tokens: 5,
		cached_tokens: null,
		cache_write_tokens: null,
		output_tokens: 2,
		reasoning_tokens: null,
		tool_output_tokens: null,
		total_tokens: 7,
	});
});

testIfHost('accumulateTokenUsage')("The tokens of all rounds count in n8n's own sum", async () => {
	answerWith([functionCall('get_weather', '{}')]);
	const result = await startWithTools(gradient, TEXT, { tools: WEATHER, items: [{}] }).result;
	expect(result.task(NODE).metadata?.tokenUsage).toMatchObject({
		inputTokens: 2 * usage.input_tokens,
		outputTokens: 2 * usage.output_tokens,
	});
});

test('What the tools did is on the item that is not simplified too', async () => {
	answerWith([functionCall('get_weather', '{}')]);
	const item = await run({ simplify: false });
	expect(item).toMatchObject({ object: 'response', output: [{ type: 'message' }] });
	expect(runsOf(item)).toEqual([expect.objectContaining({ call_id: 'call_1' })]);
});

test('An item of a node without tools says nothing of tools', async () => {
	answerWith();
	const { tool_runs: runs } = await run({}, {});
	expect(runs).toBeUndefined();
});

test('A call of a function of the form ends the loop, with what was run beside it', async () => {
	answerWith([
		functionCall('get_weather', '{}', 'call_1'),
		functionCall('ask_human', '{"question":"Really?"}', 'call_2'),
		functionCall('get_weather', '{}', 'call_3'),
	]);
	const item = await run({ ...own('ask_human'), options: SAID.options });
	expect(gradient.server.requests).toHaveLength(1);
	expect(item.tool_calls).toEqual([
		{
			call_id: 'call_2',
			name: 'ask_human',
			args: { question: 'Really?' },
		},
	]);
	expect(runsOf(item).map((one) => one.call_id)).toEqual(['call_1', 'call_3']);
	expect(item.conversation).toEqual([
		{ type: 'message', role: 'user', content: 'Hello' },
		sentCall('call_1'),
		sentCall('call_2', '{"question":"Really?"}', 'ask_human'),
		sentCall('call_3'),
		outputOf('call_1', 'get_weather got {}'),
		outputOf('call_3', 'get_weather got {}'),
	]);
});

test.each([
	['side by side', {}, 4],
	['side by side where the API may call in parallel', { options: { parallelToolCalls: true } }, 4],
	['as many as Max Concurrent Requests', { requestOptions: { maxConcurrentRequests: 2 } }, 2],
	['one by one where Parallel Tool Calls is off', { options: { parallelToolCalls: false } }, 1],
])('Tools of different nodes run %s, and their outputs keep the order', async (_, more, peak) => {
	const ids = ['a', 'b', 'c', 'd'];
	answerWith(ids.map((id) => functionCall(`wait_${id}`, `{"id":"${id}"}`, id)));
	const running = new Set<string>();
	let most = 0;
	const invoke = async (args: unknown) => {
		const { id } = args as { id: string };
		running.add(id);
		most = Math.max(most, running.size);
		// the later a call, the sooner it ends
		for (let turn = ids.length - ids.indexOf(id); turn > 0; turn--) {
			await new Promise((resolve) => setImmediate(resolve));
		}
		running.delete(id);
		return id;
	};
	const tools = ids.map((id) => [id, () => echoTool(`wait_${id}`, { invoke })]);
	const item = await run(more, Object.fromEntries(tools));
	expect(most).toBe(peak);
	expect(runsOf(item).map(({ output }) => output)).toEqual(ids);
	expect((gradient.server.bodies[1].input as IDataObject[]).slice(-4)).toEqual(
		ids.map((id) => outputOf(id, id)),
	);
});

test('Fifty calls of one round are all answered, in their order', async () => {
	const ids = Array.from({ length: 50 }, (_, index) => `call_${index}`);
	answerWith(ids.map((id) => functionCall('get_weather', `{"city":"${id}"}`, id)));
	await run();
	expect((gradient.server.bodies[1].input as IDataObject[]).slice(-50)).toEqual(
		ids.map((id) => outputOf(id, `get_weather got {"city":"${id}"}`)),
	);
});
