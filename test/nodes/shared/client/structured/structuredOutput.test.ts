/** Structured output is asked for in a way that the server knows, and asked for again where it does not fit. */
import type { IDataObject } from 'n8n-workflow';

import type { ResponseRequest } from '../../../../../nodes/shared/client';
import {
	type StructuredOptions,
	StructuredOutput,
	recall,
	schemaProblem,
} from '../../../../../nodes/shared/client/structured/structuredOutput';
import { type Answer, json } from '../../../../support/answers';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	textResponse,
} from '../../../../support/responses';
import { failureOf, once, useServer } from '../support';

const bench = useServer();

const SCHEMA = {
	type: 'object',
	properties: { city: { type: 'string' }, amount: { type: 'number', minimum: 1 } },
	required: ['city', 'amount'],
};
const VALUE = { city: 'Oslo', amount: 12.5 };
const GOOD = JSON.stringify(VALUE);
const WRONG_TYPE = '{"city":"Oslo","amount":"12,50"}';

/** What is remembered of a server is remembered for a model: each test has its own. */
let models = 0;
let model: string;
beforeEach(() => (model = `model-${++models}`));

const said = (text: string, extra: IDataObject = {}) => json(textResponse(text, extra));
const called = (args: string, name = 'output', extra: IDataObject = {}) =>
	json(responseOf([functionCall(name, args)], extra));
const refuse = (text: string, param: string | null = null, status = 400): Answer =>
	json({ error: { message: text, type: 'BadRequestError', param, code: status } }, { status });

/** By the way in which it was asked. */
const answering = (byText: Answer[], byCall: Answer[]) =>
	bench.server.answer(({ body }) => (isByText(body) ? byText : byCall).shift());

const isByText = (body: unknown) => (body as IDataObject).text !== undefined;

async function ask(
	options: Partial<StructuredOptions> & { schema?: object | null } = {},
	request: Partial<ResponseRequest> = {},
) {
	const { schema = SCHEMA, ...rest } = options;
	const client = bench.client();
	const output = new StructuredOutput(
		{ name: 'output', ...(schema && { schema: schema as never }) },
		{ server: client.baseUrl, model, ...rest },
	);
	const whole = { model, input: 'Oslo, 12.50', ...request };
	return await output.settle(whole, async (one) => await client.createResponse(one, once));
}

const requests = () => bench.server.bodies;
const ways = () => requests().map((body) => (isByText(body) ? 'text' : 'call'));

describe('Text Format', () => {
	test('is asked for with a plain schema, and its value is checked', async () => {
		answering([said(GOOD)], []);
		const { value, notes, response } = await ask();
		expect({ value, notes, text: response.text }).toEqual({ value: VALUE, notes: [], text: GOOD });
		expect(requests()).toEqual([
			{
				model,
				input: 'Oslo, 12.50',
				text: {
					format: {
						type: 'json_schema',
						name: 'output',
						strict: true,
						schema: {
							type: 'object',
							properties: {
								city: { type: 'string' },
								amount: { type: 'number', description: '(minimum: 1)' },
							},
							required: ['city', 'amount'],
							additionalProperties: false,
						},
					},
				},
			},
		]);
	});

	test('of any object is asked for in words too, as some models write no JSON otherwise', async () => {
		answering([said('{"a":1}')], []);
		expect((await ask({ schema: null })).value).toEqual({ a: 1 });
		expect(requests()[0]).toMatchObject({
			text: { format: { type: 'json_object' } },
			instructions: 'Answer with one JSON object and nothing else.',
		});
	});

	test('of any object is not asked for in words where the prompt does that', async () => {
		answering([said('{"a":1}')], []);
		await ask({ schema: null }, { input: 'Give me JSON' });
		expect(requests()[0]).not.toHaveProperty('instructions');
	});

	test('keeps other settings of the text', async () => {
		answering([said(GOOD)], []);
		await ask({}, { text: { verbosity: 'low' } } as never);
		expect(requests()[0].text).toMatchObject({ verbosity: 'low', format: { name: 'output' } });
	});

	test.each([
		['a fence', `\`\`\`JSON\n${GOOD}\n\`\`\``, /stood in a fence or among other text/],
		['other text', `Here you are: ${GOOD}`, /stood in a fence or among other text/],
		['broken JSON', '{"city": "Oslo", "amount": 12.5,}', /was mended/],
		['one key too many', '{"city":"Oslo","amount":12.5,"more":1}', /left out: more$/],
		['a wrapper', `{"output":${GOOD}}`, /under the key 'output'/],
	])('is read from %s, with a hint and without another request', async (_what, text, hint) => {
		answering([said(text)], []);
		const { value, notes } = await ask();
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([expect.stringMatching(hint)]);
		expect(requests()).toHaveLength(1);
	});

	test('is read from the thoughts of a model that wrote nothing else', async () => {
		answering([json(responseOf([reasoning(`So: ${GOOD}`)]))], []);
		const { value, notes } = await ask();
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([expect.stringContaining("in the model's reasoning")]);
	});

	test('of what is no object has it under a key, and takes it from there', async () => {
		answering([said('{"value":["a","b"]}')], []);
		const { value, notes } = await ask({ schema: { type: 'array', items: { type: 'string' } } });
		expect({ value, notes }).toEqual({ value: ['a', 'b'], notes: [] });
	});
});

describe('Function Call', () => {
	test('follows where the API ignores Text Format, and is remembered', async () => {
		answering([said('It is Oslo.')], [called(GOOD), called(GOOD)]);
		const first = await ask();
		expect(first.value).toEqual(VALUE);
		expect(first.notes).toEqual([
			expect.stringContaining("did not keep to the output's 'Text Format'"),
		]);
		expect(first.usage.total_tokens).toBe(2 * 107);
		const second = await ask();
		expect({ value: second.value, notes: second.notes }).toEqual({ value: VALUE, notes: [] });
		expect(ways()).toEqual(['text', 'call', 'call']);
		expect(requests()[1]).toMatchObject({
			tools: [{ type: 'function', name: 'output', strict: true, parameters: { type: 'object' } }],
			tool_choice: { type: 'function', function: { name: 'output' } },
		});
	});

	test('follows where the API refuses Text Format', async () => {
		answering([refuse("Unknown parameter: 'text'.", 'text')], [called(GOOD)]);
		const { value, notes } = await ask();
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([expect.stringContaining("refused the output's 'Text Format'")]);
		expect(ways()).toEqual(['text', 'call']);
	});

	test('stays the way where Text Format is refused, even if nothing forces the call', async () => {
		answering([refuse("Unknown parameter: 'text'.", 'text')], [said(GOOD), said(GOOD)]);
		expect((await ask()).value).toEqual(VALUE);
		expect((await ask()).value).toEqual(VALUE);
		expect(ways()).toEqual(['text', 'call', 'call']);
	});

	test('goes without strict where that is refused, and that is remembered', async () => {
		const refused = refuse("Extra inputs are not permitted: 'strict'", 'tools');
		answering([], [refused, called(GOOD), called(GOOD)]);
		await ask({ way: 'functionCall' });
		await ask({ way: 'functionCall' });
		const strict = requests().map(({ tools }) => (tools as IDataObject[])[0].strict);
		expect(strict).toEqual([true, undefined, undefined]);
	});

	test('goes without strict for what leaves anything open, where only that is refused', async () => {
		const refused = refuse(
			"Invalid schema for function 'output': 'additionalProperties' is required",
		);
		const open = { type: 'object', additionalProperties: { type: 'number' } };
		answering([], [refused, called('{"a":1}'), called(GOOD)]);
		expect((await ask({ way: 'functionCall', schema: open })).value).toEqual({ a: 1 });
		await ask({ way: 'functionCall' });
		const strict = requests().map(({ tools }) => (tools as IDataObject[])[0].strict);
		expect(strict).toEqual([true, undefined, true]);
	});

	test('gives its JSON as the text of the answer, which calls nothing', async () => {
		answering([], [called(GOOD)]);
		const { response } = await ask({ way: 'functionCall' });
		expect(response).toMatchObject({ text: GOOD, toolCalls: [], finishReason: 'stop' });
		expect(response.outputAsInput).toEqual([{ type: 'message', role: 'assistant', content: GOOD }]);
	});

	test('is also read from text, where the API does not force the call', async () => {
		answering([], [said(GOOD)]);
		const { value, notes } = await ask({ way: 'functionCall' });
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([expect.stringContaining('as text instead of calling')]);
	});

	test.each([
		['in a fence', '```json\n{"city":"Oslo","amount":12.5}\n```'],
		['as JSON in a text', JSON.stringify(GOOD)],
	])('is also read from arguments that stand %s', async (_how, args) => {
		answering([], [called(args)]);
		const { value, response } = await ask({ way: 'functionCall' });
		expect({ value, text: response.text }).toEqual({ value: VALUE, text: GOOD });
	});
});

describe('Keywords', () => {
	test('that the server names are left out from then on, and checked all the same', async () => {
		const schema = {
			...SCHEMA,
			properties: { ...SCHEMA.properties, city: { enum: ['Oslo', 'Rome'] } },
		};
		const refused = refuse('Grammar error: Unimplemented keys: ["enum"]');
		answering([refused, said('{"city":"Bonn","amount":2}'), said(GOOD), said(GOOD)], []);
		const { value } = await ask({ schema });
		expect(value).toEqual(VALUE);
		await ask({ schema });
		const cities = requests().map(({ text }) => {
			const { schema: sent } = (text as IDataObject).format as { schema: typeof SCHEMA };
			return sent.properties.city;
		});
		expect(cities).toEqual([
			{ type: 'string', enum: ['Oslo', 'Rome'] },
			...Array.from({ length: 3 }, () => ({ type: 'string' })),
		]);
	});
});

describe('What does not fit', () => {
	test('is told to the model once, and its next answer counts', async () => {
		answering([said('{"city":"Oslo","amount":0}'), said(GOOD)], []);
		const { value, notes, usage } = await ask();
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([
			expect.stringMatching(/^The model was asked again, .*'amount' must be >= 1$/),
		]);
		expect(usage.total_tokens).toBe(2 * 107);
		expect(requests()[1].input).toEqual([
			{ type: 'message', role: 'user', content: 'Oslo, 12.50' },
			expect.objectContaining({ role: 'assistant', content: '{"city":"Oslo","amount":0}' }),
			{
				type: 'message',
				role: 'user',
				content: expect.stringMatching(/'amount' must be >= 1.*JSON Schema: \{/),
			},
		]);
	});

	test('of a call is told as its result', async () => {
		answering([], [called(WRONG_TYPE), called(GOOD)]);
		expect((await ask({ way: 'functionCall' })).value).toEqual(VALUE);
		const input = requests()[1].input as IDataObject[];
		expect(input.slice(1)).toEqual([
			expect.objectContaining({ type: 'function_call', arguments: WRONG_TYPE }),
			expect.objectContaining({
				type: 'function_call_output',
				output: expect.stringContaining(`'amount' must be a number, not the text "12,50"`),
			}),
		]);
	});

	test('is an error in the end, which names each place and keeps the text', async () => {
		answering([], [called(WRONG_TYPE), called('{"amount":0}')]);
		const error = await failureOf(ask({ way: 'functionCall' }));
		expect(error.message).toBe(
			"The answer does not fit, also when it was asked again: 'city' is missing; 'amount' must be >= 1",
		);
		expect(error.details).toMatchObject({
			kind: 'output',
			partial: { tool_calls: [{ arguments: { amount: 0 } }], usage: { total_tokens: 2 * 107 } },
		});
	});

	test('is not told to the model where nobody wants to pay for that', async () => {
		answering([said(WRONG_TYPE)], []);
		const error = await failureOf(ask({ way: 'textFormat', maxRepairs: 0 }));
		expect(error.message).toMatch(/^The answer does not fit: 'amount' must be a number/);
		expect(error.details.partial?.text).toBe(WRONG_TYPE);
		expect(requests()).toHaveLength(1);
	});

	test('may be two answers of which nobody knows which is meant', async () => {
		answering([said(`${GOOD}\n{"city":"Rome","amount":3}`), said(GOOD)], []);
		const { value, notes } = await ask({ way: 'textFormat' });
		expect(value).toEqual(VALUE);
		expect(notes).toEqual([expect.stringContaining('2 different JSON values')]);
	});
});

describe('No second request is made for', () => {
	test('an answer that the limit cut off', async () => {
		const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
		answering([said('{"city":"Os', cut)], []);
		const error = await failureOf(ask());
		expect(error.message).toBe(
			"The answer was cut off by the limit of output tokens before its JSON was whole. Raise 'Max Output Tokens'",
		);
		expect(requests()).toHaveLength(1);
	});

	test('a call that the limit cut off, even if what is left of it is JSON', async () => {
		const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
		answering([], [called('{}', 'output', cut)]);
		const error = await failureOf(
			ask({ way: 'functionCall', schema: { type: 'object', properties: {} } }),
		);
		expect(error.message).toContain('cut off by the limit');
	});

	test('a refusal of the model', async () => {
		const content = [{ type: 'refusal', refusal: 'I cannot help with that.' }];
		answering([json(responseOf([message('', { content })]))], []);
		expect((await failureOf(ask())).message).toBe(
			'The model refused to answer: I cannot help with that.',
		);
		expect(requests()).toHaveLength(1);
	});

	test('a request that the API refuses for another reason', async () => {
		bench.server.answer(refuse('temperature must be at most 2', 'temperature'));
		expect((await failureOf(ask())).message).toBe('temperature must be at most 2');
		expect(requests()).toHaveLength(1);
	});
});

test('A server that ignores both ways is told the schema in words', async () => {
	answering([said('Oslo.'), said('Oslo.')], [said('Oslo.'), said(GOOD)]);
	const { value } = await ask();
	expect(value).toEqual(VALUE);
	expect(ways()).toEqual(['text', 'call', 'call']);
	const told = (requests()[2].input as IDataObject[]).at(-1);
	expect(told?.content).toContain(`JSON Schema: ${JSON.stringify(SCHEMA)}`);
	// from then on nobody pays for the call that it does not make
	answering([said('Oslo.'), said(GOOD)], []);
	expect((await ask()).value).toEqual(VALUE);
	expect(ways().slice(3)).toEqual(['text', 'text']);
});

test('What earlier requests used is in the error of a later one', async () => {
	answering([said(WRONG_TYPE)], [json({ error: { message: 'Down' } }, { status: 503 })]);
	const { details } = await failureOf(ask());
	expect(details).toMatchObject({ status: 503, partial: { usage: { total_tokens: 107 } } });
});

/** One that asks nobody. */
const outputOf = (options: Partial<StructuredOptions> = {}) =>
	new StructuredOutput(
		{ name: 'output', schema: SCHEMA },
		{ server: bench.client().baseUrl, model, ...options },
	);

describe('Without strict it is asked for once more', () => {
	const refused = refuse('Invalid schema for the output');
	const strictOf = ({ text, tools }: IDataObject) =>
		((text as IDataObject)?.format as IDataObject)?.strict ?? (tools as IDataObject[])?.[0].strict;

	test('where only Function Call is wanted, even if nothing speaks for it', async () => {
		answering([], [refused, called(GOOD)]);
		expect((await ask({ way: 'functionCall' })).value).toEqual(VALUE);
		expect(requests().map(strictOf)).toEqual([true, undefined]);
	});

	test('where only Text Format is wanted, even if nothing speaks for it', async () => {
		answering([refused, said(GOOD)], []);
		expect((await ask({ way: 'textFormat' })).value).toEqual(VALUE);
		expect(requests().map(strictOf)).toEqual([true, undefined]);
	});

	test('where Function Call follows a Text Format that was refused', async () => {
		answering([refused], [refuse("No 'strict' here"), called(GOOD)]);
		expect((await ask()).value).toEqual(VALUE);
		expect(requests().map(strictOf)).toEqual([true, true, undefined]);
	});

	test('but not where there is another way', async () => {
		answering([refused], [called(GOOD)]);
		expect((await ask()).value).toEqual(VALUE);
		expect(ways()).toEqual(['text', 'call']);
	});
});

describe('What both ways are refused for', () => {
	test('is told in the words for the first, where the second is about the output too', async () => {
		answering([refuse('Invalid schema')], [refuse('Invalid tools'), refuse('Invalid tools')]);
		expect((await failureOf(ask())).message).toBe('Invalid schema');
	});

	test('is told in the words for the second, where that is about something else', async () => {
		answering([refuse('Invalid schema')], [refuse('Out of memory', null, 503)]);
		expect((await failureOf(ask())).details.status).toBe(503);
	});
});

describe('What is remembered', () => {
	test('is nothing of a way that was chosen', async () => {
		answering([said(GOOD)], [called(GOOD)]);
		await ask({ way: 'functionCall' });
		await ask();
		expect(ways()).toEqual(['call', 'text']);
	});

	test('is nothing of Text Format that worked: it may be ignored another time', async () => {
		answering([said(GOOD), said('Oslo')], [called(GOOD)]);
		await ask();
		await ask();
		expect(ways()).toEqual(['text', 'text', 'call']);
	});

	test('is not lost by an answer to what was asked before', async () => {
		answering([said('Oslo')], [called(GOOD)]);
		await ask();
		const [early, late] = [outputOf(), outputOf()];
		answering([], [refuse("No 'strict'"), called(GOOD), called(GOOD)]);
		const client = bench.client();
		const create = async (one: ResponseRequest) => await client.createResponse(one, once);
		await late.settle({ model, input: 'Oslo' }, create);
		await early.settle({ model, input: 'Oslo' }, create);
		const key = `${client.baseUrl}\n${model}`;
		expect(recall(key)).toEqual({ isByFunction: true, loose: ['functionCall'], without: [] });
	});

	test('is how the same requests are made again, whatever was learnt since', async () => {
		const output = outputOf();
		const { start } = output;
		expect(start).toEqual({ loose: [], without: [] });
		expect(output.way).toBe('textFormat');
		answering([said('Oslo'), said(GOOD)], [called(GOOD)]);
		await ask();
		expect(outputOf().way).toBe('functionCall');
		expect(outputOf().start).toEqual({ isByFunction: true, loose: [], without: [] });
		await ask({ known: start });
		expect(ways()).toEqual(['text', 'call', 'text']);
		// what is handed out is a copy
		start.loose.push('textFormat');
		expect(output.start).toEqual({ loose: [], without: [] });
	});
});

describe('Among the tools of an agent', () => {
	const weather = { type: 'function', name: 'get_weather' };
	const search = { type: 'web_search' };

	test.each([
		[true, 'functions', { tools: [search, weather] }],
		[true, 'functions, as it likes', { tools: [weather], tool_choice: 'auto' }],
		[false, 'no tools', {}],
		[false, 'no functions', { tools: [search] }],
		[false, 'none of its functions', { tools: [weather], tool_choice: 'none' }],
	])('the model may call first: %p, where it has %s', (may, _what, request) => {
		expect(outputOf().mayCall(request as never)).toBe(may);
	});

	test.each([
		[true, 'its format', { text: { format: { type: 'json_schema' } } }],
		[true, 'its function', { tool_choice: { type: 'function', name: 'output' } }],
		[true, 'its function', { tool_choice: { type: 'function', function: { name: 'output' } } }],
		[false, 'another function', { tool_choice: { type: 'function', name: 'get_weather' } }],
		[false, 'another setting of the text', { text: { verbosity: 'low' } }],
		[false, 'any function', { tool_choice: 'required' }],
		[false, 'nothing', { text: null }],
	])('the answer must be the output: %p, where a request names %s', (must, _what, request) => {
		expect(outputOf().isAskedBy(request as never)).toBe(must);
	});

	test('its function is one of them', () => {
		const request = outputOf().amongTools({ model, input: 'x', tools: [weather] } as never);
		expect(request.tools).toEqual([weather, expect.objectContaining({ name: 'output' })]);
		expect(request).toMatchObject({ tool_choice: 'required' });
		expect(request).not.toHaveProperty('text');
	});

	test('an answer that is there already is not asked for', async () => {
		const client = bench.client();
		bench.server.answer(called(GOOD));
		const response = await client.createResponse({ model, input: 'Oslo' }, once);
		const create = async () => await Promise.reject(new Error('Asked all the same'));
		const first = { response, way: 'functionCall' as const };
		const settled = await outputOf().settle({ model, input: 'Oslo' }, create, first);
		expect(settled).toMatchObject({ value: VALUE, usage: { total_tokens: 107 } });
	});

	test('a text that should be the value is read, and nothing is asked for again', () => {
		expect(outputOf().readText(GOOD)).toEqual({ value: VALUE, notes: [] });
		expect(outputOf().readText('Oslo')).toMatchObject({ problems: ['The answer holds no JSON'] });
	});
});

describe('An answer is cut', () => {
	test('by a content filter', async () => {
		const cut = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
		answering([said('{"city":"Os', cut)], []);
		expect((await failureOf(ask())).message).toBe(
			'A content filter stopped the answer before its JSON was whole',
		);
		expect(requests()).toHaveLength(1);
	});

	test('by the limit, of which two servers say no word', async () => {
		answering([said('{"city":"Os')], []);
		const error = await failureOf(ask({}, { max_output_tokens: 35 }));
		expect(error.message).toMatch(/^The answer was cut off by the limit of output tokens/);
		expect(requests()).toHaveLength(1);
	});

	test('but not its JSON, where that is whole in the text', async () => {
		const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
		const both = responseOf([message(GOOD), functionCall('get_weather', '{"ci')], cut);
		answering([json(both)], []);
		expect((await ask()).value).toEqual(VALUE);
	});
});

describe('A model that refuses', () => {
	const refusal = { type: 'refusal', refusal: 'I cannot.' };
	const parts = (text: string) =>
		json(responseOf([message('', { content: [refusal, { type: 'output_text', text }] })]));

	test('with a blank text refuses', async () => {
		answering([parts(' \n')], []);
		expect((await failureOf(ask())).message).toBe('The model refused to answer: I cannot.');
	});

	test('and answers all the same is asked again', async () => {
		answering([parts('{"city":"Oslo","amount":0}'), said(GOOD)], []);
		expect((await ask()).value).toEqual(VALUE);
	});
});

test('All problems are in the note on a second request', async () => {
	answering([said('{"city":5,"amount":0}'), said(GOOD)], []);
	expect((await ask({ way: 'textFormat' })).notes).toEqual([
		"The model was asked again, as its answer did not fit: 'city' must be text, not 5; 'amount' must be >= 1",
	]);
});

test('Whether a schema can be used is known before anything is sent', () => {
	expect(schemaProblem(SCHEMA)).toBeUndefined();
	expect(schemaProblem({ type: 'objekt' })).toMatch(/^cannot be used: /);
});
