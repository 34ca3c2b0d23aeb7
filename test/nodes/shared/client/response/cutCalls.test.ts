import type { IDataObject } from 'n8n-workflow';

import { cutCalls } from '../../../../../nodes/shared/client/response/cutCalls';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { functionCall, message, responseOf, usage } from '../../../../support/responses';

const CALLS = [functionCall('a', '{}', 'call_1'), functionCall('b', '{}', 'call_2')];
const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

const cut = (body: object, request: object = {}) => cutCalls(readResponse(body), request);

test('Calls of an answer that ended by itself are whole', () => {
	expect(cut(responseOf(CALLS))).toEqual([false, false]);
	expect(cut(responseOf(CALLS), { max_output_tokens: usage.output_tokens + 1 })).toEqual([
		false,
		false,
	]);
});

test.each<[string, object, object]>([
	['is incomplete, as vLLM says it', responseOf(CALLS, CUT), {}],
	['is incomplete without a reason', responseOf(CALLS, { status: 'incomplete' }), {}],
	[
		'a filter has stopped',
		responseOf(CALLS, { incomplete_details: { reason: 'content_filter' } }),
		{},
	],
	[
		'ended by its length, in the words of chat completions',
		{
			choices: [
				{
					finish_reason: 'length',
					message: {
						tool_calls: ['a', 'b'].map((name) => ({ id: name, function: { name, arguments: '' } })),
					},
				},
			],
		},
		{},
	],
	[
		'has as many tokens as were allowed, as llama-server gives it',
		responseOf(CALLS),
		{ max_output_tokens: usage.output_tokens },
	],
	['has as many as max_tokens', responseOf(CALLS), { max_tokens: usage.output_tokens }],
	['ends with a text after the call', responseOf([...CALLS, message('Now')], CUT), {}],
])('The last call of an answer that %s is cut', (_, body, request) => {
	expect(cut(body, request)).toEqual([false, true]);
});

test('A call that says itself that it is incomplete is cut', () => {
	const first = { ...CALLS[0], status: 'incomplete' };
	expect(cut(responseOf([first, CALLS[1]]))).toEqual([true, false]);
});

test('It is that call, whatever else the answer holds', () => {
	const first = { ...CALLS[0], status: 'incomplete' };
	const run = { ...functionCall('search', '{}', 'call_0'), status: 'incomplete' };
	const result = { type: 'function_call_output', call_id: 'call_0', output: 'Found' };
	expect(cut(responseOf([message('Hm'), first, CALLS[1]]))).toEqual([true, false]);
	expect(cut(responseOf([run, result, CALLS[0], CALLS[1]]))).toEqual([false, false]);
});

test.each<[string, IDataObject, object]>([
	['that is no number', {}, { max_output_tokens: '1' }],
	['of nothing', {}, { max_output_tokens: 0 }],
	['of nothing, where the tokens are not known', { usage: null }, { max_tokens: 0 }],
])('A limit %s cuts nothing', (_what, body, request) => {
	expect(cut(responseOf(CALLS, body), request)).toEqual([false, false]);
});

test('An answer without calls has none that is cut', () => {
	expect(cut(responseOf([message('The capital')], CUT))).toEqual([]);
});
