/** The same node against a server that others wrote. */
import type { IDataObject } from 'n8n-workflow';

import { startAimock, type Aimock } from '../support/aimock';
import {
	API_KEY,
	gradientNode,
	MODEL,
	NODE,
	SAID,
	TEXT,
	useGradient,
} from '../support/gradientNode';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

let aimock: Aimock;
beforeAll(async () => {
	aimock = await startAimock({ apiKeys: [API_KEY] });
});
beforeEach(() => aimock.reset());
afterAll(async () => await aimock.close());

const onAimock = (): { credential: { baseUrl: string } } => ({
	credential: { baseUrl: aimock.url },
});

const TOOLS: IDataObject = {
	tool: [
		{
			type: 'function',
			name: 'get_weather',
			description: 'Gets the weather',
			parametersMode: 'fields',
			parameters: { parameter: [{ name: 'city', type: 'string' }] },
		},
	],
};

const CALL = { name: 'get_weather', arguments: { city: 'Paris' }, id: 'call_weather' };

test('A prompt is answered by a text', async () => {
	aimock.onPrompt('capital', 'Paris.');
	const result = await gradient.run({ ...SAID, prompt: 'The capital of France?' }, onAimock());
	expect(result.json(NODE)[0]).toMatchObject({
		text: 'Paris.',
		finish_reason: 'stop',
		status: 'completed',
		conversation: [
			{ type: 'message', role: 'user', content: 'The capital of France?' },
			{ type: 'message', role: 'assistant', content: 'Paris.' },
		],
	});
	expect(aimock.requests[0]).toMatchObject({
		method: 'POST',
		path: '/v1/responses',
		body: { model: MODEL, input: 'The capital of France?' },
	});
});

test('A prompt is answered by a tool call', async () => {
	aimock.onPromptCall('weather', CALL);
	const form = { ...TEXT, prompt: 'The weather in Paris?', tools: TOOLS };
	const result = await gradient.run(form, onAimock());
	expect(result.json(NODE)[0]).toMatchObject({
		text: '',
		tool_calls: [{ call_id: 'call_weather', name: 'get_weather', args: { city: 'Paris' } }],
		finish_reason: 'tool_calls',
	});
});

test('The output of a tool call brings the answer', async () => {
	aimock.onPromptCall('weather', CALL);
	aimock.onCallOutput('call_weather', 'It is sunny in Paris.');
	const message = [
		{ type: 'conversation' },
		{
			type: 'function_call_output',
			callId: '={{ $json.tool_calls[0].call_id }}',
			output: '={{ ({ sky: "clear" }) }}',
		},
	];
	const next = gradientNode(
		{ ...TEXT, inputType: 'messages', messages: { message }, tools: TOOLS },
		{},
		'Next',
	);
	const form = { ...SAID, prompt: 'The weather in Paris?', tools: TOOLS };
	const result = await gradient.run(form, { ...onAimock(), next: [next] });
	expect(result.json('Next')[0]).toMatchObject({
		text: 'It is sunny in Paris.',
		finish_reason: 'stop',
	});
	expect((aimock.requests[1].body as IDataObject).input).toEqual([
		{ type: 'message', role: 'user', content: 'The weather in Paris?' },
		expect.objectContaining({
			type: 'function_call',
			call_id: 'call_weather',
			name: 'get_weather',
			arguments: '{"city":"Paris"}',
		}),
		{ type: 'function_call_output', call_id: 'call_weather', output: '{"sky":"clear"}' },
	]);
});

test.each([
	['off', {}],
	['on', { options: { stream: 'on' } }],
])('A connected tool is run, and its output brings the answer, with Stream %s', async (_, more) => {
	aimock.onPromptCall('weather', CALL);
	aimock.onCallOutput('call_weather', 'It is sunny in Paris.');
	const tools = { Weather: () => echoTool('get_weather') };
	const form = { ...TEXT, ...more, prompt: 'The weather in Paris?' };
	const result = await startWithTools(gradient, form, { ...onAimock(), tools }).result;
	expect(result.json(NODE)[0]).toMatchObject({
		text: 'It is sunny in Paris.',
		tool_calls: [],
		finish_reason: 'stop',
		tool_runs: [
			{
				call_id: 'call_weather',
				name: 'get_weather',
				args: { city: 'Paris' },
				output: 'get_weather got {"city":"Paris"}',
			},
		],
	});
	expect(aimock.requests).toHaveLength(2);
	expect(((aimock.requests[1].body as IDataObject).input as IDataObject[]).at(-1)).toEqual({
		type: 'function_call_output',
		call_id: 'call_weather',
		output: 'get_weather got {"city":"Paris"}',
	});
});

test('Incoming items are one conversation', async () => {
	aimock.onPrompt('Go on', 'Once upon a time.');
	const items = [{ role: 'system', text: 'Tell a story.' }, { text: 'Go on' }];
	const form = { ...TEXT, inputType: 'items', itemsAre: 'inputItems' };
	const result = await gradient.run(form, { ...onAimock(), items });
	expect(result.json(NODE).map(({ text }) => text)).toEqual(['Once upon a time.']);
});

test('An error is shown in the words of that server too', async () => {
	const form = { ...TEXT, prompt: 'Nothing fits', requestOptions: { maxRetries: 0 } };
	const { error } = await gradient.run(form, onAimock());
	expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '404' });
	expect(error?.message).toMatch(/fixture/i);
});

test('A wrong key is refused', async () => {
	const credential = { baseUrl: aimock.url, apiKey: 'sk-do-wrong' };
	const { error } = await gradient.run(TEXT, { credential });
	expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
});
