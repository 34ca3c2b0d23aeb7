/** The loop that does not come to an end by itself keeps all that was paid for. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import { functionCall, message, responseOf, usage } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const tools = { Weather: () => echoTool('get_weather') };
const CONTINUE = { onError: 'continueRegularOutput' as const };

const limitedTo = (maxToolIterations: number): IDataObject => ({
	...TEXT,
	requestOptions: { maxToolIterations, maxRetries: 0 },
});

const round = (index: number) =>
	json(
		responseOf([
			message(`Round ${index}. `),
			functionCall('get_weather', `{"city":"${index}"}`, `call_${index}`),
		]),
	);

/** The same tool is called for ever. */
beforeEach(() => gradient.server.answer((_, index) => round(index + 1)));

const callItem = (index: number, output: string) => [
	{ type: 'message', role: 'assistant', content: `Round ${index}. ` },
	expect.objectContaining({ type: 'function_call', call_id: `call_${index}` }) as unknown,
	{ type: 'function_call_output', call_id: `call_${index}`, output },
];

const ran = (index: number) => callItem(index, `get_weather got {"city":"${index}"}`);

const PARTIAL = {
	id: 'resp_1f2e3d4c5b6a7988',
	text: 'Round 2. ',
	reasoning: null,
	tool_calls: [{ call_id: 'call_2', name: 'get_weather', args: { city: '2' } }],
	usage: expect.objectContaining({
		input_tokens: 2 * usage.input_tokens,
		total_tokens: 2 * usage.total_tokens,
	}) as unknown,
	tool_runs: [expect.objectContaining({ call_id: 'call_1', args: { city: '1' } })],
	conversation: [
		{ type: 'message', role: 'user', content: 'Hello' },
		...ran(1),
		...callItem(2, 'Error: The tool was not run, because the limit of tool iterations was reached'),
	],
};

test('The limit is an error that names its option and has all that was done', async () => {
	const result = await startWithTools(gradient, limitedTo(2), { tools }).result;
	expect(gradient.server.requests).toHaveLength(2);
	expect(result.error).toMatchObject({
		name: 'NodeOperationError',
		message: 'The model still calls tools after 2 requests [item 0]',
		description: expect.stringContaining("Raise 'Max Tool Iterations' in 'Request Options'"),
		context: { data: { partial: PARTIAL } },
	});
});

test('Where the node continues, all that was done is on the item', async () => {
	const options = { tools, nodeSettings: CONTINUE };
	const result = await startWithTools(gradient, limitedTo(2), options).result;
	expect(result.json(NODE)).toEqual([
		{
			error: 'The model still calls tools after 2 requests [item 0]',
			description: expect.stringContaining("'Max Tool Iterations'"),
			http_code: null,
			request_id: null,
			partial: PARTIAL,
		},
	]);
});

test('Where the error output is used, all that was done goes there', async () => {
	const options = { tools, nodeSettings: { onError: 'continueErrorOutput' as const } };
	const result = await startWithTools(gradient, limitedTo(1), options).result;
	expect(result.json(NODE, 1)).toEqual([
		expect.objectContaining({ partial: expect.objectContaining({ text: 'Round 1. ' }) }),
	]);
});

test('The conversation up to the limit can be continued by another node', async () => {
	const message = [
		{ type: 'conversation', conversation: '={{ $json.partial.conversation }}' },
		{ type: 'message', role: 'user', content: 'Stop, and answer.' },
	];
	const next = gradientNode({ ...TEXT, inputType: 'messages', messages: { message } }, {}, 'Next');
	gradient.server.answer([round(1), round(2)]);
	const options = { tools, nodeSettings: CONTINUE, next: [next] };
	const result = await startWithTools(gradient, limitedTo(2), options).result;
	expect(result.json('Next')[0].text).toBe('Echo: Stop, and answer.');
	expect(gradient.server.bodies[2].input).toEqual([
		...PARTIAL.conversation,
		{ role: 'user', content: 'Stop, and answer.' },
	]);
});

test('Without the option, ten requests are made at most', async () => {
	const result = await startWithTools(gradient, TEXT, { tools }).result;
	expect(gradient.server.requests).toHaveLength(10);
	expect(result.error?.message).toContain('after 10 requests');
});

test('A model that stops calling in the last request is within the limit', async () => {
	gradient.server.answer([round(1)]);
	const result = await startWithTools(gradient, limitedTo(2), { tools }).result;
	expect(result.error).toBeUndefined();
	expect(gradient.server.requests).toHaveLength(2);
});

test('A call of a function of the form in the last request is no excess', async () => {
	gradient.server.answer(
		json(responseOf([functionCall('get_weather', '{}'), functionCall('ask', '{}', 'call_2')])),
	);
	const form = {
		...limitedTo(1),
		tools: { tool: [{ type: 'function', name: 'ask', parametersMode: 'none' }] },
	};
	const result = await startWithTools(gradient, form, { tools }).result;
	expect(result.json(NODE)[0]).toMatchObject({
		tool_calls: [{ call_id: 'call_2' }],
		tool_runs: [{ call_id: 'call_1', output: 'get_weather got {}' }],
	});
});

test.each([
	['0', "'Max Tool Iterations' must be a number of at least 1"],
	['many', "'Max Tool Iterations' must be a number of at least 1"],
])('The limit %s is refused', async (value, words) => {
	const form = { ...TEXT, requestOptions: { maxToolIterations: value } };
	const { error } = await startWithTools(gradient, form, { tools }).result;
	expect(error?.message).toContain(words);
	expect(gradient.server.requests).toEqual([]);
});

test('A failure of the API in round 3 keeps what rounds 1 and 2 did', async () => {
	gradient.server.answer([round(1), round(2), errorBodies.unauthorized]);
	const options = { tools, nodeSettings: CONTINUE };
	const result = await startWithTools(gradient, limitedTo(10), options).result;
	expect(result.json(NODE)).toEqual([
		expect.objectContaining({
			error: 'Unable to authenticate you. [item 0]',
			http_code: '401',
			partial: {
				id: '',
				text: '',
				reasoning: null,
				tool_calls: [],
				usage: expect.objectContaining({ total_tokens: 2 * usage.total_tokens }),
				tool_runs: [
					expect.objectContaining({ call_id: 'call_1', args: { city: '1' } }),
					expect.objectContaining({ call_id: 'call_2', args: { city: '2' } }),
				],
				conversation: [{ type: 'message', role: 'user', content: 'Hello' }, ...ran(1), ...ran(2)],
			},
		}),
	]);
});

testIfHost('accumulateTokenUsage').each([
	['the limit', limitedTo(2), undefined],
	['a failure of the API', limitedTo(10), [round(1), round(2), errorBodies.unauthorized]],
])('The tokens of the rounds before %s count', async (_, form, answers) => {
	if (answers) gradient.server.answer(answers);
	const options = { tools, nodeSettings: CONTINUE };
	const result = await startWithTools(gradient, form, options).result;
	expect(result.task(NODE).metadata?.tokenUsage).toMatchObject({
		inputTokens: 2 * usage.input_tokens,
		outputTokens: 2 * usage.output_tokens,
	});
});

test('A failure that has a part of an answer adds it to the earlier rounds', async () => {
	const broken = responseOf([message('Half an ans')], {
		status: 'failed',
		error: { message: 'Out of memory' },
		usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
	});
	gradient.server.answer([round(1), json(broken)]);
	const { error } = await startWithTools(gradient, limitedTo(10), { tools }).result;
	expect(error?.message).toContain('Out of memory');
	expect((error as unknown as { context: IDataObject }).context.data).toMatchObject({
		partial: {
			text: 'Half an ans',
			usage: { total_tokens: usage.total_tokens + 3 },
			tool_runs: [{ call_id: 'call_1' }],
			conversation: [{ type: 'message', role: 'user', content: 'Hello' }, ...ran(1)],
		},
	});
});

test('A failure of the first request says nothing of tools', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	const options = { tools, nodeSettings: CONTINUE };
	const result = await startWithTools(gradient, limitedTo(10), options).result;
	expect(result.json(NODE)[0]).not.toHaveProperty('partial');
});
