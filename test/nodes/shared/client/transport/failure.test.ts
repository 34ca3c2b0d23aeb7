import type { GradientApiErrorDetails } from '../../../../../nodes/shared/client/errors';
import { Secrets } from '../../../../../nodes/shared/client/redact';
import { describeFailure } from '../../../../../nodes/shared/client/transport/failure';
import { inContext } from '../../../../../nodes/shared/client/transport/failureWords';
import { raw } from '../../../../support/answers';
import { errorBodies } from '../../../../support/errorBodies';
import { REQUEST, failureOf, useServer } from '../support';

const REQUEST_ID = '0c5e7c1a-6c0e-4f3f-9b5c-1f2f6a1f0f7d';

type Expected = Partial<GradientApiErrorDetails> & { message: string };

const controlPlane = (status: number, type: string, message: string): Expected => ({
	status,
	type,
	message,
	requestId: REQUEST_ID,
});

const maintenance = (status: number): Expected => ({
	status,
	message: 'The server sent a web page: DigitalOcean - Maintenance',
});

/** What is said of each envelope; `requestId` is the server's header if left out. */
const expected: Record<keyof typeof errorBodies, Expected> = {
	unauthorized: controlPlane(401, 'unauthorized', 'Unable to authenticate you.'),
	forbidden: controlPlane(403, 'forbidden', 'You are not allowed to do that.'),
	tooManyRequests: controlPlane(429, 'too_many_requests', 'API rate limit exceeded.'),
	controlPlaneServerError: controlPlane(500, 'server_error', 'Unexpected server-side error'),
	unprocessable: controlPlane(422, 'unprocessable_entity', 'input is invalid'),
	paymentRequired: controlPlane(402, 'payment_required', 'Payment is required.'),
	modelNotInAccount: {
		status: 403,
		type: 'forbidden_error',
		message: 'this model is not available for your account',
	},
	modelNotInTier: {
		status: 403,
		type: 'forbidden_error',
		message: 'this model is not available for your subscription tier',
	},
	wrongKindOfModel: {
		status: 404,
		type: 'not_found_error',
		message: 'this model is not a audio model',
	},
	notProcessed: {
		status: 400,
		type: 'invalid_request_error',
		message: 'the request could not be processed',
	},
	invalidBody: { status: 400, type: 'invalid_request_error', message: 'invalid request body' },
	unknownResponse: {
		status: 404,
		type: 'not_found_error',
		parameter: 'response_id',
		message: "Response with id 'resp_1' not found.",
	},
	unknownModel: {
		status: 404,
		type: 'not_found_error',
		code: '404',
		parameter: 'model',
		message: 'The model `nope` does not exist.',
	},
	contextLength: {
		status: 400,
		type: 'BadRequestError',
		code: '400',
		parameter: 'input',
		message:
			"This model's maximum context length is 262144 tokens. However, you requested 300000 tokens.",
	},
	hugeMessage: {
		status: 400,
		type: 'BadRequestError',
		code: '400',
		message: expect.stringMatching(
			/^3 validation errors: [^]{579}… \(\d+ more characters\)$/,
		) as unknown as string,
	},
	vllmServerError: {
		status: 500,
		type: 'InternalServerError',
		code: '500',
		message: 'Internal server error',
	},
	maintenance404: maintenance(404),
	maintenance400: maintenance(400),
	maintenance503: maintenance(503),
	maintenance200: {
		kind: 'answer',
		status: 200,
		message: 'The answer is not JSON. The server sent a web page: DigitalOcean - Maintenance',
	},
	overloaded: { status: 429, message: 'Platform overloaded' },
	minimal: { status: 500, message: 'Something went wrong' },
	emptyBody: { status: 502, message: 'The API answered with HTTP 502' },
	olderVllm: { status: 400, type: 'BadRequestError', code: '400', message: 'bad input' },
	fastApiText: { status: 404, message: 'Not Found' },
	fastApiList: { status: 422, parameter: 'model', message: 'model: Field required' },
	fastApiUnion: {
		status: 422,
		parameter: 'tool_choice',
		message:
			"tool_choice: Input should be 'none', 'auto' or 'required'; tool_choice name: Field required; and 1 more",
	},
	validationReport: {
		status: 400,
		type: 'Bad Request',
		code: '400',
		parameter: 'body.input',
		message:
			"232 validation errors: input: Input should be a valid string; input 0 role: Input should be 'user', 'assistant', 'system' or 'developer'; and 230 more",
	},
	errorWord: { status: 401, message: 'Unauthorized' },
	contextWindow: {
		status: 400,
		type: 'invalid_request_error',
		code: 'context_length_exceeded',
		parameter: 'input',
		message:
			'Your input exceeds the context window of this model. Please adjust your input and try again.',
	},
	contextSize: {
		status: 400,
		type: 'exceed_context_size_error',
		message: 'request (900 tokens) exceeds the available size (512 tokens), try increasing it',
	},
	noBalance402: {
		status: 402,
		type: 'payment_error',
		message: 'Your prepaid balance is used up.',
	},
	noBalance403: {
		status: 403,
		type: 'forbidden_error',
		message: 'insufficient balance: add funds to continue',
	},
	suspended403: controlPlane(403, 'forbidden', 'This account is suspended.'),
	noBalance429: {
		status: 429,
		type: 'insufficient_quota',
		code: 'insufficient_quota',
		message: 'You exceeded your current quota.',
	},
	unreadableCall: {
		status: 500,
		type: 'server_error',
		message: 'Failed to parse tool call arguments',
	},
	keyError: { status: 500, message: "The API answered with HTTP 500: 'arguments'" },
	unknownEarlierResponse: {
		status: 400,
		type: 'invalid_request_error',
		code: 'previous_response_not_found',
		parameter: 'previous_response_id',
		message: "Previous response with id 'resp_1' not found.",
	},
	brokenJson: { status: 500, message: '{"error": {"message": "cut' },
	redirect: {
		status: 308,
		message: 'The API answered with HTTP 308',
		redirectedTo: 'https://elsewhere.invalid/v1/responses',
	},
};

describe('An error of the API', () => {
	const bench = useServer();

	test.each(Object.entries(expected))('in the envelope %s is read', async (name, said) => {
		const answer = errorBodies[name as keyof typeof errorBodies];
		// a 429 would be repeated for a minute
		const headers = { ...answer.headers, 'x-should-retry': 'false' };
		bench.server.answer({ ...answer, headers });

		const error = await failureOf(bench.client().createResponse(REQUEST, { maxRetries: 0 }));

		const { message, ...details } = said;
		const { body, shouldRetry, ...rest } = error.details;
		expect(shouldRetry).toBe(false);
		expect(error.message).toEqual(message);
		expect(JSON.parse(JSON.stringify(rest))).toEqual({
			kind: 'http',
			requestId: 'req_1',
			attempts: 1,
			...details,
			// what was refused is the model, most of the time
			...([403, 404].includes(said.status ?? 0) && { model: REQUEST.model }),
		});
		if (!/^(hugeMessage|validationReport)$/.test(name))
			expect(body).toEqual('json' in answer ? answer.json : answer.body);
	});

	test('of a page without title says that it was a page', async () => {
		bench.server.answer(raw('\n<HTML><body>Hi</body></HTML>', 'text/html', { status: 404 }));
		const error = await failureOf(bench.client().createResponse(REQUEST));
		expect(error.message).toBe('The server sent a web page');
	});
});

describe('The words of a failure', () => {
	test.each([
		['an error that is a text', { error: 'bad' }, 'bad'],
		['the message inside error', { error: { message: 'inner' }, message: 'outer' }, 'inner'],
		['blanks around it', { error: { message: '  bad \n' } }, 'bad'],
		['an empty message', { error: { message: '' } }, 'otherwise'],
		['detail inside error', { error: { detail: 'bad' } }, 'bad'],
		['errors as texts', { errors: ['one', 'two'] }, 'one; two'],
		['errors as objects', { errors: [{ message: 'one' }, { message: 'two' }] }, 'one; two'],
		['details as objects', { detail: [{ msg: 'one' }, null, 7, { msg: 'two' }] }, 'one; two'],
		['an empty list', { errors: [] }, 'otherwise'],
		['a long list, of which two', { errors: ['a', 'b', 'c', 'd'] }, 'a; b; and 2 more'],
		['an object in its place', { detail: { message: 'bad' } }, 'bad'],
		[
			'the fields of a place, without the branches of a union',
			{
				detail: [
					{
						loc: ['body', 'input', 'list[union[A,B]]', 3, 'Message', 'content', 'str'],
						msg: 'bad',
					},
				],
			},
			'input 3 content: bad',
		],
		[
			'a place that is nothing',
			{
				detail: [
					{ loc: [], msg: 'bad' },
					{ loc: 'body', msg: 'worse' },
				],
			},
			'bad; worse',
		],
		[
			'a report of pydantic',
			{
				message:
					'3 validation errors for ResponsesRequest\ninput.str\n  Input should be a valid string [type=string_type, input_value=[1], input_type=list]\n    For further information visit https://errors.pydantic.dev/2/v/string_type\ninput.list[union[A,B]].0.content\n  Field required [type=missing, input_value={}, input_type=dict]\nmodel\n  Field required [type=missing]',
			},
			'3 validation errors: input: Input should be a valid string; input 0 content: Field required; and 1 more',
		],
		[
			'a report of one error',
			{
				message:
					"1 validation error:\n  {'loc': ('body', 'model'), 'msg': 'It\\'s wrong', 'input': 1}",
			},
			"1 validation error: model: It's wrong",
		],
		[
			'a report that cannot be read',
			{ message: '7 validation errors: many' },
			'7 validation errors: many',
		],
		['text', { text: 'bad' }, 'bad'],
		['an error within the error', { error: { error: 'bad' } }, 'bad'],
		['the message beside an error without one', { error: { code: 7 }, message: 'bad' }, 'bad'],
		['the detail beside an error without one', { error: {}, detail: 'bad' }, 'bad'],
		['none of these', { success: false }, 'otherwise'],
		['a list', ['bad'], 'otherwise'],
		['null', null, 'otherwise'],
		['a number', 7, 'otherwise'],
		['nothing', undefined, 'otherwise'],
		['blanks', '  \n', 'otherwise'],
		['plain text', ' Platform overloaded \n', 'Platform overloaded'],
		[
			'a page',
			'<!DOCTYPE html><title> Maintenance\n</title>',
			'The server sent a web page: Maintenance',
		],
		['a page without doctype', '  <head><title>Oops</title>', 'The server sent a web page: Oops'],
		[
			'a title with attributes',
			'<html><title lang="en">Oops</title>',
			'The server sent a web page: Oops',
		],
		[
			'a page whose title comes late',
			`<html>${' '.repeat(5_000)}<title>Oops</title>`,
			'The server sent a web page',
		],
		['a page with an empty title', '<html><title></title>', 'The server sent a web page'],
		['text that only mentions html', 'no <html> here', 'no <html> here'],
	])('come from %s', (_what, body, words) => {
		expect(describeFailure(body, 'otherwise').message).toBe(words);
	});

	test.each([
		['a JSON message', { error: { message: 'x'.repeat(700) } }],
		['plain text', 'x'.repeat(700)],
		['a page title', `<html><title>${'x'.repeat(700)}</title>`],
	])('are cut: %s', (_what, body) => {
		const { message } = describeFailure(body, '');
		expect(message).toMatch(/x… \(\d+ more characters\)$/);
		expect(message.length).toBeLessThan(650);
	});

	test('come from text as text where a page would begin too late', () => {
		const body = `${' '.repeat(5_000)}<html><title>Oops</title>`;
		expect(describeFailure(body, 'otherwise').message).toBe('<html><title>Oops</title>');
	});

	test('are kept whole up to 600 characters', () => {
		const message = 'x'.repeat(600);
		expect(describeFailure({ message }, '').message).toBe(message);
	});
});

describe('A word that says nothing by itself', () => {
	test.each([
		"'arguments'",
		'"city"',
		"''",
		'arguments',
		'0',
		'None',
		'KeyError',
		"KeyError('arguments')",
		'server_error',
	])('%s is told with what happened', (word) => {
		expect(inContext(word, 'The API broke off the stream')).toBe(
			`The API broke off the stream: ${word}`,
		);
	});

	test.each([
		'Overloaded',
		'Unauthorized',
		'Slow down',
		"Unknown key 'arguments'",
		'The API broke off the stream',
		'北京',
		'',
	])('is not %j', (words) => {
		expect(inContext(words, 'The API broke off the stream')).toBe(words);
	});
});

describe('The details of a failure', () => {
	test.each([
		['a code that is a number', { error: { message: 'm', code: 404 } }, { code: '404' }],
		['a code that is null', { error: { message: 'm', code: null } }, { code: undefined }],
		['a code that is empty', { error: { message: 'm', code: '' } }, { code: undefined }],
		['a code that is an object', { error: { message: 'm', code: {} } }, { code: undefined }],
		['a request id inside error', { error: { message: 'm', request_id: 'r' } }, { requestId: 'r' }],
		['a request id beside error', { error: { message: 'm' }, request_id: 'r' }, { requestId: 'r' }],
		[
			'the id of the control plane as the type',
			{ id: 'forbidden', message: 'm' },
			{ type: 'forbidden' },
		],
		[
			'the id of a response not as the type',
			{ id: 'resp_1', error: { message: 'm' } },
			{ type: undefined },
		],
	])('hold %s', (_what, body, details) => {
		expect(describeFailure(body, '')).toMatchObject(details);
	});

	test.each([
		['text', 'x'.repeat(10_000)],
		['JSON', { error: { message: 'x'.repeat(10_000) } }],
		['a list', Array.from({ length: 5_000 }, (_, i) => i)],
	])('hold the beginning of a long body: %s', (_what, body) => {
		const { body: kept } = describeFailure(body, '');
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		expect(kept).toBe(`${text.slice(0, 4_000)}… (${text.length - 4_000} more characters)`);
	});

	test.each([[null], [7], [false], [['bad']]])('hold what is no object: %j', (body) => {
		expect(describeFailure(body, 'otherwise')).toEqual({ message: 'otherwise', body });
	});

	test('hold no body where there is none', () => {
		expect(describeFailure(undefined, 'otherwise')).toEqual({ message: 'otherwise' });
	});

	test('are none where the body cannot be written', () => {
		const body = { message: 'bad', code: 'x', count: 1n };
		expect(describeFailure(body, 'otherwise')).toStrictEqual({ message: 'otherwise' });
	});

	test('hold a body as it is up to 4,000 characters', () => {
		const body = { message: 'x'.repeat(4_000 - '{"message":""}'.length) };
		expect(describeFailure(body, '').body).toBe(body);
		const longer = { message: `${body.message}x` };
		expect(describeFailure(longer, '').body).toBe(
			`${JSON.stringify(longer).slice(0, 4_000)}… (1 more characters)`,
		);
	});

	const SECRET = 'sk-do-12345';
	const hidden = (body: unknown, secret = SECRET) =>
		describeFailure(body, '', new Secrets(secret)).body;

	test('hold a body without the key, and as JSON all the same', () => {
		expect(hidden({ error: { message: `Wrong key ${SECRET}`, [SECRET]: 1 } })).toEqual({
			error: { message: 'Wrong key ***', '***': 1 },
		});
	});

	test('hold a body as text where it is no JSON without its secret', () => {
		const body = { message: 'bad', code: 'x' };
		expect(hidden(body, '"message":"bad"')).toBe('{***,"code":"x"}');
	});
});
