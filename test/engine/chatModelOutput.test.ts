/** JSON of the chat model: n8n's root nodes see text alone, and it is the JSON and nothing else. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage } from '@langchain/core/messages';
import '@n8n/ai-node-sdk'; // takes seconds to load under Jest: not within the time of a test
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { withModel } from '../support/chatModel';
import { COLUMNS, MAILS, answerMails } from '../support/columns';
import { byId, useGradient } from '../support/gradientNode';
import { ifHost } from '../support/host';
import { functionCall, message, reasoning, responseOf, textResponse } from '../support/responses';
import { DONE, frame, typedEvents } from '../support/streams';

const gradient = useGradient();
const { describe, test } = ifHost('aiNodeSdk');

/** What is remembered of a server is remembered for a model: each test has its own. */
let models = 0;
let form: IDataObject;
beforeEach(() => {
	form = { model: byId(`model-${++models}`), options: { responseFormat: 'json' } };
});

const VALUE = { city: 'Oslo' };
const GOOD = JSON.stringify(VALUE);
const said = (text: string) => json(textResponse(text));
const called = (name: string, args: string) => json(responseOf([functionCall(name, args)]));
const bodies = () => gradient.server.bodies;

const tool = (name: string, parameters: object = { type: 'object', properties: {} }) => ({
	type: 'function',
	function: { name, parameters },
});

const invoke = async (tools: object[] = [], parameters = form) =>
	await withModel(
		gradient,
		async (model) => {
			const bound = tools.length > 0 ? model.bindTools!(tools as never) : model;
			return (await bound.invoke('Hello')) as unknown as AIMessage;
		},
		parameters,
	);

describe('With the Response Format JSON', () => {
	test.each([
		['alone', GOOD],
		['in a fence in capitals', `\`\`\`JSON\n${GOOD}\n\`\`\``],
		['in a fence within a line', `Here: \`\`\`${GOOD}\`\`\``],
		['after a preamble', `Sure, here it is: ${GOOD}`],
		['after thoughts', `<think>Which {city}?</think>${GOOD}`],
		['with a comma too many', '{"city": "Oslo",}'],
	])('the text of an answer is the JSON alone: %s', async (_how, text) => {
		gradient.server.answer(said(text));
		expect((await invoke()).content).toBe(GOOD);
		expect(bodies()).toMatchObject([{ text: { format: { type: 'json_object' } } }]);
	});

	test('a model that ignores it is asked by a function, and nobody sees the call', async () => {
		gradient.server.answer(
			({ body }): Answer =>
				(body as IDataObject).text ? said('It is Oslo.') : called('output', GOOD),
		);
		const answer = await invoke();
		expect(answer.content).toBe(GOOD);
		expect(answer.tool_calls).toEqual([]);
		expect(answer.usage_metadata?.total_tokens).toBe(2 * 107);
		expect((await invoke()).content).toBe(GOOD);
		expect(bodies()).toHaveLength(3);
	});

	test('tools come first, and the answer after them is asked for with the format', async () => {
		gradient.server.answer([called('get_weather', '{}')]);
		const answer = await invoke([tool('get_weather')]);
		expect(answer.tool_calls).toMatchObject([{ name: 'get_weather' }]);
		gradient.server.answer([said('It is Oslo.'), said(GOOD)]);
		expect((await invoke([tool('get_weather')])).content).toBe(GOOD);
		expect(bodies().map(({ text, tool_choice: choice }) => [text !== undefined, choice])).toEqual([
			[false, undefined],
			[false, undefined],
			[true, 'none'],
		]);
	});

	test('a stream says the JSON once, when it is whole, and thoughts while they come', async () => {
		const body = responseOf([reasoning('Hm'), message(`Sure: ${GOOD}`)]);
		gradient.server.answer(eventStream([...typedEvents(body).map(frame), DONE]));
		const chunks = await withModel(
			gradient,
			async (model) => {
				const texts: unknown[] = [];
				for await (const chunk of await model.stream('Hello')) texts.push(chunk.content);
				return texts.filter(Boolean);
			},
			form,
		);
		expect(chunks).toEqual([GOOD]);
	});

	test('the model says of itself that it answers in JSON, also with tools', async () => {
		const formats = await withModel(
			gradient,
			async (model) => {
				const bound = model.bindTools!([tool('get_weather')] as never) as BaseChatModel;
				return [model.metadata?.output_format, bound.metadata?.output_format];
			},
			form,
		);
		expect(formats).toEqual(['json', 'json']);
	});

	test('an answer without JSON is an error in the end', async () => {
		gradient.server.answer(said('It is Oslo.'));
		await expect(invoke()).rejects.toMatchObject({
			message: 'The answer does not fit, also when it was asked again: The answer holds no JSON',
			context: { data: { partial: { text: 'It is Oslo.' } } },
		});
	});
});

test('Without it, nothing of JSON is asked for or said', async () => {
	const text = `Sure: ${GOOD}`;
	gradient.server.answer(said(text));
	const [content, metadata] = await withModel(
		gradient,
		async (model) => [(await model.invoke('Hello')).content, model.metadata],
		{ model: form.model },
	);
	expect(content).toBe(text);
	expect(metadata).not.toHaveProperty('output_format');
	expect(bodies()[0]).not.toHaveProperty('text');
});

describe('The call by which n8n’s agent gets its structured output', () => {
	const FINAL = 'format_final_json_response';
	const parameters = {
		type: 'object',
		properties: {
			output: {
				type: 'object',
				properties: { city: { type: 'string' }, day: { type: 'string' } },
				required: ['city'],
			},
		},
		required: ['output'],
	};
	const open = { type: 'object', properties: { output: { type: 'object' } }, required: ['output'] };
	const refusesStrict =
		(strict: RegExp) =>
		({ body }: { body?: unknown }): Answer =>
			strict.test(JSON.stringify(body))
				? json({ error: { message: "Unknown parameter: 'tools[0].strict'" } }, { status: 400 })
				: called(FINAL, `{"output":${GOOD}}`);
	const args = async (text: string, wanted: object = parameters) => {
		gradient.server.answer(called(FINAL, text));
		const { tool_calls: calls } = await invoke([tool(FINAL, wanted)]);
		return calls?.map((call) => call.args);
	};

	test('goes out strict, with each field required', async () => {
		expect(await args('{"output":{"city":"Oslo","day":null}}')).toEqual([{ output: VALUE }]);
		expect(bodies()).toHaveLength(1);
		const [sent] = bodies()[0].tools as IDataObject[];
		expect(sent).toMatchObject({ name: FINAL, strict: true });
		const { output } = (sent.parameters as { properties: IDataObject }).properties;
		expect(output).toMatchObject({ required: ['city', 'day'], additionalProperties: false });
	});

	test('goes out strict where its schema leaves something open, too', async () => {
		expect(await args(`{"output":${GOOD}}`, open)).toEqual([{ output: VALUE }]);
		const [sent] = bodies()[0].tools as IDataObject[];
		expect(sent).toMatchObject({ name: FINAL, strict: true });
	});

	test.each([
		['lack their output', GOOD],
		['stand in a fence', `\`\`\`json\n{"output":${GOOD}}\n\`\`\``],
		['stand in a fence and lack their output', `\`\`\`json\n${GOOD}\n\`\`\``],
		['have a comma too many', `{"output":${GOOD},}`],
	])('is mended where its arguments %s', async (_what, text) => {
		expect(await args(text)).toEqual([{ output: VALUE }]);
		expect(bodies()).toHaveLength(1);
	});

	test('goes out without strict where a server refuses that, which is remembered', async () => {
		gradient.server.answer(refusesStrict(/"strict"/));
		for (const count of [2, 3]) {
			const answer = await invoke([tool(FINAL, parameters)]);
			expect(answer.tool_calls).toMatchObject([{ args: { output: VALUE } }]);
			expect(bodies()).toHaveLength(count);
		}
	});

	test('stays strict for schemas that leave nothing open, where a server refuses only the others', async () => {
		gradient.server.answer(refusesStrict(/"properties":\{"output":\{"type":"object"\}.*"strict"/));
		for (const wanted of [open, open, parameters]) await invoke([tool(FINAL, wanted)]);
		const sent = bodies().map(({ tools }) => (tools as IDataObject[])[0].strict);
		expect(sent).toEqual([true, undefined, undefined, true]);
	});

	test('is not joined by another wish for JSON', async () => {
		await args(`{"output":${GOOD}}`);
		expect(bodies()[0]).not.toHaveProperty('text');
	});
});

test('Ten mails become rows by the structured output of LangChain, and the others say why not', async () => {
	gradient.server.answer(answerMails());
	const outcomes = await Promise.all(
		MAILS.map(
			async ({ text }) =>
				await withModel(
					gradient,
					async (model) => await model.withStructuredOutput(COLUMNS as never).invoke(text),
					form,
				).catch(({ message: words }: Error) => words),
		),
	);
	expect(outcomes).toEqual(
		MAILS.map(
			({ kind, row }) =>
				row ??
				(expect.stringContaining(
					kind === 'cut' ? 'cut off by the limit of output tokens' : 'I cannot help with that.',
				) as string),
		),
	);
	expect(bodies()).toHaveLength(14);
});
