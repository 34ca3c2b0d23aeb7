/** Every error envelope that the inference gateway, the control plane and vLLM are known to send. */
import { json, raw, type Answer } from './answers';

/** Control plane: `{id, message, request_id}`. */
const controlPlane = (status: number, id: string, message: string, headers?: Answer['headers']) =>
	json({ id, message, request_id: '0c5e7c1a-6c0e-4f3f-9b5c-1f2f6a1f0f7d' }, { status, headers });

/** Inference gateway: the status is in the body too. */
const gateway = (status: number, type: string, message: string) =>
	json({ error: { message, type }, status_code: status }, { status });

/** OpenAI's and vLLM's form. */
const openAi = (
	status: number,
	type: string,
	message: string,
	rest: { code?: string | number | null; param?: string | null } = {},
) => json({ error: { message, type, code: null, param: null, ...rest } }, { status });

const MAINTENANCE = `<!DOCTYPE html>
<html lang="en"><head><title>DigitalOcean - Maintenance</title></head>
<body><h1>We&#39;ll be right back</h1></body></html>`;

const maintenance = (status: number) => raw(MAINTENANCE, 'text/html; charset=utf-8', { status });

export const errorBodies = {
	unauthorized: controlPlane(401, 'unauthorized', 'Unable to authenticate you.'),
	forbidden: controlPlane(403, 'forbidden', 'You are not allowed to do that.'),
	tooManyRequests: controlPlane(429, 'too_many_requests', 'API rate limit exceeded.'),
	controlPlaneServerError: controlPlane(500, 'server_error', 'Unexpected server-side error'),
	unprocessable: controlPlane(422, 'unprocessable_entity', 'input is invalid'),

	modelNotInAccount: gateway(
		403,
		'forbidden_error',
		'this model is not available for your account',
	),
	modelNotInTier: gateway(
		403,
		'forbidden_error',
		'this model is not available for your subscription tier',
	),
	wrongKindOfModel: gateway(404, 'not_found_error', 'this model is not a audio model'),
	notProcessed: gateway(400, 'invalid_request_error', 'the request could not be processed'),
	/** Also said of a payload that is too large. */
	invalidBody: gateway(400, 'invalid_request_error', 'invalid request body'),

	unknownResponse: openAi(404, 'not_found_error', "Response with id 'resp_1' not found.", {
		param: 'response_id',
	}),
	unknownModel: openAi(404, 'not_found_error', 'The model `nope` does not exist.', {
		code: 404,
		param: 'model',
	}),
	contextLength: openAi(
		400,
		'BadRequestError',
		"This model's maximum context length is 262144 tokens. However, you requested 300000 tokens.",
		{ code: 400, param: 'input' },
	),
	/** vLLM dumps its whole validation report. */
	hugeMessage: openAi(
		400,
		'BadRequestError',
		`3 validation errors: ${"{'type': 'missing', 'loc': ('body', 'input')} ".repeat(500)}`,
		{ code: 400 },
	),
	vllmServerError: openAi(500, 'InternalServerError', 'Internal server error', { code: 500 }),

	/** A wrong base URL, an unrouted path. */
	maintenance404: maintenance(404),
	maintenance400: maintenance(400),
	maintenance503: maintenance(503),
	/** The most treacherous: HTML and 200. */
	maintenance200: maintenance(200),

	overloaded: raw('Platform overloaded', 'text/plain', { status: 429 }),
	minimal: json({ error: { message: 'Something went wrong' } }, { status: 500 }),
	emptyBody: raw('', 'text/plain', { status: 502 }),
	olderVllm: json(
		{ object: 'error', message: 'bad input', type: 'BadRequestError', code: 400 },
		{ status: 400 },
	),
	fastApiText: json({ detail: 'Not Found' }, { status: 404 }),
	fastApiList: json(
		{ detail: [{ loc: ['body', 'model'], msg: 'Field required', type: 'missing' }] },
		{ status: 422 },
	),
	/** transformers serve, for a tool_choice that is neither a word nor names a function. */
	fastApiUnion: json(
		{
			detail: [
				{
					loc: ['body', 'tool_choice', "literal['none','auto','required']"],
					msg: "Input should be 'none', 'auto' or 'required'",
					type: 'literal_error',
				},
				{
					loc: ['body', 'tool_choice', 'ToolChoiceFunction', 'name'],
					msg: 'Field required',
					type: 'missing',
				},
				{ loc: ['body', 'input', 'str'], msg: 'Input should be a valid string' },
			],
		},
		{ status: 422 },
	),
	/** vLLM 0.32, for a message of the role tool: each branch of each union has its errors. */
	validationReport: openAi(
		400,
		'Bad Request',
		`232 validation errors:
  {'type': 'string_type', 'loc': 'body.input', 'msg': 'Input should be a valid string', 'input': '<list of 2 items>'}
  {'type': 'literal_error', 'loc': 'body.input.0.EasyInputMessageParam.role', 'msg': "Input should be 'user', 'assistant', 'system' or 'developer'", 'input': 'tool', 'ctx': {'expected': "'user', 'assistant', 'system' or 'developer'"}}
  {'type': 'list_type', 'loc': 'body.input.0.Message.content', 'msg': 'Input should be a valid list', 'input': '21 degrees'}
  ...and 229 more errors`,
		{ code: 400, param: 'body.input' },
	),
	/** vLLM, for a wrong key. */
	errorWord: json({ error: 'Unauthorized' }, { status: 401 }),
	/** OpenAI's models. */
	contextWindow: openAi(
		400,
		'invalid_request_error',
		'Your input exceeds the context window of this model. Please adjust your input and try again.',
		{ code: 'context_length_exceeded', param: 'input' },
	),
	/** llama-server. */
	contextSize: openAi(
		400,
		'exceed_context_size_error',
		'request (900 tokens) exceeds the available size (512 tokens), try increasing it',
	),
	/** Prepaid since 2026-06-29; the words and the status are not documented. */
	noBalance402: gateway(402, 'payment_error', 'Your prepaid balance is used up.'),
	noBalance403: gateway(403, 'forbidden_error', 'insufficient balance: add funds to continue'),
	suspended403: controlPlane(403, 'forbidden', 'This account is suspended.'),
	noBalance429: openAi(429, 'insufficient_quota', 'You exceeded your current quota.', {
		code: 'insufficient_quota',
	}),
	/** Six models of the catalogue, for a forced call. */
	unreadableCall: openAi(500, 'server_error', 'Failed to parse tool call arguments'),
	/** A Python server whose code looked for a key. */
	keyError: json({ detail: "'arguments'" }, { status: 500 }),
	/** OpenAI's models, for an earlier response. */
	unknownEarlierResponse: openAi(
		400,
		'invalid_request_error',
		"Previous response with id 'resp_1' not found.",
		{ code: 'previous_response_not_found', param: 'previous_response_id' },
	),

	/** JSON by its header, not by its content. */
	brokenJson: raw('{"error": {"message": "cut', 'application/json', { status: 500 }),
	/** Not documented: a plain control-plane envelope is assumed. */
	paymentRequired: controlPlane(402, 'payment_required', 'Payment is required.'),
	/** Never followed: the key would travel. */
	redirect: raw('', 'text/plain', {
		status: 308,
		headers: { location: 'https://elsewhere.invalid/v1/responses' },
	}),
} satisfies Record<string, Answer>;

/**
 * A 429 with headers: `retry-after` and the like as given, or the quota's three request headers.
 * @param headers what DigitalOcean sends beside the body
 */
export const rateLimited = (headers: Answer['headers'] = {}): Answer =>
	controlPlane(429, 'too_many_requests', 'API rate limit exceeded.', headers);

/** The `*-requests` headers of a request-rate 429; the reset is in seconds from now. */
export const requestQuota = (resetInSeconds: number): Record<string, string> => ({
	'x-ratelimit-limit-requests': '120',
	'x-ratelimit-remaining-requests': '0',
	'x-ratelimit-reset-requests': String(Math.round(Date.now() / 1000) + resetInSeconds),
});
