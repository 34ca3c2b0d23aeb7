/** The sub-node's chat model with the histories that n8n's agents, memories and tools give it. */
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { FORM, MODEL_NODE, startWithModel, withModel } from '../support/chatModel';
import { useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import { functionCall, reasoning, responseOf } from '../support/responses';
import { refusals } from '../support/strictHistory';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');

const tool = (name: string, properties: object = {}) => ({
	name,
	description: `Does ${name}`,
	schema: { type: 'object', properties },
});
const CALCULATOR = tool('Calculator', { input: { type: 'string' } });

const said = (id: string, args: object, name = 'Calculator') =>
	new AIMessage({ content: [], tool_calls: [{ id, name, args: args as IDataObject }] });
const told = (tool_call_id: string, content: unknown = '42') =>
	new ToolMessage({ tool_call_id, content: content as string });

/** The input that was sent for these messages. */
async function sent(messages: BaseMessage[], tools: unknown[] = [CALCULATOR]) {
	await withModel(
		gradient,
		async (model) => await model.bindTools!(tools as never).invoke(messages),
	);
	const body = gradient.server.bodies.at(-1)!;
	expect(refusals(body.input)).toEqual([]);
	return body.input as IDataObject[];
}

describe('What n8n’s agent adds to the arguments of a call comes off', () => {
	test('its id', async () => {
		const input = await sent([
			new HumanMessage('6 times 7?'),
			said('call_0', { input: '6*7', id: 'call_0' }),
			told('call_0'),
		]);
		expect(input[1]).toMatchObject({ arguments: '{"input":"6*7"}' });
	});

	test('its id and the name of a tool of an MCP server', async () => {
		const args = { path: 'a.txt', tool: 'read_file', id: 'call_0' };
		const messages = [new HumanMessage('Read'), said('call_0', args, 'read_file'), told('call_0')];
		const [, call] = await sent(messages, [tool('read_file', { path: { type: 'string' } })]);
		expect(call).toMatchObject({ name: 'read_file', arguments: '{"path":"a.txt"}' });
	});

	test('but not what the tool takes by that name', async () => {
		const args = { id: 'call_0' };
		const messages = [new HumanMessage('Read'), said('call_0', args, 'get'), told('call_0')];
		const [, call] = await sent(messages, [tool('get', { id: { type: 'string' } })]);
		expect(call).toMatchObject({ arguments: '{"id":"call_0"}' });
	});
});

test('In one execution, a call goes back as the model made it, also where n8n has overwritten its id', async () => {
	const thought = reasoning('Look it up', { id: 'rs_7', encrypted_content: 'gAAA' });
	const call = functionCall('get', '{"id": 7,  "more": null}', 'call_0', { namespace: 'orders' });
	gradient.server.answer([json(responseOf([thought, call]))]);
	await withModel(gradient, async (model) => {
		const bound = model.bindTools!([tool('get', { id: { type: 'number' } })] as never);
		await bound.invoke('Order 7?');
		await bound.invoke([
			new HumanMessage('Order 7?'),
			said('call_0', { id: 'call_0', more: null }, 'get'),
			told('call_0'),
		]);
	});
	const { input } = gradient.server.bodies[1];
	expect(input).toMatchObject([
		{ role: 'user' },
		{ type: 'reasoning', id: 'rs_7', encrypted_content: 'gAAA' },
		{ name: 'get', arguments: '{"id": 7,  "more": null}', namespace: 'orders' },
		{ type: 'function_call_output', output: '42' },
	]);
});

describe('The result of a tool', () => {
	const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(300_000, 7)]);
	const image = { type: 'image', mimeType: 'image/png', data: PNG.toString('base64') };
	const url = `data:image/png;base64,${image.data}`;
	/** What was sent for it, and what n8n's log says. */
	async function outcome(content: unknown) {
		const run = startWithModel(gradient, async (model) => {
			const messages = [new HumanMessage('Look'), said('call_0', {}), told('call_0', content)];
			return (await model.bindTools!([CALCULATOR] as never).invoke(messages)).content;
		});
		const hints = (await run.result).hints(MODEL_NODE).map(({ message }) => message);
		const input = gradient.server.bodies.at(-1)!.input as IDataObject[];
		expect(refusals(input)).toEqual([]);
		return { output: String(input.at(-1)?.output), hints };
	}

	test('of a million characters is cut as in the Gradient node, and n8n’s log says so', async () => {
		const { output, hints } = await outcome('x y '.repeat(250_000));
		expect(output.length).toBe(400_000 + '… (600000 more characters were cut off)'.length);
		expect(hints).toEqual(["A tool's result was cut to 400000 characters"]);
	});

	test.each([
		[
			'of an MCP server, as n8n’s agent tells it',
			JSON.stringify([{ response: JSON.stringify([image]) }]),
		],
		['in the words of chat completions', [{ type: 'image_url', image_url: { url } }]],
		[
			'in the words of LangChain',
			[
				{ type: 'text', text: 'Here' },
				{ ...image, source_type: 'base64', mime_type: 'image/png' },
			],
		],
	])('has no picture %s', async (_name, content) => {
		const { output, hints } = await outcome(content);
		expect(output).toContain('image/png, 300 kB, left out');
		expect(output.length).toBeLessThan(200);
		expect(hints).toEqual([
			"Not all of a tool's result goes to the model: image/png, 300 kB, left out",
		]);
	});
});

test('The pictures of tools are sent behind their results where the form says so, in each later round too', async () => {
	const data = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(900, 7)]);
	const image = { type: 'image', mimeType: 'image/png', data: data.toString('base64') };
	const calls = ['call_0', 'call_1'].map((id) => functionCall('Calculator', '{}', id));
	gradient.server.answer([
		json(responseOf(calls)),
		json(responseOf([functionCall('Calculator', '{}', 'call_2')])),
	]);
	const steps = (...ids: string[]) =>
		ids.flatMap((id) => [said(id, { id }), told(id, JSON.stringify([{ response: [image] }]))]);
	const form = { ...FORM, options: { sendToolPictures: true } };
	await withModel(
		gradient,
		async (model) => {
			const bound = model.bindTools!([CALCULATOR] as never);
			await bound.invoke('Look');
			await bound.invoke([new HumanMessage('Look'), ...steps('call_0', 'call_1')]);
			await bound.invoke([new HumanMessage('Look'), ...steps('call_0', 'call_1', 'call_2')]);
		},
		form,
	);
	const picture = { type: 'input_image', image_url: `data:image/png;base64,${image.data}` };
	const text = (id: string) => ({
		type: 'input_text',
		text: `What was left out of the result of ${id}:`,
	});
	const input = gradient.server.bodies[2].input as IDataObject[];
	expect(refusals(input)).toEqual([]);
	expect(input.map(({ type }) => type)).toEqual(
		'message function_call function_call function_call_output function_call_output message function_call function_call_output message'.split(
			' ',
		),
	);
	expect(input[3].output).toContain('image/png, ');
	expect(input[5].content).toEqual([text('call_0'), picture, text('call_1'), picture]);
	expect(input[8].content).toEqual([text('call_2'), picture]);
});

describe('What a memory has cut', () => {
	test('a result without its call goes, and what stands before the first message', async () => {
		const input = await sent([told('call_9'), new AIMessage('Done'), new HumanMessage('And now?')]);
		expect(input).toMatchObject([{ role: 'assistant' }, { role: 'user' }]);
		expect(input).toHaveLength(2);
	});

	test('a call without its result gets one that says so', async () => {
		const input = await sent([new HumanMessage('Hi'), said('call_0', {}), new HumanMessage('?')]);
		expect(input).toMatchObject([
			{ role: 'user' },
			{ type: 'function_call', call_id: 'call_0' },
			{ call_id: 'call_0', output: expect.stringContaining('no result') as string },
			{ role: 'user' },
		]);
	});
});

describe('The name of a tool that the API does not take', () => {
	const LONG = 'a'.repeat(70);
	const NAMES = ['files.read/all', 'files_read_all', '天气', LONG];

	test('is a legal one there, and its own again for n8n', async () => {
		const calls = () =>
			(gradient.server.bodies[0].tools as IDataObject[]).map(({ name }, index) =>
				functionCall(String(name), '{}', `call_${index}`),
			);
		gradient.server.answer((_request, index) =>
			index === 0 ? json(responseOf(calls())) : undefined,
		);
		await withModel(gradient, async (model) => {
			const bound = model.bindTools!(NAMES.map((name) => tool(name)) as never);
			const answer = (await bound.invoke('Hello')) as unknown as AIMessage;
			expect(answer.tool_calls?.map(({ name }) => name)).toEqual(NAMES);
			await bound.invoke([
				new HumanMessage('Hello'),
				answer,
				...NAMES.map((_name, index) => told(`call_${index}`)),
			]);
		});
		for (const body of gradient.server.bodies) expect(refusals(body.input)).toEqual([]);
		const names = (gradient.server.bodies[1].tools as IDataObject[]).map(({ name }) => name);
		const called = (gradient.server.bodies[1].input as IDataObject[]).filter(
			({ type }) => type === 'function_call',
		);
		expect(called.map(({ name }) => name)).toEqual(names);
		expect(names[1]).not.toBe(names[0]);
	});

	test('is a legal one where it is chosen', async () => {
		await withModel(
			gradient,
			async (model) =>
				await model.bindTools!(
					[tool('files.read')] as never,
					{
						tool_choice: 'files.read',
					} as never,
				).invoke('Hello'),
		);
		expect(gradient.server.bodies[0]).toMatchObject({
			tools: [{ name: 'files_read' }],
			tool_choice: { type: 'function', function: { name: 'files_read' } },
		});
	});
});
