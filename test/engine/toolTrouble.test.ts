/** Calls and tools that misbehave: the model is told, and each call has exactly one output. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, responses, textResponse } from '../support/responses';
import { echoTool, startWithTools, type ToolsRun } from '../support/toolNodes';

const gradient = useGradient();

async function run(output: IDataObject[], tools: ToolsRun['tools'], more: IDataObject = {}) {
	gradient.server.answer([json(responseOf(output)), json(textResponse('Done'))]);
	const result = await startWithTools(gradient, { ...TEXT, ...more }, { tools }).result;
	expect(result.error).toBeUndefined();
	const [item] = result.json(NODE);
	expect(item.text).toBe('Done');
	return item.tool_runs as IDataObject[];
}

const sent = (type: string, round = 1) =>
	(gradient.server.bodies[round].input as IDataObject[]).filter((item) => item.type === type);

const outputs = () => sent('function_call_output').map(({ output }) => output);

const WEATHER = { Weather: () => echoTool('get_weather') };
const tool = (invoke: (args: unknown) => unknown) => ({ Tool: () => echoTool('tool', { invoke }) });

test('A tool that the model has made up is answered with the names of those that there are', async () => {
	const calls = [functionCall('get_whether', '{}'), functionCall('get_weather', '{}', 'call_2')];
	const [unknown, known] = await run(calls, { ...WEATHER, Time: () => echoTool('get_time') });
	const words = "There is no tool 'get_whether'. The tools are: get_time, get_weather";
	expect(outputs()).toEqual([`Error: ${words}`, 'get_weather got {}']);
	expect(unknown).toMatchObject({ name: 'get_whether', error: words, output: `Error: ${words}` });
	expect(known).not.toHaveProperty('error');
});

test.each([
	['', {}],
	['  ', {}],
	['null', {}],
	['{}', {}],
	['{"city":"Paris"}', { city: 'Paris' }],
])("The arguments '%s' are those of a call", async (args, expected) => {
	const runs = await run([functionCall('get_weather', args)], WEATHER);
	expect(outputs()).toEqual([`get_weather got ${JSON.stringify(expected)}`]);
	expect(runs[0]).not.toHaveProperty('error');
});

test.each([
	[
		'{',
		'{"raw":"{"}',
		'The arguments are not valid JSON: {. Call the tool again with a JSON object',
	],
	[
		'{"city":"Par',
		'{"raw":"{\\"city\\":\\"Par"}',
		'The arguments are not valid JSON: {"city":"Par. Call',
	],
	['[]', '{"raw":"[]"}', 'The arguments must be a JSON object, but were []. Call the tool again'],
	['""', '{}', 'The arguments must be a JSON object, but were "". Call the tool again'],
	['7', '{"raw":"7"}', 'The arguments must be a JSON object, but were 7. Call the tool again'],
])("The arguments '%s' are refused in words, and go back as %s", async (args, mended, words) => {
	const [oneRun] = await run([functionCall('get_weather', args)], WEATHER);
	expect(outputs()).toEqual([expect.stringContaining(`Error: ${words}`)]);
	expect(oneRun.error).toContain(words);
	expect(sent('function_call')).toEqual([expect.objectContaining({ arguments: mended })]);
});

test('Arguments as an object, which the API should not send, are taken', async () => {
	const call = functionCall('get_weather', '', 'call_1', { arguments: { city: 'Paris' } });
	await run([call], WEATHER);
	expect(outputs()).toEqual(['get_weather got {"city":"Paris"}']);
	expect(sent('function_call')[0].arguments).toBe('{"city":"Paris"}');
});

const CIRCULAR: IDataObject = { name: 'loop' };
CIRCULAR.self = CIRCULAR;

test.each<[string, () => unknown, unknown]>([
	['an object', () => ({ sky: 'clear' }), '{"sky":"clear"}'],
	['a list', () => [1, 'two'], '[1,"two"]'],
	['a number', () => 21, '21'],
	['null', () => null, 'null'],
	['an empty text', () => '', ''],
	['nothing', () => undefined, 'The tool ran and returned nothing'],
	['a symbol', () => Symbol('sign'), 'Symbol(sign)'],
	['binary data', () => Buffer.from('PNG'), 'The tool returned 3 bytes of binary data'],
	['a circular object', () => CIRCULAR, expect.stringMatching(/^The tool ran, but .+circular/s)],
	[
		'a ToolMessage',
		() => ({ content: 'It is sunny', tool_call_id: 'call_1', status: 'success' }),
		'It is sunny',
	],
	['what a tool does not wait for', () => Promise.resolve({ later: true }), '{"later":true}'],
])('A tool may return %s: the model gets a text', async (_, value, output) => {
	const [oneRun] = await run([functionCall('tool', '{}')], tool(value));
	expect(outputs()).toEqual([output]);
	expect(oneRun.output).toEqual(output);
	expect(oneRun).not.toHaveProperty('error');
});

test('Of 5 MB the model gets the first 400,000 characters, and how many are missing', async () => {
	await run(
		[functionCall('tool', '{}')],
		tool(() => 'x'.repeat(5_000_000)),
	);
	const [output] = outputs() as string[];
	expect(output.slice(0, 400_000)).toBe('x'.repeat(400_000));
	expect(output.slice(400_000)).toBe('… (4600000 more characters were cut off)');
});

test.each<[string, unknown, string]>([
	['an error', new Error('No such city'), 'No such city'],
	['a text', 'No such city', 'No such city'],
	['nothing', undefined, 'undefined'],
])(
	'A tool that throws %s is reported to the model, and the others are run',
	async (_, thrown, words) => {
		const calls = [functionCall('tool', '{}'), functionCall('get_weather', '{}', 'call_2')];
		const throwing = tool(() => {
			throw thrown;
		});
		const [failed, other] = await run(calls, { ...throwing, ...WEATHER });
		expect(outputs()).toEqual([`Error: ${words}`, 'get_weather got {}']);
		expect(failed).toMatchObject({ error: words, output: `Error: ${words}` });
		expect(other).not.toHaveProperty('error');
	},
);

test('A tool that hangs is given up after the Timeout, and the model is told', async () => {
	const calls = [functionCall('tool', '{}'), functionCall('get_weather', '{}', 'call_2')];
	const hanging = tool(async () => await new Promise(() => {}));
	const more = { requestOptions: { timeout: 1000 } };
	const [oneRun] = await run(calls, { ...hanging, ...WEATHER }, more);
	expect(outputs()).toEqual(['Error: The tool did not answer within 1 s', 'get_weather got {}']);
	expect(oneRun.error).toBe('The tool did not answer within 1 s');
});

test('A tool whose answer comes too late does not disturb the run', async () => {
	let fail: (error: Error) => void = () => {};
	const hanging = tool(async () => {
		await new Promise((_, reject) => (fail = reject));
	});
	const more = { requestOptions: { timeout: 1000 } };
	await run([functionCall('tool', '{}')], hanging, more);
	fail(new Error('Too late'));
	await new Promise((resolve) => setImmediate(resolve));
	expect(outputs()).toEqual(['Error: The tool did not answer within 1 s']);
});

test('Calls of an empty type, which DigitalOcean is reported to send, are run', async () => {
	await run([functionCall('get_weather', '{}', 'call_1', { type: '' })], WEATHER);
	expect(sent('function_call')).toEqual([expect.objectContaining({ call_id: 'call_1' })]);
	expect(outputs()).toEqual(['get_weather got {}']);
});

test.each([[null], ['']])('Calls whose ids are %p get an id each', async (id) => {
	const nameless = { id, call_id: id };
	const calls = ['Paris', 'Rome'].map((city) =>
		functionCall('get_weather', `{"city":"${city}"}`, 'x', nameless),
	);
	await run(calls, WEATHER);
	const ids = sent('function_call').map((call) => call.call_id);
	expect(new Set(ids).size).toBe(2);
	expect(sent('function_call_output').map((one) => [one.call_id, one.output])).toEqual([
		[ids[0], 'get_weather got {"city":"Paris"}'],
		[ids[1], 'get_weather got {"city":"Rome"}'],
	]);
});

test('A call in the chat form of a response is run', async () => {
	gradient.server.answer([json(responses.choicesToolCall), json(textResponse('Done'))]);
	await startWithTools(gradient, TEXT, { tools: WEATHER }).result;
	expect(outputs()).toEqual(['get_weather got {"city":"Paris"}']);
});

test('Ids that repeat, within a response and in later rounds, become ids of their own', async () => {
	const calls = (...cities: string[]) =>
		json(responseOf(cities.map((city) => functionCall('get_weather', `{"city":"${city}"}`, 'c'))));
	gradient.server.answer([calls('Paris', 'Rome'), calls('Oslo'), json(textResponse('Done'))]);
	const result = await startWithTools(gradient, TEXT, { tools: WEATHER }).result;
	const ids = ['c', 'c_2', 'c_3'];
	expect(sent('function_call', 2).map((call) => call.call_id)).toEqual(ids);
	expect(sent('function_call_output', 2)).toEqual(
		['Paris', 'Rome', 'Oslo'].map((city, index) =>
			expect.objectContaining({
				call_id: ids[index],
				output: `get_weather got {"city":"${city}"}`,
			}),
		),
	);
	const runs = result.json(NODE)[0].tool_runs as IDataObject[];
	expect(runs.map((one) => one.call_id)).toEqual(ids);
});
