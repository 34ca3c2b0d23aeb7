/** Structured output is asked for in a way that the server knows, and asked for again where it does not fit. */
import type { IDataObject } from 'n8n-workflow';

import type { ResponseRequest } from '../../../../../nodes/shared/client';
import {
	type StructuredOptions,
	StructuredOutput,
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
