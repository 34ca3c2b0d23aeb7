import { type IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import {
	eventStream,
	hang,
	halfThenReset,
	json,
	raw,
	reset,
	type Answer,
} from '../support/answers';
import { errorBodies, rateLimited } from '../support/errorBodies';
import { API_KEY, MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { responses } from '../support/responses';
import { frame } from '../support/streams';

const gradient = useGradient();

const ONCE: IDataObject = { ...TEXT, requestOptions: { maxRetries: 0 } };

/** A refusal that nobody waits for: otherwise it would be repeated for a minute. */
const withoutWait = (answer: Answer): Answer =>
	answer.status === 429
		? { ...answer, headers: { ...answer.headers, 'x-should-retry': 'false' } }
		: answer;

/** The error of a run with one item; the answer is given to every request. */
async function errorOf(answer: Answer, form = ONCE) {
	gradient.server.answer(withoutWait(answer));
	const result = await gradient.run(form);
	const error = result.task(NODE).error;
	if (!error) throw new Error('The run did not fail');
	return { result, error: error as NodeApiError };
}

/** A row of 'Messages' with a call, and what may stand before it. */
const rows = (...before: IDataObject[]): IDataObject => ({
	...ONCE,
	inputType: 'messages',
	messages: {
		message: [
			...before,
			{ type: 'function_call', callId: 'call_1', name: 'get_weather', arguments: '{}' },
			{ type: 'message', role: 'user', content: 'And now?' },
		],
	},
});

test('Where a server fails on rows that do not begin with a message, that is what can be done', async () => {
	const failed = raw('Internal Server Error', 'text/plain', { status: 500 });
	const advice = "Put a message of the user before it, in 'Messages'";
	const { error } = await errorOf(failed, rows());
	expect(error.description).toContain(advice);
	const first = { type: 'message', role: 'user', content: 'Hi' };
	const { error: other } = await errorOf(failed, rows(first));
	expect(other.description).not.toContain(advice);
});

test("A server that has another model says so, and the field is named: transformers serve's words", async () => {
	const detail = "Server is pinned to 'scripted'; requested 'nobody'.";
	const { error } = await errorOf(json({ detail }, { status: 400 }));
	expect(error.message).toContain(detail);
	expect(error.description).toContain("Check 'Model'");
});

const UNTITLED = 'The API answered with HTTP';
const PAGE = 'The server sent a web page: DigitalOcean - Maintenance';

/** The message, the HTTP code, and what the description must hold. */
const said: Record<keyof typeof errorBodies, [string, string, string[]]> = {
	unauthorized: [
		'Unable to authenticate you.',
		'401',
		["'Model Access Key'", 'Type: unauthorized.', 'Request ID: 0c5e7c1a-'],
	],
	forbidden: ['You are not allowed to do that.', '403', ['subscription tier', 'VPC']],
	tooManyRequests: [
		'API rate limit exceeded.',
		'429',
		["'Max Concurrent Requests'", "'Delay Between Requests'"],
	],
	controlPlaneServerError: ['Unexpected server-side error', '500', ['Try again later']],
	unprocessable: ['input is invalid', '422', ['Type: unprocessable_entity.']],
	modelNotInAccount: [
		'this model is not available for your account',
		'403',
		["another 'Model' (now openai-gpt-oss-20b)"],
	],
	modelNotInTier: [
		'this model is not available for your subscription tier',
		'403',
		['Type: forbidden_error.'],
	],
	wrongKindOfModel: [
		'this model is not a audio model',
		'404',
		["Check 'Model' (now openai-gpt-oss-20b)"],
	],
	notProcessed: ['the request could not be processed', '400', ['Type: invalid_request_error.']],
	invalidBody: ['invalid request body', '400', ['Shorten the input']],
	unknownResponse: [
		"Response with id 'resp_1' not found.",
		'404',
		["Remove 'previous_response_id' from 'Additional Fields (JSON)'", 'Parameter: response_id.'],
	],
	unknownModel: ['The model `nope` does not exist.', '404', ['Code: 404.', 'Parameter: model.']],
	contextLength: [
		"This model's maximum context length is 262144 tokens. However, you requested 300000 tokens.",
		'400',
		["lower 'Max Output Tokens'", 'Parameter: input.'],
	],
	hugeMessage: ['3 validation errors: ', '400', ['Type: BadRequestError.']],
	vllmServerError: [
		'Internal server error',
		'500',
		['Try again later', "'Model'", 'history', 'Code: 500.', 'Type: InternalServerError.'],
	],
	maintenance404: [PAGE, '404', ["Check 'Model'", "'Base URL'"]],
	maintenance400: [PAGE, '400', ['Request ID: req_1.']],
	maintenance503: [PAGE, '503', ['Try again later']],
	maintenance200: ['The answer is not JSON. ' + PAGE, '', ["'Base URL' in the credential"]],
	overloaded: ['Platform overloaded', '429', ["'Delay Between Requests'"]],
	minimal: ['Something went wrong', '500', ['Try again later']],
	emptyBody: [`${UNTITLED} 502`, '502', ['Try again later']],
	olderVllm: ['bad input', '400', ['Code: 400.', 'Type: BadRequestError.']],
	fastApiText: ['Not Found', '404', ["Check 'Model'"]],
	fastApiList: ['model: Field required', '422', ['Parameter: model.', 'Request ID: req_1.']],
	fastApiUnion: ["tool_choice: Input should be 'none'", '422', ['Parameter: tool_choice.']],
	validationReport: ['232 validation errors: input: Input should be', '400', ['Code: 400.']],
	errorWord: ['Unauthorized', '401', ["'Model Access Key'"]],
	contextWindow: [
		'Your input exceeds the context window of this model.',
		'400',
		['Shorten the input', "'Max Output Tokens'", 'Code: context_length_exceeded.'],
	],
	contextSize: ['request (900 tokens) exceeds', '400', ['Shorten the input']],
	noBalance402: ['Your prepaid balance is used up.', '402', ['billing', 'paid in advance']],
	noBalance403: ['insufficient balance: add funds', '403', ['billing', 'paid in advance']],
	suspended403: ['This account is suspended.', '403', ['billing', 'suspended']],
	noBalance429: [
		'You exceeded your current quota.',
		'429',
		['billing', 'paid in advance', "lower 'Max Concurrent Requests'"],
	],
	unreadableCall: [
		'Failed to parse tool call arguments',
		'500',
		["another 'Model'", 'where a tool is forced', 'not repeated'],
	],
	keyError: ["The API answered with HTTP 500: 'arguments'", '500', ["'Model'", 'history']],
	unknownEarlierResponse: [
		"Previous response with id 'resp_1' not found.",
		'400',
		["'previous_response_id'", 'keeps no earlier responses'],
	],
	brokenJson: ['{"error": {"message": "cut', '500', ['Try again later']],
	paymentRequired: ['Payment is required.', '402', ['billing']],
	redirect: [
		`${UNTITLED} 308`,
		'308',
		['https://elsewhere.invalid/v1/responses', 'not followed', "'Base URL'"],
	],
};

describe('An error of the API', () => {
	test.each(Object.entries(said))('%s is shown in its own words', async (name, expected) => {
		const [message, httpCode, hints] = expected;
		const { error, result } = await errorOf(errorBodies[name as keyof typeof errorBodies]);
		expect(result.status).toBe('error');
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: httpCode || null,
			context: { itemIndex: 0 },
		});
		expect(error.message.startsWith(message)).toBe(true);
		expect(error.message.endsWith(' [item 0]')).toBe(true);
		expect(error.message.length).toBeLessThan(700);
		for (const hint of hints) expect(error.description).toContain(hint);
		expect(gradient.server.requests).toHaveLength(1);
	});

	test.each([
		[
			'sentences',
			`This model's maximum context length is 16384 tokens. However, your prompt contains at least 16385 input tokens, which exceeds this limit even without any output tokens. ${'Please reduce it. '.repeat(5)}`,
			"This model's maximum context length is 16384 tokens. However, your prompt contains at least 16385 input tokens, which exceeds this limit even without any output tokens. [item 0]",
		],
		['one endless sentence', 'word '.repeat(100), `${'word '.repeat(36).trim()}… [item 0]`],
		['lines', 'The parser failed.\nContent: {x}\nError: Expecting', 'The parser failed. [item 0]'],
	])('of many %s is a heading, and is told in full below it', async (_what, message, heading) => {
		const { error } = await errorOf(json({ error: { message } }, { status: 400 }));
		expect(error.message).toBe(heading);
		expect(error.description).toContain(`In full: ${message.trim()}`);
	});

	test('of few words is told once', async () => {
		const { error } = await errorOf(errorBodies.contextWindow);
		expect(error.description).not.toContain('In full');
	});

	test('names the item that it is about', async () => {
		gradient.server.answer(({ body }) =>
			JSON.stringify(body).includes('bad') ? errorBodies.contextLength : undefined,
		);
		const form = { ...ONCE, prompt: '={{ $json.prompt }}' };
		const items = ['good', 'bad', 'good'].map((prompt) => ({ prompt }));
		const { error } = await gradient.run(form, { items });
		expect(error?.message).toContain('[item 1]');
		expect(error?.context).toMatchObject({ itemIndex: 1 });
	});

	test('of all incoming items together names none of them', async () => {
		gradient.server.answer(errorBodies.contextLength);
		const items = [{ text: 'a' }, { text: 'b' }];
		const { error } = await gradient.run({ ...ONCE, inputType: 'items' }, { items });
		expect(error?.message).not.toContain('[item');
	});

	test('keeps its body, so that it can be looked up', async () => {
		const { error } = await errorOf(errorBodies.contextLength);
		expect(error.context.data).toMatchObject({
			status: 400,
			parameter: 'input',
			requestId: 'req_1',
			body: { error: { type: 'BadRequestError' } },
		});
	});

	test.each(['ECONNREFUSED', 'approvePermissions', 'ENOENT: no such file', 'getaddrinfo'])(
		'with the word %s is not rewritten by n8n',
		async (word) => {
			const answer = json({ error: { message: `The tool said ${word}` } }, { status: 400 });
			const { error } = await errorOf(answer);
			expect(error.message).toBe(`The tool said ${word} [item 0]`);
			expect(error.httpCode).toBe('400');
		},
	);

	test('that says "canceled" does not count as a press of Stop', async () => {
		const answer = json({ error: { message: 'Your plan was canceled' } }, { status: 402 });
		const { error, result } = await errorOf(answer);
		expect(result.status).toBe('error');
		expect(error.message).toBe('Your plan was cancelled [item 0]');
	});

	test.each([
		['failed', responses.failed, 'The model failed to generate a response.'],
		['an error', responses.errorInBody, 'Engine core is dead.'],
		['no output', responses.noOutput, 'The API answered 200, but without any output'],
	])('in an answer of HTTP 200 with %s is an error all the same', async (_, body, message) => {
		const { error } = await errorOf(json(body), TEXT);
		expect(error.message).toBe(`${message} [item 0]`);
		expect(error.name).toBe('NodeApiError');
		expect(error.description).toContain('may be billed');
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('that is not JSON says who may have answered', async () => {
		const { error } = await errorOf(raw('OK', 'text/plain'));
		expect(error.message).toBe('The answer is not JSON. OK [item 0]');
		expect(error.description).toContain("Check 'Base URL' in the credential, and n8n's proxy");
	});

	const STREAMED = { ...TEXT, options: { stream: 'on' } };

	test('that an event of a stream tells is not blamed on the stream', async () => {
		const failure = frame({ error: { message: 'Engine core is dead.' } });
		const { error } = await errorOf(eventStream([failure]), STREAMED);
		expect(error.message).toBe('Engine core is dead. [item 0]');
		expect(error.description).toContain("in the error's data");
		expect(error.description).toContain("another 'Model'");
		expect(error.description).not.toContain("'Stream'");
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('that is one word of a stream is told with what it may mean', async () => {
		const failure = frame({ type: 'error', message: "'arguments'" });
		const { error } = await errorOf(eventStream([failure]), STREAMED);
		expect(error.message).toBe("The API broke off the stream: 'arguments' [item 0]");
		expect(error.description).toContain('says no more than this word');
		expect(error.description).toContain('a tool call of the model that it could not read');
	});

	test('that an event of a stream tells has the advice of its kind', async () => {
		const failure = { message: 'Too much.', code: 'context_length_exceeded' };
		const { error } = await errorOf(eventStream([frame({ error: failure })]), STREAMED);
		expect(error.description).toContain('Shorten the input');
	});

	test('of a stream that breaks off says where its beginning is, and what may help', async () => {
		const begun = frame({ choices: [{ index: 0, delta: { content: 'Hi' } }] });
		const { error } = await errorOf(eventStream([begun]), STREAMED);
		expect(error.message).toContain('broke off');
		expect(error.description).toContain("in the error's data");
		expect(error.description).toContain("'Stream' in 'Options'");
	});
});

describe('A request without an answer', () => {
	test('names the option Timeout if that was too short, and is not sent again', async () => {
		const form = { ...TEXT, requestOptions: { timeout: 600, maxRetries: 3 } };
		const { error, result } = await errorOf(hang(), form);
		expect(error.message).toBe('No complete answer came within 0.6 s [item 0]');
		expect(error.description).toContain("Raise 'Timeout' in 'Request Options'");
		expect(result.status).toBe('error');
		expect(gradient.server.requests).toHaveLength(1);
	});

	test.each([
		['before the headers', reset(), "Check 'Base URL' in the credential"],
		['within the body', halfThenReset(responses.text), 'may be billed all the same'],
	])('says that the connection was closed %s', async (_, answer, advice) => {
		const { error } = await errorOf(answer);
		expect(error.message).toContain('closed the connection before the whole answer had come');
		expect(error.description).toContain(advice);
		expect(error.name).toBe('NodeApiError');
	});

	test.each([504, 524])(
		'because a gateway gave up, HTTP %d, says to stream, and is not sent again',
		async (status) => {
			const { error } = await errorOf(json({ message: 'Gateway time-out' }, { status }), TEXT);
			expect(error.description).toContain('and be billed');
			expect(error.description).toContain("set 'Stream' in 'Options' to On");
			expect(error.httpCode).toBe(String(status));
			expect(gradient.server.requests).toHaveLength(1);
		},
	);

	test('says that the connection was refused', async () => {
		const credential = { baseUrl: 'http://127.0.0.1:1' };
		const { error } = await gradient.run(ONCE, { credential });
		expect(error?.message).toBe('No answer came: 127.0.0.1:1 refused the connection [item 0]');
	});
});

describe('Retries', () => {
	test('follow a server error, as often as Max Retries says', async () => {
		const answer = json({ message: 'Oops' }, { status: 503, headers: { 'retry-after-ms': '1' } });
		const { error } = await errorOf(answer, { ...TEXT, requestOptions: { maxRetries: 3 } });
		expect(gradient.server.requests).toHaveLength(4);
		expect(error.description).toContain('The request was sent 4 times, with ');
	});

	test('end with the first answer', async () => {
		gradient.server.answer([rateLimited({ 'retry-after-ms': '1' })]);
		const result = await gradient.run(TEXT);
		expect(result.json(NODE)[0].text).toBe('Echo: Hello');
		expect(gradient.server.bodies).toEqual([
			{ model: MODEL, input: 'Hello' },
			{ model: MODEL, input: 'Hello' },
		]);
	});

	test('do not follow a tool call that the server cannot read', async () => {
		await errorOf(errorBodies.unreadableCall, TEXT);
		expect(gradient.server.requests).toHaveLength(1);
	});

	test('do not follow a wrong request', async () => {
		await errorOf(errorBodies.contextLength, TEXT);
		expect(gradient.server.requests).toHaveLength(1);
	});
});

test('The key is nowhere in the run data of a success', async () => {
	const { run } = await gradient.run({ ...TEXT, simplify: false });
	expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
	expect(JSON.stringify(run)).not.toContain(API_KEY);
});

test('The key is nowhere in the run data of a failure, even if the server sends it back', async () => {
	for (const answer of [
		errorBodies.unauthorized,
		json({ error: { message: `Wrong key ${API_KEY}`, headers: API_KEY } }, { status: 401 }),
		raw(`<title>Key ${API_KEY}</title>`, 'text/html', { status: 500 }),
	]) {
		gradient.server.reset();
		const { result } = await errorOf(answer);
		expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
		expect(JSON.stringify(result.run)).not.toContain(API_KEY);
	}
});

test('An expression that fails is shown with its item, and nothing is sent', async () => {
	const form = { ...ONCE, prompt: "={{ $('Nobody').item.json.text }}" };
	const { error } = await gradient.run(form);
	expect(error?.name).toBe('NodeOperationError');
	expect(error?.message).toContain('[item 0]');
	expect(error?.message).toContain('exist');
	expect(gradient.server.requests).toEqual([]);
});

test('A credential that is not usable is refused before anything is sent', async () => {
	const { error } = await gradient.run(TEXT, { credential: { apiKey: ' ' } });
	expect(error?.name).toBe(NodeOperationError.name);
	expect(error?.message).toContain("'Model Access Key' in the credential is empty");
	expect(gradient.server.requests).toEqual([]);
});
