import { readResponse } from '../../../../../nodes/shared/client/response/response';
import {
	PARIS,
	functionCall,
	message,
	reasoning,
	responseOf,
	responses,
	textResponse,
} from '../../../../support/responses';
import { thrownBy } from '../support';

describe('A failure in a 200', () => {
	const withoutOutput = 'The API answered 200, but without any output';
	const later = expect.stringMatching(
		/will answer only later.*remove 'background' from 'Additional Fields \(JSON\)'$/,
	) as unknown as string;
	test.each([
		[
			'a status failed with its error',
			responses.failed,
			'The model failed to generate a response.',
		],
		['nothing but an error', responses.errorInBody, 'Engine core is dead.'],
		['an error beside output', textResponse(PARIS, { error: { message: 'Cut off.' } }), 'Cut off.'],
		['an error that is a text', textResponse(PARIS, { error: 'Cut off.' }), 'Cut off.'],
		[
			'a status failed without an error',
			textResponse(PARIS, { status: 'failed', error: null }),
			'The API answered 200, but the response failed',
		],
		['no output', responses.noOutput, withoutOutput],
		['an empty object', {}, withoutOutput],
		['nothing but blanks', { output_text: ' ', text: '\n', reasoning: ' ' }, withoutOutput],
		['output that is no list', { id: 'r', output: { type: 'message' } }, withoutOutput],
		['a gateway message', { message: 'Upstream is down', id: 'server_error' }, 'Upstream is down'],
		['null', null, 'The API answered 200, but the response failed'],
		['a list', [], 'The API answered 200, but the response failed'],
		['a text', 'Hello', 'Hello'],
		['a number', 7, 'The API answered 200, but the response failed'],
		[
			// llama-server, for n: 2
			'several responses',
			[responses.text, responses.text],
			"The API answered with a list of 2 responses, of which only one can be read: remove 'n' from 'Additional Fields (JSON)'",
		],
		[
			'a word that says nothing by itself',
			textResponse(PARIS, { error: { message: "'arguments'" } }),
			"The API answered 200, but the response failed: 'arguments'",
		],
		['a request that is queued', responseOf([], { status: 'queued' }), later],
		['a request that is queued, without output', { id: 'r', status: 'queued' }, later],
		['a response that is in the making', responseOf([], { status: 'in_progress' }), later],
		[
			'a response that was cancelled',
			responseOf([message('')], { status: 'cancelled' }),
			'The API cancelled the response before there was any of it',
		],
	])('is recognised: %s', async (_what, body, words) => {
		const error = await thrownBy(() => readResponse(body));
		expect(error.message).toEqual(words);
		expect(error.details).toMatchObject({ kind: 'answer', status: 200, body });
	});

	test('is recognised where there is more output than is read', async () => {
		const output = Array.from({ length: 10_001 }, () => message('x'));
		const error = await thrownBy(() => readResponse(responseOf(output)));
		expect(error.message).toBe('The answer has more than 10,000 output items, parts and calls');
	});

	test('keeps code and type of the error', async () => {
		const error = await thrownBy(() => readResponse(responses.errorInBody));
		expect(error.details).toMatchObject({ code: '500', type: 'InternalServerError' });
	});
});

describe('What is paid for is kept of a failure', () => {
	const error = { message: 'Cut off.' };
	const partialOf = async (body: object) =>
		(await thrownBy(() => readResponse({ error, ...body }))).details.partial;
	const nothing = { text: '', reasoning: null, tool_calls: [] };

	test.each<[string, object, object]>([
		['a text', { output: [message('Hi')] }, { ...nothing, text: 'Hi' }],
		['thoughts', { output: [reasoning('Hm')] }, { ...nothing, reasoning: 'Hm' }],
		[
			'a call',
			{ output: [functionCall('f', '{}')] },
			{ ...nothing, tool_calls: [{ call_id: 'call_1', name: 'f', arguments: {} }] },
		],
		['tokens', { usage: { total_tokens: 0 } }, { ...nothing, usage: { total_tokens: 0 } }],
	])('where it is %s', async (_what, body, partial) => {
		expect(await partialOf(body)).toMatchObject(partial);
	});

	test.each([{}, { id: 'resp_1', output: [], usage: null }, { output: [message('')] }])(
		'but nothing of %j',
		async (body) => {
			expect(await partialOf(body)).toBeUndefined();
		},
	);
});

describe('It is no failure', () => {
	test.each([
		['that only one response is in a list', [responses.text], PARIS],
		[
			'that a response is in the making, but has a text',
			textResponse(PARIS, { status: 'in_progress' }),
			PARIS,
		],
		[
			'that a response is in the making, but has a call',
			responseOf([functionCall('f', '{}')], { status: 'in_progress' }),
			'',
		],
		[
			'that the status is that of a prototype',
			textResponse(PARIS, { status: 'constructor' }),
			PARIS,
		],
		['that the error is null', textResponse(PARIS, { error: null }), PARIS],
	])('%s', (_what, body, text) => {
		expect(readResponse(body).text).toBe(text);
	});
});
