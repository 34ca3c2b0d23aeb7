/** Its failures, its tool calls and its output as input have a file of their own each. */
import { findViolations } from '../../../../../nodes/shared/client';
import { parseJson } from '../../../../../nodes/shared/client/json';
import {
	type GradientResponse,
	readResponse,
} from '../../../../../nodes/shared/client/response/response';
import {
	PARIS,
	functionCall,
	message,
	responseOf,
	responses,
	textResponse,
} from '../../../../support/responses';

type Read = Partial<GradientResponse>;

const PARIS_CALL = { call_id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } };

const tooLong = { status: 'incomplete', incompleteReason: 'max_output_tokens' };

/** What the reader must make of each fixture; what is left out is as in an ordinary text answer. */
const expected: Record<keyof typeof responses, Read | 'failure'> = {
	text: {},
	typelessItems: {
		id: '',
		model: '',
		created: null,
		status: null,
		reasoning: 'We need to answer…',
	},
	textItem: {},
	choices: { id: 'resp_1', status: null },
	choicesToolCall: {
		id: 'resp_1',
		status: null,
		text: '',
		finishReason: 'tool_calls',
		toolCalls: [PARIS_CALL],
	},
	createdAt: { id: 'resp-abc123', created: 1700002000, status: null, text: 'Hello.' },
	createdAtFloat: { created: 1795290338 },
	nullUsage: {},
	emptyUsageDetails: {},
	chatUsage: {},
	zeroUsage: {},
	emptyIds: { id: '', model: '' },
	extraNulls: { reasoning: 'Thinking.' },
	severalMessages: { text: 'Part 1. Part 2.' },
	severalParts: { text: 'Part 1. Part 2.' },
	refusal: { text: '', refusal: 'I cannot help with that.' },
	unknownItems: {
		searches: { count: 1, queries: [] },
		otherTypes: ['something_new', 'future_part'],
	},
	topLevelText: {},
	withReasoning: { reasoning: 'The user wants a capital.' },
	functionCall: { text: '', finishReason: 'tool_calls', toolCalls: [PARIS_CALL] },
	textAndFunctionCalls: {
		text: 'Let me look.',
		finishReason: 'tool_calls',
		toolCalls: [
			PARIS_CALL,
			{ call_id: 'call_2', name: 'get_weather', arguments: { city: 'Rome' } },
		],
	},
	functionCallWithNulls: { text: '', finishReason: 'tool_calls', toolCalls: [PARIS_CALL] },
	brokenArguments: {
		...tooLong,
		text: '',
		finishReason: 'length',
		toolCalls: [
			{
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Par',
				arguments_error: 'The arguments are not valid JSON',
			},
		],
	},
	emptyArguments: {
		text: '',
		finishReason: 'tool_calls',
		toolCalls: [{ call_id: 'call_1', name: 'get_time', arguments: {} }],
	},
	incomplete: { ...tooLong, text: 'The capital of', finishReason: 'length' },
	incompleteAfterReasoning: {
		...tooLong,
		text: '',
		reasoning: 'We need to think about',
		finishReason: 'length',
	},
	failed: 'failure',
	errorInBody: 'failure',
	emptyOutput: { text: '' },
	noOutput: 'failure',
};

type Case = [name: string, body: object, read: Read];

const cases = Object.entries(expected).flatMap(([name, read]): Case[] =>
	read === 'failure' ? [] : [[name, responses[name as keyof typeof responses], read]],
);

describe('A response', () => {
	test.each(cases)('of the shape %s is read', (_name, body, read) => {
		const { usage, outputAsInput, ...response } = readResponse(body);
		expect(response).toEqual({
			id: 'resp_1f2e3d4c5b6a7988',
			model: '',
			created: 1795290338,
			status: 'completed',
			incompleteReason: null,
			finishReason: 'stop',
			text: PARIS,
			refusal: null,
			reasoning: null,
			toolCalls: [],
			body,
			...('model' in body && { model: body.model }),
			...read,
		});
		expect(usage).toBeDefined();
		expect(outputAsInput).toBeDefined();
	});

	test.each(cases)('of the shape %s gives output that can be sent again', (_name, body) => {
		const { outputAsInput, text, refusal, toolCalls } = readResponse(body);
		const input = [{ role: 'user', content: 'Hi' }, ...outputAsInput];

		expect(findViolations({ model: 'm', input })).toEqual([]);
		expect(JSON.stringify(outputAsInput)).not.toMatch(/:null|id":""/);
		const messages = outputAsInput.filter((item) => 'role' in item);
		expect(messages.map(({ content }) => content).join('')).toBe(text || (refusal ?? ''));
		const calls = outputAsInput.filter((item) => item.type === 'function_call');
		expect(calls.map(({ call_id }) => call_id)).toEqual(toolCalls.map(({ call_id }) => call_id));
	});

	test('keeps its body as it came', () => {
		expect(readResponse(responses.extraNulls).body).toBe(responses.extraNulls);
	});
});

describe('The time of a response', () => {
	test.each([
		[{ created: 1795290338 }, 1795290338],
		[{ created: 1795290338.9 }, 1795290338],
		[{ created: undefined, created_at: 1795290338 }, 1795290338],
		[{ created: null, created_at: 1795290338.25 }, 1795290338],
		[{ created: 1, created_at: 2 }, 1],
		[{ created: '2026-11-21' }, null],
		[{ created: null }, null],
	])('%j is read as %p', (extra, created) => {
		expect(readResponse(textResponse(PARIS, extra)).created).toBe(created);
	});
});

describe('The finish reason', () => {
	const call = functionCall('f', '{}');
	test.each([
		['a complete text', responseOf([message('Hi')]), 'stop'],
		['a text without status', responseOf([message('Hi')], { status: undefined }), 'stop'],
		['a call', responseOf([message('Hi'), call]), 'tool_calls'],
		[
			'a spent budget',
			responseOf([call], {
				status: 'incomplete',
				incomplete_details: { reason: 'max_output_tokens' },
			}),
			'length',
		],
		[
			// vLLM sends the terminal event `completed` for these too
			'a spent budget with the status completed',
			responseOf([], { incomplete_details: { reason: 'max_output_tokens' } }),
			'length',
		],
		[
			'a filter',
			responseOf([], { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
			'content_filter',
		],
		[
			'an unknown reason',
			responseOf([], { status: 'incomplete', incomplete_details: { reason: 'tired' } }),
			null,
		],
		[
			'a call that waits for its result',
			responseOf([call], { status: 'requires_action' }),
			'tool_calls',
		],
		['an action that is no call', responseOf([], { status: 'requires_action' }), null],
		[
			'a spent budget in other words',
			responseOf([], { status: 'incomplete', incomplete_details: { reason: 'max_tokens' } }),
			'length',
		],
		[
			'a reason that JavaScript knows',
			responseOf([], { incomplete_details: { reason: 'constructor' } }),
			null,
		],
		['no reason', responseOf([message('H')], { status: 'incomplete' }), null],
		['a response that still runs', responseOf([message('H')], { status: 'in_progress' }), null],
		[
			'the word of a choice',
			{ choices: [{ finish_reason: 'length', message: { content: 'Hi' } }] },
			'length',
		],
	])('of %s', (_what, body, reason) => {
		expect(readResponse(body).finishReason).toBe(reason);
	});
});

describe('An answer that may be cut', () => {
	const used = (output_tokens: number, extra: object = {}) => ({
		...textResponse('The capital of'),
		usage: { input_tokens: 9, output_tokens, total_tokens: 9 + output_tokens },
		...extra,
	});

	test.each([
		['has as many tokens as were asked for', used(4), { max_output_tokens: 4 }],
		['has more', used(5), { max_output_tokens: 4 }],
		['has as many as the older field says', used(4), { max_tokens: 4 }],
		['has as many as the server says', used(4, { max_output_tokens: 4 }), {}],
	])('%s', (_what, body, request) => {
		expect(readResponse(body, request)).toMatchObject({ mayBeCut: true, finishReason: 'stop' });
	});

	test.each([
		['has fewer tokens', used(3), { max_output_tokens: 4 }],
		['had no limit', used(4), {}],
		['does not say its tokens', used(4, { usage: null }), { max_output_tokens: 4 }],
		['is said to be cut', used(4, { status: 'incomplete' }), { max_output_tokens: 4 }],
		[
			'says why it ended',
			{ ...used(4), choices: [{ finish_reason: 'stop' }] },
			{ max_output_tokens: 4 },
		],
		[
			'says of one choice why it ended',
			{ ...used(4), choices: [{ index: 0 }, { index: 1, finish_reason: 'stop' }] },
			{ max_output_tokens: 4 },
		],
		['had a limit that is no number', used(4), { max_output_tokens: '4' as never }],
		['has no tokens and no limit', used(0), { max_output_tokens: 0 }],
	])('is none that %s', (_what, body, request) => {
		expect(readResponse(body, request)).not.toHaveProperty('mayBeCut');
	});
});

describe('A response with keys that JavaScript treats specially', () => {
	const text = `{
		"__proto__": { "output_text": "evil", "status": "failed" },
		"constructor": { "prototype": { "polluted": true } },
		"id": "resp_1",
		"output": [
			{ "__proto__": { "type": "message", "content": "evil" } },
			{ "type": "message", "content": [
				{ "__proto__": { "type": "output_text", "text": "evil" } },
				{ "type": "output_text", "text": "Hi", "constructor": null }
			] },
			{ "type": "function_call", "call_id": "call_1", "name": "f",
				"arguments": "{\\"__proto__\\":{\\"polluted\\":true}}" }
		],
		"usage": { "__proto__": { "input_tokens": 7 }, "output_tokens": 1 }
	}`;

	test('is read as if it had not those keys', () => {
		const response = readResponse(parseJson(text));
		expect(response).toMatchObject({ id: 'resp_1', text: 'Hi', status: null });
		expect(response.usage).toMatchObject({ input_tokens: null, output_tokens: 1 });
		expect(response.toolCalls).toMatchObject([{ call_id: 'call_1', name: 'f' }]);
		expect(JSON.stringify(response.outputAsInput)).not.toContain('evil');
	});

	test('changes no other object', () => {
		readResponse(parseJson(text));
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
		expect(Object.keys(Object.prototype)).toEqual([]);
	});
});

test('A call that came as text is told, and one that could not be read', () => {
	const tools = [{ type: 'function' as const, name: 'f' }];
	const broken = '<tool_call>{"name": "f", "arguments": {a}}</tool_call>';
	const asText = readResponse(textResponse('<tool_call>{"name": "f"}</tool_call>'), { tools });
	expect(asText).toMatchObject({ callsOfText: 1, text: '' });
	expect(asText).not.toHaveProperty('callAsText');
	const unread = readResponse(textResponse(broken), { tools });
	expect(unread).toMatchObject({ callAsText: broken, text: broken });
	expect(unread).not.toHaveProperty('callsOfText');
	const two = [{ message: { content: 'One' } }, { message: { content: 'Two' } }];
	expect(readResponse({ choices: two }).otherAnswers).toBe(1);
});
