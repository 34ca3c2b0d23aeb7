/** The sub-node's chat model where the model's answer is of no use to n8n: it is asked once more, or fails in words. */
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { FORM, MODEL_NODE, type Work, startWithModel, withModel } from '../support/chatModel';
import { errorBodies } from '../support/errorBodies';
import { useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	textResponse,
	usage,
} from '../support/responses';
import { frame, typedEvents } from '../support/streams';
import { refusals } from '../support/strictHistory';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');

const tool = (name: string, schema: object = { type: 'object', properties: {} }) => ({
	name,
	description: `Does ${name}`,
	schema,
});
const TOOLS = [tool('Calculator'), tool('get_weather')];
const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

const invoke = async (form?: IDataObject, tools: unknown[] = TOOLS) =>
	(await withModel(
		gradient,
		async (model) => await model.bindTools!(tools as never).invoke('Hello'),
		form,
	)) as unknown as AIMessage;

const typed = (...args: Parameters<typeof responseOf>): Answer =>
	eventStream(typedEvents(responseOf(...args)).map(frame));

async function stream(tools: unknown[] = TOOLS) {
	return await withModel(gradient, async (model) => {
		const chunks: AIMessageChunk[] = [];
		for await (const chunk of await model.bindTools!(tools as never).stream('Hello')) {
			chunks.push(chunk);
		}
		return chunks.reduce((all, chunk) => all.concat(chunk));
	});
}

const inputs = () => gradient.server.bodies.map(({ input }) => input as IDataObject[]);
const callNames = ({ tool_calls: calls = [] }: AIMessage | AIMessageChunk) =>
	calls.map(({ name }) => name);

/** What n8n's log says beside the output of the sub-node. */
async function notesOf(work: Work): Promise<string[]> {
	const run = await startWithModel(gradient, work).result;
	if (run.error) throw run.error;
	return run.hints(MODEL_NODE).map(({ message: words }) => words);
}

describe('A call that n8n cannot run', () => {
	test.each([
		['launch_rocket', '{}', {}, /^Error: There is no tool 'launch_rocket'\. The tools are: Calc/],
		['Calculator', '{"input": "1', {}, /^Error: The arguments are not a JSON object: \{"input"/],
		['Calculator', '[1]', {}, /^Error: The arguments are not a JSON object: \[1\]/],
		['Calculator', '{}', CUT, /^Error: This call was not run, because the answer was cut off/],
	])('%s(%s) is answered, and the model is asked once more', async (name, args, extra, told) => {
		gradient.server.answer([
			json(responseOf([reasoning('Hm'), functionCall(name, args)], extra)),
			json(responseOf([functionCall('Calculator', '{"input":"1+1"}')])),
		]);
		const answer = await invoke();
		expect(answer.tool_calls).toMatchObject([{ name: 'Calculator', args: { input: '1+1' } }]);
		const [first, second] = inputs();
		expect(second.slice(0, first.length)).toMatchObject(first);
		expect(second.slice(first.length)).toMatchObject([
			{ type: 'reasoning' },
			{ type: 'function_call', call_id: 'call_1' },
			{
				type: 'function_call_output',
				call_id: 'call_1',
				output: expect.stringMatching(told) as string,
			},
		]);
		for (const body of gradient.server.bodies) expect(refusals(body.input)).toEqual([]);
		expect(gradient.server.bodies).toHaveLength(2);
	});

	test('may be followed by an answer in words, and the tokens of both are counted', async () => {
		gradient.server.answer([
			json(responseOf([functionCall('launch_rocket', '{}')])),
			json(textResponse('I have no rocket')),
		]);
		const answer = await invoke();
		expect(answer.content).toBe('I have no rocket');
		expect(answer.usage_metadata).toMatchObject({
			input_tokens: 144,
			output_tokens: 70,
			total_tokens: 214,
		});
	});

	test.each([
		['launch_rocket', '{}', {}, "The model called 'launch_rocket', which is none of its tools"],
		['Calculator', '7', {}, "'Calculator' with arguments that are not a JSON object: 7, also"],
		['Calculator', '{}', CUT, "Raise 'Max Output Tokens' in 'Options'"],
	])('%s(%s) twice fails, with all that was paid', async (name, args, extra, words) => {
		gradient.server.answer(json(responseOf([functionCall(name, args)], extra)));
		await expect(invoke()).rejects.toMatchObject({
			message: expect.stringContaining(words) as string,
			context: {
				data: { partial: { usage: { total_tokens: 214 }, tool_calls: [{ name }] } },
			},
		});
		expect(gradient.server.bodies).toHaveLength(2);
	});

	test('is paid for, also where the second request fails', async () => {
		gradient.server.answer([
			json(responseOf([functionCall('launch_rocket', '{}')])),
			errorBodies.unauthorized,
		]);
		await expect(invoke()).rejects.toMatchObject({
			message: 'Unable to authenticate you.',
			context: { data: { partial: { usage: { total_tokens: 107 } } } },
		});
	});

	test('is not asked about where there are others: n8n gets those, and the model is told with their results', async () => {
		gradient.server.answer([
			json(
				responseOf([
					message('Both at once'),
					functionCall('Calculator', '{"input":"1+1"}'),
					functionCall('launch_rocket', '{}', 'call_2'),
				]),
			),
			json(textResponse('Two')),
		]);
		const notes = await notesOf(async (model) => {
			const { HumanMessage, AIMessage, ToolMessage } = await import('@langchain/core/messages');
			const bound = model.bindTools!(TOOLS as never);
			const answer = (await bound.invoke('Hello')) as unknown as AIMessage;
			expect(callNames(answer)).toEqual(['Calculator']);
			// all that n8n's agent keeps
			const [{ id, name, args }] = answer.tool_calls!;
			await bound.invoke([
				new HumanMessage('Hello'),
				new AIMessage({ content: [], tool_calls: [{ id, name, args: { ...args, id } }] }),
				new ToolMessage({ tool_call_id: id!, content: '2' }),
			]);
		});
		expect(inputs()[1].slice(1)).toMatchObject([
			{ role: 'assistant', content: 'Both at once' },
			{ name: 'Calculator', arguments: '{"input":"1+1"}' },
			{ name: 'launch_rocket' },
			{
				call_id: 'call_2',
				output: expect.stringContaining("There is no tool 'launch_rocket'") as string,
			},
			{ call_id: 'call_1', output: '2' },
		]);
		expect(refusals(gradient.server.bodies[1].input)).toEqual([]);
		expect(notes).toEqual([
			"The model called 'launch_rocket', which is none of its tools. The model was told so",
		]);
	});

	test('is one of a tool that only the form offers, as n8n’s agent could not run it', async () => {
		const additionalFields = '{"tools":[{"type":"function","name":"lookup","parameters":{}}]}';
		gradient.server.answer(json(responseOf([functionCall('lookup', '{}')])));
		await expect(invoke({ ...FORM, options: { additionalFields } })).rejects.toMatchObject({
			message: expect.stringContaining("'lookup', which is none of its tools") as string,
		});
	});

	test('is one where nobody has bound tools, as in a chain: the model is asked to answer without', async () => {
		gradient.server.answer([
			json(responseOf([functionCall('search', '{"q":"x"}')])),
			json(textResponse('Paris')),
		]);
		const answer = await withModel(gradient, async (model) => await model.invoke('Hello'));
		expect(answer.content).toBe('Paris');
		expect(inputs()[1].at(-1)).toMatchObject({
			output: "Error: There is no tool 'search'. Answer without a tool",
		});
	});

	test('is none, where nobody has bound tools, and the form offers it', async () => {
		const additionalFields = '{"tools":[{"type":"function","name":"lookup","parameters":{}}]}';
		gradient.server.answer(json(responseOf([functionCall('lookup', '{}')])));
		const work = async (model: Parameters<Work>[0]) => await model.invoke('Hello');
		const answer = await withModel(gradient, work, { ...FORM, options: { additionalFields } });
		expect(callNames(answer as unknown as AIMessage)).toEqual(['lookup']);
	});
});

describe('A call that came as text and cannot be read', () => {
	const BROKEN = '<tool_call>\n{"name": "Calculator", "arguments": {input: 1}}\n</tool_call>';
	const CUT_TEXT = '<tool_call>\n{"name": "Calcu';

	test.each([
		[BROKEN, {}, /^Error: Your tool call could not be read.*tools are: Calculator, get_weather$/],
		[CUT_TEXT, CUT, /^Error: Your tool call was cut off by the limit of output tokens/],
	])('%s: the model is told, and asked once more', async (text, extra, told) => {
		gradient.server.answer([
			json(textResponse(text, extra)),
			json(responseOf([functionCall('Calculator', '{"input":"1+1"}')])),
		]);
		const answer = await invoke();
		expect(answer.tool_calls).toMatchObject([{ name: 'Calculator', args: { input: '1+1' } }]);
		expect(answer.usage_metadata).toMatchObject({ total_tokens: 214 });
		expect(inputs()[1].slice(-2)).toEqual([
			{ type: 'message', role: 'assistant', content: text },
			{ type: 'message', role: 'user', content: expect.stringMatching(told) as string },
		]);
		for (const body of gradient.server.bodies) expect(refusals(body.input)).toEqual([]);
	});

	test('is no example for later rounds', async () => {
		gradient.server.answer([
			json(textResponse(BROKEN)),
			json(responseOf([functionCall('Calculator', '{"input":"1+1"}')])),
			json(textResponse('Two')),
		]);
		await withModel(gradient, async (model) => {
			const { HumanMessage, ToolMessage } = await import('@langchain/core/messages');
			const bound = model.bindTools!(TOOLS as never);
			const answer = (await bound.invoke('Hello')) as unknown as AIMessage;
			const content = new ToolMessage({ tool_call_id: answer.tool_calls![0].id!, content: '2' });
			await bound.invoke([new HumanMessage('Hello'), answer, content]);
		});
		expect(inputs()[2]).toMatchObject([
			{ role: 'user', content: 'Hello' },
			{ type: 'function_call' },
			{ type: 'function_call_output', output: '2' },
		]);
	});

	test.each([
		[
			BROKEN,
			{},
			/^The model wrote its tool call as text.*also when it was asked again\. Try again/,
		],
		[CUT_TEXT, CUT, /Raise 'Max Output Tokens' in 'Options'$/],
	])('%s twice fails, with all that was paid', async (text, extra, words) => {
		gradient.server.answer(json(textResponse(text, extra)));
		await expect(invoke()).rejects.toMatchObject({
			message: expect.stringMatching(words) as string,
			context: { data: { partial: { text, usage: { total_tokens: 214 } } } },
		});
		expect(gradient.server.bodies).toHaveLength(2);
	});

	test('is not shown where it is streamed', async () => {
		gradient.server.answer([typed([message(BROKEN)]), typed([message('Two')])]);
		expect((await stream()).content).toBe('Two');
	});

	test('is said in n8n’s log', async () => {
		gradient.server.answer([json(textResponse(BROKEN)), json(textResponse('Two'))]);
		const notes = await notesOf(async (model) => {
			await model.bindTools!(TOOLS as never).invoke('Hello');
		});
		expect(notes).toEqual([
			'The model wrote its tool call as text, which could not be read as a call. The model was told so',
		]);
	});
});

test.each(['Calculator<|channel|>commentary', 'functions.Calculator'])(
	'A call of %s is one of the Calculator, and asked about nobody',
	async (name) => {
		gradient.server.answer(json(responseOf([functionCall(name, '{}')])));
		expect(callNames(await invoke())).toEqual(['Calculator']);
		expect(gradient.server.bodies).toHaveLength(1);
	},
);

describe('The last call of an answer that its limit ended', () => {
	test('is never run, but those before it are', async () => {
		const calls = [functionCall('Calculator', '{}'), functionCall('get_weather', '{}', 'call_2')];
		gradient.server.answer(json(responseOf(calls, CUT)));
		expect(callNames(await invoke())).toEqual(['Calculator']);
		expect(gradient.server.bodies).toHaveLength(1);
	});

	test('is never run in a stream either, where it says that it is complete', async () => {
		const answer = typed([functionCall('Calculator', '{}')], CUT);
		gradient.server.answer([answer, typed([message('Too long for me')])]);
		const whole = await stream();
		expect([callNames(whole), whole.content]).toEqual([[], 'Too long for me']);
	});
});

describe('In a stream', () => {
	test('the second answer follows the first as a paragraph of its own', async () => {
		gradient.server.answer([
			typed([message('I start it.'), functionCall('launch_rocket', '{}')]),
			typed([message('I have none.')]),
		]);
		const whole = await stream();
		expect(whole.content).toBe('I start it.\n\nI have none.');
		expect(whole.usage_metadata).toMatchObject({ total_tokens: 214 });
		expect(gradient.server.bodies).toMatchObject([{ stream: true }, { stream: true }]);
	});

	test('a refusal is text, as it is elsewhere', async () => {
		const refusal = { type: 'refusal', refusal: 'I cannot help with that.' };
		gradient.server.answer(typed([message('', { content: [refusal] })]));
		expect((await stream()).content).toBe('I cannot help with that.');
		gradient.server.answer(json(responseOf([message('', { content: [refusal] })])));
		expect((await invoke()).content).toBe('I cannot help with that.');
	});

	test('a failure has its words in the description, which is all that n8n’s chat shows', async () => {
		gradient.server.answer(json({ error: { message: 'Unknown parameter: x.' } }, { status: 400 }));
		await expect(stream()).rejects.toMatchObject({
			message: 'Unknown parameter: x.',
			description: expect.stringMatching(/^Unknown parameter: x\.\. Request ID: /) as string,
		});
		await expect(invoke()).rejects.toMatchObject({
			description: expect.stringMatching(/^Request ID: /) as string,
		});
	});

	test('the output for an Output Parser, which n8n’s agent would drop, ends the run at once', async () => {
		gradient.server.answer(typed([functionCall('format_final_json_response', '{"output":{}}')]));
		await expect(stream([tool('format_final_json_response')])).rejects.toMatchObject({
			message: expect.stringContaining(
				"Turn off 'Enable Streaming' in the options of the agent",
			) as string,
			description: expect.stringContaining("'Enable Streaming'") as string,
			context: { data: { partial: { usage: { total_tokens: 107 } } } },
		});
		expect(gradient.server.bodies).toHaveLength(1);
	});

	test('that output is handed on where nothing streams', async () => {
		gradient.server.answer(
			json(responseOf([functionCall('format_final_json_response', '{"output":{}}')])),
		);
		const answer = await invoke(FORM, [tool('format_final_json_response')]);
		expect(callNames(answer)).toEqual(['format_final_json_response']);
	});
});

describe('An answer with neither text nor a call', () => {
	test('that used up its tokens names the field, where the server calls it complete', async () => {
		gradient.server.answer(json(responseOf([])));
		const form = { ...FORM, options: { maxOutputTokens: usage.output_tokens } };
		await expect(invoke(form)).rejects.toMatchObject({
			message:
				"The model used up its output tokens and wrote no answer. Raise 'Max Output Tokens' in 'Options'",
		});
	});

	const filtered = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };

	test.each([
		['empty', [], {}, 'The model answered with nothing'],
		['of an empty text', [message('\n\n')], {}, 'The model answered with nothing'],
		['of reasoning only', [reasoning('Hm')], {}, 'The model only reasoned and wrote no answer'],
		['cut off in its reasoning', [reasoning('Hm')], CUT, "Raise 'Max Output Tokens'"],
		['cut off before it began', [], CUT, "Raise 'Max Output Tokens'"],
		['filtered', [message('')], filtered, 'A content filter stopped the answer'],
		['of a search only', [{ type: 'web_search_call', id: 'ws_1' }], {}, 'answered with nothing'],
	])('%s fails in words, with what was paid', async (_name, output, extra, words) => {
		gradient.server.answer(json(responseOf(output as IDataObject[], extra)));
		await expect(invoke()).rejects.toMatchObject({
			message: expect.stringContaining(words) as string,
			context: { data: { partial: { usage: { total_tokens: 107 } } } },
		});
		gradient.server.answer(typed(output as IDataObject[], extra));
		await expect(stream()).rejects.toMatchObject({
			message: expect.stringContaining(words) as string,
		});
		expect(gradient.server.bodies).toHaveLength(2);
	});
});

test('Text that is streamed past an Output Parser is noted in n8n’s log', async () => {
	gradient.server.answer(typed([message('{"output":{}}')]));
	const notes = await notesOf(async (model) => {
		const bound = model.bindTools!([tool('format_final_json_response')] as never);
		for await (const chunk of await bound.stream('Hello')) expect(chunk).toBeDefined();
	});
	expect(notes).toEqual([expect.stringContaining("Turn off 'Enable Streaming'")]);
});

describe('n8n’s log says', () => {
	const ask: Work = async (model) => (await model.invoke('Hello')).content;

	test.each([
		['was cut off by its limit', CUT, "Raise 'Max Output Tokens' in 'Options'"],
		[
			'was cut off by a filter',
			{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
			'a content filter stopped it',
		],
	])('that an answer %s', async (_name, extra, words) => {
		gradient.server.answer(json(textResponse('The capital of', extra)));
		expect(await notesOf(ask)).toEqual([expect.stringContaining(words)]);
	});

	test('that an answer may be cut off, where the server does not tell', async () => {
		gradient.server.answer(json(textResponse('The capital of')));
		const form = { ...FORM, options: { maxOutputTokens: usage.output_tokens } };
		const run = await startWithModel(gradient, ask, form).result;
		const notes = run.hints(MODEL_NODE).map(({ message: words }) => words);
		expect(notes).toEqual([expect.stringMatching(/may be cut off.*Raise 'Max Output Tokens'/)]);
	});

	test('nothing of an answer that is whole', async () => {
		expect(await notesOf(ask)).toEqual([]);
	});

	test('the same only once in an execution', async () => {
		gradient.server.answer(json(textResponse('The capital of', CUT)));
		const notes = await notesOf(async (model, context) => {
			await ask(model, context);
			await ask(model, context);
		});
		expect(notes).toHaveLength(1);
	});
});
