import { GradientApiError, type InputItem } from '../../../../../nodes/shared/client';
import {
	concede,
	concessionsFor,
	lossOf,
} from '../../../../../nodes/shared/client/response/concessions';

const INPUT = [
	{ type: 'message', role: 'user', content: 'Hi' },
	{
		type: 'reasoning',
		id: 'rs_1',
		summary: [],
		encrypted_content: 'gAAA',
		status: 'completed',
	},
	{ type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
	{ type: 'message', role: 'assistant', content: 'Hello', id: 'msg_1', phase: 'final_answer' },
	{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', namespace: 'crm', caller: {} },
	{ type: 'function_call_output', call_id: 'c', output: '21' },
] as unknown as InputItem[];

const refusal = (message: string, details: object = {}) =>
	new GradientApiError(message, { kind: 'http', status: 400, ...details });
const item = (type: string) => ({ what: 'item', type });
const key = (name: string, type?: string) => ({ what: 'key', key: name, ...(type && { type }) });

describe('What a server names is conceded', () => {
	test.each<[string, GradientApiError, object[]]>([
		[
			'vLLM 0.32, a type of item',
			refusal('Unsupported input item type: web_search_call', { type: 'BadRequestError' }),
			[item('web_search_call')],
		],
		[
			'transformers serve, a type of item',
			refusal("Unsupported input item type: 'web_search_call'", { status: 422 }),
			[item('web_search_call')],
		],
		[
			'vLLM, a type of item that it has never heard of',
			refusal('196 validation errors', {
				parameter: 'body.input',
				body: {
					error: {
						message:
							"196 validation errors:\n  {'type': 'string_type', 'loc': 'body.input', 'msg': 'Input should be a valid string'}\n  {'type': 'missing', 'loc': 'body.input.2.EasyInputMessageParam.role', 'msg': 'Field required'}\n  {'type': 'literal_error', 'loc': 'body.input.2.EasyInputMessageParam.type', 'msg': \"Input should be 'message'\", 'input': 'web_search_call'}\n  ...and 186 more errors",
					},
				},
			}),
			[item('web_search_call')],
		],
		[
			'OpenAI, a type of item',
			refusal(
				"Invalid value: 'web_search_call'. Supported values are: 'message' and 'reasoning'.",
				{
					parameter: 'input[2]',
				},
			),
			[item('web_search_call')],
		],
		[
			'a gateway that does not say which, but where',
			refusal('Unknown item type', { parameter: 'input[2].type' }),
			[item('web_search_call')],
		],
		[
			'llama-server, which says neither: what it cannot know',
			refusal("item['type'] cannot be read: Cannot determine type of 'item'"),
			[item('web_search_call')],
		],
		[
			'a server without reasoning',
			refusal("Input item type 'reasoning' is not supported by this gateway."),
			[item('reasoning')],
		],
		[
			'vLLM, a key in plain words',
			refusal('Encrypted content is not supported.'),
			[key('encrypted_content')],
		],
		[
			'OpenAI, a key of reasoning',
			refusal("Unknown parameter: 'input[1].status'.", { parameter: 'input[1].status' }),
			[key('status', 'reasoning')],
		],
		[
			'OpenAI, a key of a message',
			refusal("Unknown parameter: 'input[3].phase'."),
			[key('phase', 'message')],
		],
		[
			'pydantic, a key',
			refusal('1 validation error:\n  input.4.namespace\n  Extra inputs are not permitted'),
			[key('namespace', 'function_call')],
		],
		[
			'FastAPI, several keys',
			refusal('Extra inputs are not permitted; Extra inputs are not permitted', {
				status: 422,
				body: {
					detail: [
						{ loc: ['body', 'input', 4, 'namespace'], msg: 'Extra inputs are not permitted' },
						{ loc: ['body', 'input', 4, 'caller'], msg: 'Extra inputs are not permitted' },
					],
				},
			}),
			[key('namespace', 'function_call'), key('caller', 'function_call')],
		],
		['a key without a place', refusal("Unexpected key 'caller'"), [key('caller')]],
		['a common word, as a key', refusal("Unexpected key 'status'"), [key('status')]],
		[
			'a server whose answer is not JSON',
			refusal('The API answered 400', { body: "Unknown parameter: 'input[3].phase'." }),
			[key('phase', 'message')],
		],
		[
			'a server of which some details cannot be read',
			refusal('Extra inputs are not permitted', {
				status: 422,
				body: {
					detail: [null, 7, { loc: 'input' }, {}, { loc: ['body', 'input', 3, 'phase'] }],
				},
			}),
			[key('phase', 'message')],
		],
		[
			'a path through all types of a list',
			refusal('input.list[union[str,tagged-union[a]]].3.phase\n  Extra inputs are not permitted'),
			[key('phase', 'message')],
		],
		[
			'a path in brackets',
			refusal('Extra inputs are not permitted', { parameter: "body['input'][3].phase" }),
			[key('phase')],
		],
		[
			'a type, by nothing but its place',
			refusal('Invalid value', { parameter: 'input[2].type' }),
			[item('web_search_call')],
		],
		[
			'a type, by its place beside another',
			refusal('Invalid values at input[2].type and input[3].content'),
			[item('web_search_call')],
		],
		[
			'a type in capitals',
			refusal("Input item type 'Reasoning' is not supported."),
			[item('reasoning')],
		],
		['in American English', refusal('Unrecognized input item'), [item('web_search_call')]],
		['in British English', refusal('Unrecognised input item'), [item('web_search_call')]],
		['a key in American English', refusal("Unrecognized: 'phase'"), [key('phase')]],
		['a key in British English', refusal("Unrecognised: 'phase'"), [key('phase')]],
		[
			'the type of messages, by its place',
			refusal("Unknown parameter: 'input[0].type'.", { parameter: 'input[0].type' }),
			[key('type', 'message')],
		],
		[
			'the type of messages, by its name',
			refusal('Unsupported input item type: message'),
			[key('type', 'message')],
		],
		[
			'the type of messages, by the places of FastAPI',
			refusal('Extra inputs are not permitted', {
				status: 422,
				body: { detail: [{ loc: ['body', 'input', 0, 'type'], msg: 'Extra inputs …' }] },
			}),
			[key('type', 'message')],
		],
		[
			'ids whose reasoning does not follow',
			refusal("Item 'rs_1' of type 'reasoning' was provided without its required following item."),
			[{ what: 'ids' }],
		],
		[
			'ids whose reasoning is missing',
			refusal(
				"Item 'msg_1' of type 'message' was provided without its required 'reasoning' item: 'rs_1'.",
			),
			[{ what: 'ids' }],
		],
		[
			'ids that are not kept',
			refusal(
				"Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
				{
					status: 404,
				},
			),
			[{ what: 'ids' }],
		],
	])('%s', (_, error, expected) => {
		expect(concessionsFor(error, INPUT)).toEqual(expected);
		expect(concede(INPUT, expected as never)).not.toBe(INPUT);
	});
});

describe('A key is conceded', () => {
	const odd = { 'a+b': 1 };

	test('with signs in its name', () => {
		const input = [{ ...INPUT[0], ...odd }] as InputItem[];
		expect(concessionsFor(refusal("Unknown key 'a+b'"), input)).toEqual([key('a+b')]);
		expect(concessionsFor(refusal("Unknown key 'aab'"), input)).toEqual([]);
	});

	test('of messages that have no type', () => {
		const input = [{ role: 'user', content: 'Hi', phase: 'x' }] as unknown as InputItem[];
		const conceded = concessionsFor(refusal("Unknown parameter: 'input[0].phase'"), input);
		expect(conceded).toEqual([key('phase', 'message')]);
		expect(concede(input, conceded)).toEqual([{ role: 'user', content: 'Hi' }]);
	});

	test('of an item that nobody knows', () => {
		const input = [{ content: 'Hi', phase: 'x' }] as unknown as InputItem[];
		const conceded = concessionsFor(refusal("Unknown parameter: 'input[0].phase'"), input);
		expect(conceded).toEqual([key('phase')]);
		expect(concede(input, conceded)).toEqual([{ content: 'Hi' }]);
	});

	test('of the eleventh item', () => {
		const input = [...INPUT, ...INPUT];
		const error = refusal("Unknown parameter: 'input[10].namespace'");
		expect(concessionsFor(error, input)).toEqual([key('namespace', 'function_call')]);
		const other = refusal("Unknown parameter: 'input[99].namespace'");
		expect(concessionsFor(other, input)).toEqual([key('namespace')]);
	});
});

describe('A server that wants the type of each message gets it', () => {
	const untyped = [
		{ role: 'user', content: 'Hi' },
		{ role: 'assistant', content: 'Hello' },
		...INPUT.slice(2),
	] as InputItem[];

	test.each([
		['llama-server', refusal("Cannot determine type of 'item'")],
		['pydantic', refusal('input.1.type\n  Field required', { parameter: 'input' })],
		['a validator', refusal("Missing required parameter: 'input[1].type'.")],
	])('%s', (_, error) => {
		expect(concessionsFor(error, untyped)).toEqual([{ what: 'types' }]);
		expect(concede(untyped, [{ what: 'types' }]).slice(0, 2)).toEqual([
			{ type: 'message', role: 'user', content: 'Hi' },
			{ type: 'message', role: 'assistant', content: 'Hello' },
		]);
		expect(concede(INPUT, [{ what: 'types' }])).toBe(INPUT);
	});
});

describe('Nothing is conceded', () => {
	const known = [...INPUT];
	known[0] = {
		...INPUT[0],
		...{ text: 'x', action: 'x', async: true, results: [], output: 'x', tool_calls: [] },
	} as InputItem;

	test.each<[string, GradientApiError]>([
		[
			'for another status',
			refusal('Unsupported input item type: web_search_call', { status: 500 }),
		],
		[
			'to a failure that is no answer',
			refusal('web_search_call', { kind: 'timeout', status: undefined }),
		],
		['for a missing model', refusal('The model `x` does not exist', { status: 404 })],
		['for a key of the request', refusal("Unknown parameter: 'status'", { parameter: 'status' })],
		[
			"for a tool's type",
			refusal("Invalid value: 'web_search_call'", { parameter: 'tools[0].type' }),
		],
		[
			'for what a message is made of',
			refusal("Invalid 'input[0].content'", { parameter: 'input[0].content' }),
		],
		[
			'for a call',
			refusal("Invalid 'input[4].arguments': not JSON", { parameter: 'input[4].arguments' }),
		],
		[
			'for a context that is too long',
			refusal("This model's maximum context length is 4096 tokens"),
		],
		[
			'for a known item of which no form fits',
			refusal(
				"203 validation errors:\n  {'type': 'missing', 'loc': 'body.input.1.EasyInputMessageParam.role', 'msg': 'Field required'}\n  {'type': 'literal_error', 'loc': 'body.input.1.EasyInputMessageParam.type', 'msg': \"Input should be 'message'\", 'input': 'reasoning'}",
				{ parameter: 'body.input' },
			),
		],
		[
			'for words that are in every error',
			refusal('Invalid request: the status of the type is unknown'),
		],
		['for what is not found', refusal("Unknown: 'phase'", { status: 404 })],
		["for a tool's input", refusal("Unknown parameter: 'phase'", { parameter: 'tools[0].input' })],
		...['role', 'content', 'call_id', 'name', 'arguments', 'output', 'tool_calls'].map(
			(name): [string, GradientApiError] => [
				`for ${name}, without which nothing is said`,
				refusal(`Unknown parameter: 'input[0].${name}'`),
			],
		),
		...['id', 'status', 'type', 'text', 'summary', 'action', 'async', 'results'].map(
			(name): [string, GradientApiError] => [
				`for ${name} as a word`,
				refusal(`The ${name} of the request is invalid`),
			],
		),
		['for a type that is only named', refusal('The web_search_call took too long')],
		['for a key that is only named', refusal("The 'phase' took too long")],
		[
			'for the type of a call',
			refusal("Invalid value: 'input[4].type'", { parameter: 'input[4].type' }),
		],
		[
			'for an unknown type that is one of a call',
			refusal('Unknown item type', { parameter: 'input[4].type' }),
		],
		[
			'for a form of a message that does not fit',
			refusal('input.0.EasyInputMessageParam.type\n  Extra inputs are not permitted'),
		],
		[
			'for a type that the input has not',
			refusal('Unsupported input item type: mcp_call', { parameter: 'tools' }),
		],
	])('%s', (_, error) => {
		expect(concessionsFor(error, known)).toEqual([]);
	});
});

describe('Without what was conceded', () => {
	test('items of a type are gone', () => {
		expect(concede(INPUT, [{ what: 'item', type: 'web_search_call' }])).toEqual(
			INPUT.filter(({ type }) => (type as string) !== 'web_search_call'),
		);
	});

	test('a key of one type of item stays on the others', () => {
		const left = concede(INPUT, [{ what: 'key', key: 'status', type: 'reasoning' }]);
		expect(left.map((one) => 'status' in one)).toEqual([false, false, true, false, false, false]);
	});

	test('ids are gone from messages and reasoning', () => {
		const left = concede(INPUT, [{ what: 'ids' }]);
		expect(left.map(({ id }) => id)).toEqual([
			undefined,
			undefined,
			'ws_1',
			undefined,
			undefined,
			undefined,
		]);
	});

	test('messages are in their short form', () => {
		const left = concede(INPUT, [{ what: 'key', key: 'type', type: 'message' }]);
		expect(left.map(({ type }) => type)).toEqual([
			undefined,
			'reasoning',
			'web_search_call',
			undefined,
			'function_call',
			'function_call_output',
		]);
		expect(concede(left, [{ what: 'key', key: 'type', type: 'message' }])).toBe(left);
	});

	test('reasoning that was encrypted only is gone', () => {
		const left = concede(INPUT, [{ what: 'key', key: 'encrypted_content' }]);
		expect(left).toEqual(INPUT.filter(({ type }) => type !== 'reasoning'));
		const bare = [{ type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAA' }] as InputItem[];
		expect(concede(bare, [{ what: 'key', key: 'encrypted_content' }])).toEqual([]);
	});

	test('other items stay, though nothing else is in them', () => {
		const bare = [{ type: 'message', phase: 'x' }] as unknown as InputItem[];
		expect(concede(bare, [{ what: 'key', key: 'phase' }])).toEqual([{ type: 'message' }]);
	});

	test('the last item is gone too', () => {
		const last = [INPUT[0], INPUT[2]];
		expect(concede(last, [{ what: 'item', type: 'web_search_call' }])).toEqual([INPUT[0]]);
	});

	test('reasoning without a summary gets an empty one, and is not lost', () => {
		const bare = [
			{ type: 'message', role: 'user', content: 'Hi' },
			{ type: 'reasoning', content: [] },
		] as InputItem[];
		const vllm =
			"203 validation errors:\n  {'type': 'literal_error', 'loc': 'body.input.1.EasyInputMessageParam.type', " +
			"'msg': \"Input should be 'message'\", 'input': 'reasoning'}\n  ...and 193 more errors";
		for (const words of [vllm, "Cannot determine type of 'item'"]) {
			expect(concessionsFor(refusal(words, { parameter: 'body.input' }), bare)).toEqual([
				{ what: 'summary' },
			]);
		}
		const others = [
			"Unknown parameter: 'input[0].phase'",
			'2 validation errors:\n  input.0.phase\n  Extra inputs are not permitted',
			"reasoning cannot have 'phase': not allowed",
		];
		for (const words of others) {
			const input = [{ ...bare[0], phase: 'x' }, bare[1]] as InputItem[];
			expect(concessionsFor(refusal(words), input)).toMatchObject([{ what: 'key', key: 'phase' }]);
		}
		const given = concede(bare, [{ what: 'summary' }]);
		expect(given[1]).toEqual({ type: 'reasoning', content: [], summary: [] });
		expect(concede(given, [{ what: 'summary' }])).toBe(given);
	});

	test('an input that has nothing of it is the same', () => {
		expect(concede(INPUT, [{ what: 'item', type: 'mcp_call' }])).toBe(INPUT);
		expect(concede(INPUT, [])).toBe(INPUT);
	});
});

describe('The user is told', () => {
	test.each<[object, string]>([
		[
			item('web_search_call'),
			"The API does not take input items of the type 'web_search_call', so they were left out",
		],
		[
			key('phase', 'message'),
			"The API does not take the key 'phase' of input items, so it was left out",
		],
	])('what of the conversation is lost: %j', (concession, words) => {
		expect(lossOf(concession as never)).toBe(words);
	});

	test.each<[object]>([
		[key('type', 'message')],
		[key('id')],
		[key('status')],
		[{ what: 'ids' }],
		[{ what: 'summary' }],
		[{ what: 'types' }],
	])('nothing where nothing is: %j', (concession) => {
		expect(lossOf(concession as never)).toBeUndefined();
	});
});
