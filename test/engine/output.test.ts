import type { IDataObject } from 'n8n-workflow';

import { eventStream, json } from '../support/answers';
import { NODE, SAID, TEXT, VERSION, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	responses,
	textResponse,
	usage,
} from '../support/responses';
import { frame, typedEvents } from '../support/streams';

const gradient = useGradient();

/** Of the simplest answer. */
const KEYS = ['text', 'usage', 'finish_reason', 'status', 'id', 'model', 'created'];

/** Of each answer, where the node is of version 1. */
const FIRST_KEYS = [
	'text',
	'tool_calls',
	'reasoning',
	'finish_reason',
	'status',
	'usage',
	'id',
	'model',
	'created',
	'conversation',
];

const USAGE_KEYS = [
	'input_tokens',
	'cached_tokens',
	'cache_write_tokens',
	'output_tokens',
	'reasoning_tokens',
	'tool_output_tokens',
	'total_tokens',
];

/** Bodies of HTTP 200 that are failures all the same. */
const FAILED = ['failed', 'errorInBody', 'noOutput'];
const successful = Object.entries(responses).filter(([name]) => !FAILED.includes(name));

async function outputOf(body: IDataObject, form: IDataObject = {}, typeVersion = VERSION) {
	gradient.server.answer(json(body));
	const result = await gradient.run({ ...TEXT, ...form }, { nodeSettings: { typeVersion } });
	if (result.error) throw new Error(result.error.message);
	return result.items(NODE);
}

describe('Simplified', () => {
	/** There only where there is something. */
	const OCCASIONAL = ['tool_calls', 'reasoning', 'searches'];

	test.each(successful)('the response %s has exactly the keys of an answer', async (_, body) => {
		const [{ json: output, pairedItem }, ...others] = await outputOf(body);
		expect(others).toEqual([]);
		expect(pairedItem).toEqual({ item: 0 });
		expect(Object.keys(output).filter((key) => !OCCASIONAL.includes(key))).toEqual(KEYS);
		expect(Object.keys(output.usage as IDataObject)).toEqual(USAGE_KEYS);
		expect(typeof output.text).toBe('string');
		expect(output.tool_calls ?? ['a call']).not.toEqual([]);
		expect(output.reasoning).not.toBeNull();
		expect(Object.values(output)).not.toContain(undefined);
	});

	test('what is looked for first stands first, and the conversation, where it is asked for, last', async () => {
		const body = responseOf([reasoning('Hm.'), message('Let me look.'), functionCall('f', '{}')]);
		const [{ json: output }] = await outputOf(body, SAID);
		expect(Object.keys(output)).toEqual([
			...['text', 'tool_calls', 'usage', 'reasoning', 'finish_reason', 'status'],
			...['id', 'model', 'created', 'conversation'],
		]);
	});

	test('there are tool_calls where a function is offered, and reasoning where it is asked for', async () => {
		const tools = { tool: [{ type: 'function', name: 'f', parametersMode: 'none' }] };
		const options = { additionalFields: '{ "reasoning": { "effort": "low" } }' };
		const [{ json: output }] = await outputOf(responses.text, { tools, options });
		expect(output).toMatchObject({ tool_calls: [], reasoning: null });
		const [{ json: searching }] = await outputOf(responses.text, {
			tools: { tool: [{ type: 'web_search' }] },
		});
		expect(searching).not.toHaveProperty('tool_calls');
	});

	test('the values are those of the response', async () => {
		const [{ json: output }] = await outputOf(responses.withReasoning, SAID);
		const text = 'The capital of France is **Paris**.';
		expect(output).toEqual({
			text,
			reasoning: 'The user wants a capital.',
			finish_reason: 'stop',
			status: 'completed',
			usage: {
				input_tokens: 72,
				cached_tokens: 32,
				cache_write_tokens: null,
				output_tokens: 35,
				reasoning_tokens: 17,
				tool_output_tokens: 0,
				total_tokens: 107,
			},
			id: 'resp_1f2e3d4c5b6a7988',
			model: 'openai-gpt-oss-20b',
			created: 1795290338,
			conversation: [
				{ type: 'message', role: 'user', content: 'Hello' },
				{
					type: 'reasoning',
					id: 'rs_1',
					content: [{ type: 'reasoning_text', text: 'The user wants a capital.' }],
					summary: [],
				},
				{ type: 'message', role: 'assistant', content: text, id: 'msg_1' },
			],
		});
	});

	test('a tool call has its arguments parsed, and text stays an empty text', async () => {
		const [{ json: output }] = await outputOf(responses.functionCall);
		expect(output).toMatchObject({ text: '', finish_reason: 'tool_calls' });
		expect(output.tool_calls).toEqual([
			{ call_id: 'call_1', name: 'get_weather', args: { city: 'Paris' } },
		]);
		// the editor would offer it for dragging, and n8n refuse the expression
		expect(JSON.stringify(output)).not.toContain('"arguments"');
	});

	test('arguments that were cut off stay as they came, and the call says so', async () => {
		const [{ json: output }] = await outputOf(responses.brokenArguments);
		expect(output.tool_calls).toEqual([
			{
				call_id: 'call_1',
				name: 'get_weather',
				args: '{"city":"Par',
				arguments_error:
					"The call was cut off by the limit of output tokens, and was not run. Raise 'Max Output Tokens'",
			},
		]);
	});

	test('several calls keep their order', async () => {
		const calls = ['c', 'a', 'b'].map((name) => functionCall(name, '{}', `call_${name}`));
		const [{ json: output }] = await outputOf(responseOf(calls));
		const names = (output.tool_calls as IDataObject[]).map(({ name }) => name);
		expect(names).toEqual(['c', 'a', 'b']);
	});
});

describe('Simplified, keys that are there only where there is something', () => {
	const search = (query: string) => ({
		type: 'web_search_call',
		id: 'ws_1',
		action: { type: 'search', query },
	});
	const annotation = {
		type: 'url_citation',
		url: 'https://weather.example',
		title: 'Weather',
		start_index: 6,
		end_index: 11,
	};
	const answer = message('', {
		id: 'msg_2',
		phase: 'final_answer',
		content: [{ type: 'output_text', text: 'It is sunny.', annotations: [annotation] }],
	});
	const body = responseOf([
		message('Let me look.', { phase: 'commentary' }),
		search('weather Paris'),
		answer,
	]);
	const extras = {
		text: 'It is sunny.',
		commentary: 'Let me look.',
		citations: [{ url: 'https://weather.example', title: 'Weather', start: 6, end: 11 }],
		searches: { count: 1, queries: ['weather Paris'] },
	};

	test('are commentary, citations and searches', async () => {
		const [{ json: output }] = await outputOf(body);
		expect(output).toMatchObject(extras);
		expect(Object.keys(output)).toEqual([
			...['text', 'usage', 'finish_reason', 'status', 'commentary', 'citations', 'searches'],
			...['id', 'model', 'created'],
		]);
	});

	test('are the same where the answer is streamed', async () => {
		gradient.server.answer(eventStream(typedEvents(body).map(frame)));
		const result = await gradient.run({ ...TEXT, options: { stream: 'on' } });
		expect(result.json(NODE)[0]).toMatchObject(extras);
	});

	test('show both to a chat as they come, apart from each other', async () => {
		gradient.server.answer(eventStream(typedEvents(body).map(frame)));
		const run = gradient.start(TEXT, { mode: 'webhook', streaming: true });
		await run.result;
		const told = run.chunks.map(({ content }) => content ?? '').join('');
		expect(told).toBe('Let me look.\n\nIt is sunny.');
	});
});

describe('Thoughts in tags', () => {
	const text = '<think>\nHm.\n</think>\n\n{"city": "Paris"}';
	const chunksOf = (run: ReturnType<typeof gradient.start>) =>
		run.chunks.map(({ content }) => content ?? '').join('');

	test('are in the reasoning, and not in the text', async () => {
		const [{ json: output }] = await outputOf(textResponse(text));
		expect(output).toMatchObject({ text: '{"city": "Paris"}', reasoning: '\nHm.\n' });
	});

	test('are not shown in a chat', async () => {
		gradient.server.answer(eventStream(typedEvents(textResponse(text)).map(frame)));
		const run = gradient.start(TEXT, { mode: 'webhook', streaming: true });
		const [output] = (await run.result).json(NODE);
		expect(chunksOf(run)).toBe('{"city": "Paris"}');
		expect(output).toMatchObject({ text: '{"city": "Paris"}', reasoning: '\nHm.\n' });
	});

	test('stay in the body that is not simplified', async () => {
		const [{ json: output }] = await outputOf(textResponse(text), { simplify: false });
		expect(JSON.stringify(output)).toContain('<think>');
	});
});

describe('A node of version 1', () => {
	test.each(successful)('gives the ten keys for the response %s', async (name, body) => {
		const [{ json: output }] = await outputOf(body, {}, 1);
		// the one that holds a search
		const keys = Object.keys(output).filter((key) => name !== 'unknownItems' || key !== 'searches');
		expect(keys).toEqual(FIRST_KEYS);
		expect(output.tool_calls).toBeInstanceOf(Array);
		expect(output.conversation).toBeInstanceOf(Array);
	});

	test('gives the arguments of a call under both names, and takes no new option', async () => {
		const options = { includeInOutput: ['inputFields'], outputField: 'answer' };
		const [{ json: output }] = await outputOf(responses.functionCall, { options }, 1);
		const args = { city: 'Paris' };
		expect(output.tool_calls).toEqual([
			{ call_id: 'call_1', name: 'get_weather', arguments: args, args },
		]);
		expect(Object.keys(output)).toEqual(FIRST_KEYS);
	});

	test('gives the second output as it was', async () => {
		gradient.server.answer(json(responses.functionCall));
		const form = { ...TEXT, separateToolCalls: true };
		const result = await gradient.run(form, { nodeSettings: { typeVersion: 1 } });
		expect(Object.keys(result.json(NODE, 1)[0])).toEqual([
			...['call_id', 'name', 'arguments', 'args', 'response_id', 'conversation'],
		]);
	});
});

describe('Not simplified', () => {
	test.each(successful)('the response %s is the body as it came', async (_, body) => {
		const [{ json: output, pairedItem }] = await outputOf(body, { simplify: false });
		const { error, ...rest } = JSON.parse(JSON.stringify(body)) as IDataObject;
		expect(error ?? null).toBeNull();
		expect(output).toEqual(rest);
		expect(output).not.toHaveProperty('error');
		expect(pairedItem).toEqual({ item: 0 });
	});

	test('the body has the conversation beside it where that is asked for', async () => {
		const [{ json: output }] = await outputOf(responses.text, { ...SAID, simplify: false });
		expect(output).toMatchObject({ object: 'response', conversation: [{ content: 'Hello' }, {}] });
	});
});

test('Retry On Fail does not repeat a call whose body has an error of null', async () => {
	gradient.server.answer(json(responses.extraNulls));
	const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	await gradient.run({ ...TEXT, simplify: false }, { nodeSettings });
	expect(gradient.server.requests).toHaveLength(1);
});

describe('The token usage', () => {
	const tokensOf = async (body: IDataObject, items: IDataObject[] = [{}]) => {
		gradient.server.answer(json(body));
		const result = await gradient.run(TEXT, { items });
		return result.task(NODE).metadata?.tokenUsage;
	};

	testIfHost('accumulateTokenUsage')(
		'is in the run data of the node, summed over its items',
		async () => {
			const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
			expect(await tokensOf(responses.text)).toEqual({ inputTokens, outputTokens });
			expect(await tokensOf(responses.text, [{}, {}, {}])).toEqual({
				inputTokens: 3 * inputTokens,
				outputTokens: 3 * outputTokens,
			});
		},
	);

	test('counts nothing where the API does not say', async () => {
		expect(await tokensOf(responses.nullUsage)).toBeUndefined();
	});
});

describe('The hint beside the output', () => {
	const hintsOf = async (body: IDataObject, form: IDataObject = {}) => {
		gradient.server.answer(json(body));
		const result = await gradient.run({ ...TEXT, ...form }, { items: [{}] });
		return result.hints(NODE);
	};

	test.each<[string, IDataObject, string]>([
		[
			'a cut answer names the option that helps',
			responses.incomplete,
			"The answer is cut off, because it reached the limit of output tokens. Raise 'Max Output Tokens' in 'Options' [item 0]",
		],
		[
			'an answer that was all reasoning says so',
			responses.incompleteAfterReasoning,
			"The model spent all its output tokens on reasoning and wrote no answer. Raise 'Max Output Tokens' in 'Options' [item 0]",
		],
		[
			'a refusal is quoted',
			responses.refusal,
			'The model refused to answer: I cannot help with that. [item 0]',
		],
		[
			'a content filter is named',
			{ ...responses.incomplete, incomplete_details: { reason: 'content_filter' } },
			'The answer is cut off, because a content filter stopped it [item 0]',
		],
	])('of %s', async (_, body, message) => {
		const expected = [{ message, type: 'warning', location: 'outputPane' }];
		expect(await hintsOf(body)).toEqual(expected);
		expect(await hintsOf(body, { simplify: false })).toEqual(expected);
	});

	const used = (output: IDataObject[], extra: IDataObject = {}) =>
		responseOf(output, {
			usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
			...extra,
		});
	const tools = {
		tool: [{ type: 'function', name: 'get_weather', parametersMode: 'none' }],
	};
	const textCall = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>';

	test.each<[string, IDataObject, string, IDataObject]>([
		[
			'an answer that may be cut names the option that helps',
			used([message('The capital of')]),
			"The answer may be cut off: it is as long as 'Max Output Tokens' allows, and this server does not tell. Raise 'Max Output Tokens' in 'Options' [item 0]",
			{ options: { maxOutputTokens: 4 } },
		],
		[
			'nothing at all names it too, and no other reason',
			used([]),
			"The answer may be cut off: it is as long as 'Max Output Tokens' allows, and this server does not tell. Raise 'Max Output Tokens' in 'Options' [item 0]",
			{ options: { maxOutputTokens: 4 } },
		],
		[
			'an answer of reasoning alone says where it is, and what to set',
			responseOf([reasoning('It is Paris.')]),
			"The model wrote no answer, only reasoning: what it has to say may be in 'reasoning'. Set 'Reasoning Effort' in 'Options' to None [item 0]",
			{},
		],
		[
			'an answer of nothing says so',
			responses.emptyOutput,
			'The model answered, but wrote nothing. Try again, or change the input [item 0]',
			{},
		],
		[
			'an answer of other types alone names them',
			responseOf([{ type: 'image_generation_call', result: 'iVBO' }]),
			"The answer holds nothing but what a simplified item has no place for: image_generation_call. Turn off 'Simplify' to see it [item 0]",
			{},
		],
		[
			'what has no place beside the text is named',
			responseOf([{ type: 'image_generation_call', result: 'x' }, message('Hi')]),
			"The answer holds what a simplified item has no place for: image_generation_call. Turn off 'Simplify' to see it [item 0]",
			{},
		],
		[
			'several answers are counted',
			{ choices: [0, 1].map((index) => ({ index, message: { content: 'Hi' } })) },
			"The API gave 2 answers, of which the item has the first. Remove 'n' from 'Additional Fields (JSON)', or turn off 'Simplify' [item 0]",
			{},
		],
		[
			'an answer that is not finished says so',
			textResponse('Hi', { status: 'in_progress' }),
			'The API says that the response is not finished (in_progress), so the answer may not be whole [item 0]',
			{},
		],
		[
			'a call that came as text says so',
			textResponse(textCall),
			"The model wrote a tool call as text, which the server did not make a call of. It was read as the call that it stands for. Where other calls get lost, choose another 'Model' [item 0]",
			{ tools },
		],
		[
			'a call that came as text and cannot be read is quoted',
			textResponse('<tool_call>{"name": "get_we'),
			'The model\'s tool call came as text: <tool_call>{"name": "get_we. Neither the server nor this node could read it as a call: try again, or choose another \'Model\' [item 0]',
			{ tools },
		],
	])('of %s', async (_, body, message, form) => {
		const expected = [{ message, type: 'warning', location: 'outputPane' }];
		expect(await hintsOf(body, form)).toEqual(expected);
	});

	test('of what has no place is not there where the whole body is', async () => {
		const body = responseOf([{ type: 'image_generation_call', result: 'x' }, message('Hi')]);
		expect(await hintsOf(body, { simplify: false })).toEqual([]);
	});

	test('is not there where nothing is amiss', async () => {
		expect(await hintsOf(responses.text)).toEqual([]);
		expect(await hintsOf(responses.functionCall)).toEqual([]);
	});
});
