import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { PARIS, responses, textResponse } from '../../../../support/responses';
import { thrownBy } from '../support';

describe('A failure in a 200', () => {
	const withoutOutput = 'The API answered 200, but without any output';
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
		['output that is no list', { id: 'r', output: { type: 'message' } }, withoutOutput],
		['a gateway message', { message: 'Upstream is down', id: 'server_error' }, 'Upstream is down'],
		['null', null, 'The API answered 200, but the response failed'],
		['a list', [], 'The API answered 200, but the response failed'],
		['a text', 'Hello', 'Hello'],
		['a number', 7, 'The API answered 200, but the response failed'],
	])('is recognised: %s', async (_what, body, words) => {
		const error = await thrownBy(() => readResponse(body));
		expect(error.message).toBe(words);
		expect(error.details).toMatchObject({ kind: 'answer', status: 200, body });
	});

	test('keeps code and type of the error', async () => {
		const error = await thrownBy(() => readResponse(responses.errorInBody));
		expect(error.details).toMatchObject({ code: '500', type: 'InternalServerError' });
	});
});
