/** Separate Tool Calls Output: calls that the workflow itself runs. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { NODE, SAID, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, message, responseOf, responses, textResponse } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const FORM: IDataObject = {
	...TEXT,
	prompt: '={{ $json.prompt ?? "Hello" }}',
	separateToolCalls: true,
	requestOptions: { maxRetries: 0 },
};

const CALL = {
	type: 'function_call',
	call_id: 'call_1',
	name: 'get_weather',
	arguments: '{"city":"Paris"}',
};

/** As its item has it: what it is about, in words too. */
const called = (city: string) => ({
	name: 'get_weather',
	args: { city },
	summary: `get_weather: city ${city}`,
});

test('Each call is an item of the second output, with all that the way back needs', async () => {
	gradient.server.answer(json(responses.textAndFunctionCalls));
	const result = await gradient.run(FORM);
	const [response, ...others] = result.json(NODE);
	expect(others).toEqual([]);
	expect(response).toMatchObject({ text: 'Let me look.', finish_reason: 'tool_calls' });
	expect(response.tool_calls).toHaveLength(2);

	const conversation = [
		{ type: 'message', role: 'user', content: 'Hello' },
		{ type: 'message', role: 'assistant', content: 'Let me look.' },
		CALL,
		{ ...CALL, call_id: 'call_2', arguments: '{"city":"Rome"}' },
	];
	expect(response).not.toHaveProperty('conversation');
	const rest = { response_id: 'resp_1f2e3d4c5b6a7988', conversation };
	expect(result.json(NODE, 1)).toEqual([
		{ call_id: 'call_1', ...called('Paris'), ...rest },
		{ call_id: 'call_2', ...called('Rome'), ...rest },
	]);
});

test('The calls are paired with the items that they are for', async () => {
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: string };
		if (input === 'none') return json(textResponse('Nothing to do'));
		return json(
			responseOf([functionCall('f', '{}', `${input}1`), functionCall('f', '{}', `${input}2`)]),
		);
	});
	const items = ['a', 'none', 'c'].map((prompt) => ({ prompt }));
	const result = await gradient.run(FORM, { items });
	expect(result.json(NODE)).toHaveLength(3);
	expect(result.items(NODE, 1).map((item) => [item.json.call_id, item.pairedItem])).toEqual([
		['a1', { item: 0 }],
		['a2', { item: 0 }],
		['c1', { item: 2 }],
		['c2', { item: 2 }],
	]);
});

test('Without calls the second output is empty, and the node behind it does not run', async () => {
	const result = await gradient.run(FORM);
	expect(result.json(NODE)[0].text).toBe('Echo: Hello');
	expect(result.items(NODE, 1)).toEqual([]);
});

test('Without the option there is no second output', async () => {
	gradient.server.answer(json(responses.functionCall));
	const result = await gradient.run({ ...FORM, separateToolCalls: false });
	expect(result.task(NODE).data?.main).toHaveLength(1);
});

test('The raw response keeps its calls on the second output', async () => {
	gradient.server.answer(json(responses.functionCall));
	const result = await gradient.run({ ...FORM, simplify: false });
	expect(result.json(NODE)[0]).toHaveProperty('output');
	expect(result.json(NODE, 1)).toEqual([expect.objectContaining({ call_id: 'call_1' })]);
});

test('Arguments that are not JSON come out as they are, and the item says so', async () => {
	gradient.server.answer(json(responseOf([functionCall('get_weather', '{"city":"Par')])));
	const result = await gradient.run(FORM);
	expect(result.json(NODE, 1)[0]).toMatchObject({
		args: '{"city":"Par',
		arguments_error: 'The arguments are not valid JSON',
	});
});

test.each([
	['cut arguments', '{"city":"Par', '{"raw":"{\\"city\\":\\"Par"}'],
	['{}, as vLLM streams it', '{}', '{}'],
])('A call that the limit cut off, with %s, is for nobody to run', async (_, args, sent) => {
	const calls = [functionCall('f', '{"a":1}'), functionCall('f', args, 'call_2')];
	const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
	gradient.server.answer(json(responseOf(calls, cut)));
	const result = await gradient.run({ ...FORM, options: SAID.options });
	const [{ tool_calls: said, conversation }] = result.json(NODE);
	expect(said).toEqual([
		expect.not.objectContaining({ arguments_error: expect.anything() }),
		expect.objectContaining({
			call_id: 'call_2',
			arguments_error: expect.stringContaining("Raise 'Max Output Tokens'"),
		}),
	]);
	expect(result.json(NODE, 1).map((call) => call.call_id)).toEqual(['call_1']);
	// the way back needs no answer to it
	expect(conversation).toEqual([
		{ type: 'message', role: 'user', content: 'Hello' },
		{ type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":1}' },
		{ type: 'function_call', call_id: 'call_2', name: 'f', arguments: sent },
		{
			type: 'function_call_output',
			call_id: 'call_2',
			output: expect.stringContaining('Error: The call was cut off by the limit of output tokens'),
		},
	]);
});

test('Calls of connected tools are run, the others come out', async () => {
	gradient.server.answer([
		json(responseOf([functionCall('get_weather', '{}')])),
		json(responseOf([message('Please confirm.'), functionCall('ask', '{}', 'call_2')])),
	]);
	const form = {
		...FORM,
		tools: { tool: [{ type: 'function', name: 'ask', parametersMode: 'none' }] },
	};
	const tools = { Weather: () => echoTool('get_weather') };
	const result = await startWithTools(gradient, form, { tools }).result;
	expect(result.json(NODE)[0]).toMatchObject({ text: 'Please confirm.' });
	const [call, ...others] = result.json(NODE, 1);
	expect(others).toEqual([]);
	expect(call.call_id).toBe('call_2');
	expect((call.conversation as IDataObject[]).map(({ type, role }) => role ?? type)).toEqual([
		'user',
		'function_call',
		'function_call_output',
		'assistant',
		'function_call',
	]);
});

describe('Of failed items', () => {
	const items = ['call', 'bad', 'call'].map((prompt) => ({ prompt }));
	beforeEach(() =>
		gradient.server.answer(({ body }) =>
			(body as IDataObject).input === 'bad'
				? errorBodies.unauthorized
				: json(responses.functionCall),
		),
	);

	test('the error output is the third', async () => {
		const nodeSettings = { onError: 'continueErrorOutput' as const };
		const result = await gradient.run(FORM, { items, nodeSettings });
		const outputs = [0, 1, 2].map((output) =>
			result.items(NODE, output).map(({ pairedItem }) => pairedItem),
		);
		expect(outputs).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }],
		]);
		expect(result.json(NODE, 2)[0]).toMatchObject({
			prompt: 'bad',
			error: 'Unable to authenticate you. [item 1]',
		});
		expect(result.json(NODE, 1)[0]).toMatchObject({ call_id: 'call_1' });
	});

	test('all go to the error output where all fail', async () => {
		gradient.server.answer(errorBodies.unauthorized);
		const nodeSettings = { onError: 'continueErrorOutput' as const };
		const result = await gradient.run(FORM, { items, nodeSettings });
		const lengths = [0, 1, 2].map((output) => result.items(NODE, output).length);
		expect(lengths).toEqual([0, 0, 3]);
	});

	test('the first output has the errors where the node continues', async () => {
		const nodeSettings = { onError: 'continueRegularOutput' as const };
		const result = await gradient.run(FORM, { items, nodeSettings });
		expect(result.json(NODE).map(({ error }) => error)).toEqual([
			undefined,
			'Unable to authenticate you. [item 1]',
			undefined,
		]);
		expect(result.items(NODE, 1).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
		]);
	});
});
