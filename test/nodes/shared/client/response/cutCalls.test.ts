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

test('An answer without calls has none that is cut', () => {
	expect(cut(responseOf([message('The capital')], CUT))).toEqual([]);
});
