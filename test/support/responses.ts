/**
 * Bodies of `POST /v1/responses` as DigitalOcean documents them, as they were seen live, and as vLLM
 * (which serves the hosted models) is known to send them. Names say what is special.
 */
import type { IDataObject } from 'n8n-workflow';

export type ResponseBody = IDataObject & { output?: IDataObject[] };

export const MODEL = 'openai-gpt-oss-20b';

export const usage = {
	input_tokens: 72,
	input_tokens_details: { cached_tokens: 32 },
	output_tokens: 35,
	output_tokens_details: { reasoning_tokens: 17, tool_output_tokens: 0 },
	total_tokens: 107,
};

/** A message item with one `output_text` part. */
export const message = (text: string, extra: IDataObject = {}): IDataObject => ({
	type: 'message',
	id: 'msg_1',
	role: 'assistant',
	status: 'completed',
	content: [{ type: 'output_text', text }],
	...extra,
});

/** `args` is sent as it is, so that it can be broken JSON. */
export const functionCall = (
	name: string,
	args: string,
	callId = 'call_1',
	extra: IDataObject = {},
): IDataObject => ({
	type: 'function_call',
	id: `fc_${callId}`,
	call_id: callId,
	name,
	arguments: args,
	status: 'completed',
	...extra,
});

export const reasoning = (text: string, extra: IDataObject = {}): IDataObject => ({
	type: 'reasoning',
	id: 'rs_1',
	summary: [],
	content: [{ type: 'reasoning_text', text }],
	...extra,
});

/** A completed response with these output items. */
export const responseOf = (output: IDataObject[], extra: IDataObject = {}): ResponseBody => ({
	id: 'resp_1f2e3d4c5b6a7988',
	object: 'response',
	created: 1795290338,
	model: MODEL,
	status: 'completed',
	output,
	usage,
	...extra,
});

export const textResponse = (text: string, extra: IDataObject = {}): ResponseBody =>
	responseOf([message(text)], extra);

/** The text of `responses.text`. */
export const PARIS = 'The capital of France is **Paris**.';

export const responses = {
	/** The ordinary case. */
	text: textResponse(PARIS),
	/** DigitalOcean's how-to for gpt-oss: items without `type`, no id, no status. */
	typelessItems: {
		output: [
			{ content: [{ text: 'We need to answer…', type: 'reasoning_text' }] },
			{ content: [{ text: PARIS, type: 'output_text' }] },
		],
		usage,
	},
	/** API reference (gradient-typescript): a `text` item. */
	textItem: responseOf([{ type: 'text', text: PARIS }]),
	/** API reference (gradient-typescript): chat-like `choices`, `output` is optional. */
	choices: {
		id: 'resp_1',
		object: 'response',
		created: 1795290338,
		model: MODEL,
		choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: PARIS } }],
		usage,
	},
	/** `choices` with a call in the chat form. */
	choicesToolCall: {
		id: 'resp_1',
		object: 'response',
		created: 1795290338,
		model: MODEL,
		choices: [
			{
				index: 0,
				finish_reason: 'tool_calls',
				message: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: 'call_1',
							type: 'function',
							function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
						},
					],
				},
			},
		],
		usage,
	},
	/** pydo's sample: `created_at`, an id with a dash, usage without details. */
	createdAt: {
		id: 'resp-abc123',
		object: 'response',
		created_at: 1700002000,
		model: MODEL,
		output: [message('Hello.', { id: 'msg-001' })],
		usage: { input_tokens: 12, output_tokens: 15, total_tokens: 27 },
	},
	createdAtFloat: textResponse(PARIS, { created: undefined, created_at: 1795290338.25 }),
	nullUsage: textResponse(PARIS, { usage: null }),
	emptyUsageDetails: textResponse(PARIS, {
		usage: { ...usage, input_tokens_details: {}, output_tokens_details: null },
	}),
	/** Chat names, with the cache fields of the SDK's stream chunks. */
	chatUsage: textResponse(PARIS, {
		usage: {
			prompt_tokens: 72,
			completion_tokens: 35,
			total_tokens: 107,
			cache_created_input_tokens: 0,
			cache_read_input_tokens: 32,
			cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
		},
	}),
	/** vLLM#23007: all zero although text was generated. */
	zeroUsage: textResponse(PARIS, {
		usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
	}),
	emptyIds: responseOf([message(PARIS, { id: '', role: '' })], { id: '', model: '' }),
	/** What vLLM adds: null keys on items, parts and the response; objects where the reference says string. */
	extraNulls: responseOf(
		[
			reasoning('Thinking.', { status: null, encrypted_content: null }),
			message(PARIS, {
				phase: null,
				content: [{ type: 'output_text', text: PARIS, annotations: [], logprobs: null }],
			}),
		],
		{
			error: null,
			incomplete_details: null,
			instructions: null,
			metadata: null,
			kv_transfer_params: null,
			previous_response_id: null,
			prompt: null,
			reasoning: { effort: null, summary: null },
			text: { format: { type: 'text' } },
			tool_choice: { type: 'function', name: 'get_weather' },
			usage: { ...usage, input_tokens_per_turn: [72], output_tokens_per_turn: [35] },
		},
	),
	/** gpt-oss preambles arrive as messages of their own; texts join without separator. */
	severalMessages: responseOf([
		message('Part 1. '),
		message('Part 2.', { id: 'msg_2' }),
		message('', { id: 'msg_3', content: [] }),
	]),
	severalParts: responseOf([
		message('', {
			content: [
				{ type: 'output_text', text: 'Part 1. ' },
				{ type: 'output_text', text: 'Part 2.' },
			],
		}),
	]),
	refusal: responseOf([
		message('', { content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] }),
	]),
	/** Item and part types that no reference lists. */
	unknownItems: responseOf([
		{ type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
		{ type: 'something_new', payload: { deep: true } },
		message('', {
			content: [
				{ type: 'future_part', text: 'not the answer' },
				{ type: 'output_text', text: PARIS },
			],
		}),
	]),
	/** Only the top level has the text. */
	topLevelText: responseOf([], { output_text: PARIS }),
	withReasoning: responseOf([reasoning('The user wants a capital.'), message(PARIS)]),
	functionCall: responseOf([functionCall('get_weather', '{"city":"Paris"}')]),
	textAndFunctionCalls: responseOf([
		message('Let me look.'),
		functionCall('get_weather', '{"city":"Paris"}'),
		functionCall('get_weather', '{"city":"Rome"}', 'call_2'),
	]),
	/** OAS: `content` is "required" and null on calls; vLLM's harmony path has `id: null`, extra keys. */
	functionCallWithNulls: responseOf([
		functionCall('get_weather', '{"city":"Paris"}', 'call_1', {
			id: null,
			content: null,
			role: null,
			caller: null,
			namespace: null,
		}),
	]),
	/** The budget ended within the arguments. */
	brokenArguments: responseOf([functionCall('get_weather', '{"city":"Par')], {
		status: 'incomplete',
		incomplete_details: { reason: 'max_output_tokens' },
	}),
	emptyArguments: responseOf([functionCall('get_time', '')]),
	incomplete: responseOf([message('The capital of', { status: 'incomplete' })], {
		status: 'incomplete',
		incomplete_details: { reason: 'max_output_tokens' },
	}),
	/** Reasoning spent the whole budget: no text at all. */
	incompleteAfterReasoning: responseOf([reasoning('We need to think about')], {
		status: 'incomplete',
		incomplete_details: { reason: 'max_output_tokens' },
	}),
	/** HTTP 200, and yet a failure. */
	failed: responseOf([], {
		status: 'failed',
		error: { code: 'server_error', message: 'The model failed to generate a response.' },
		usage: null,
	}),
	/** HTTP 200 with nothing but an error. */
	errorInBody: {
		error: { message: 'Engine core is dead.', type: 'InternalServerError', param: null, code: 500 },
	},
	emptyOutput: responseOf([]),
	noOutput: { id: 'resp_1', object: 'response', created: 1795290338, model: MODEL },
} satisfies Record<string, ResponseBody>;

/** `GET /v1/models`: the whole catalogue, without a hint of what a model is for. */
export const models = {
	object: 'list',
	data: [
		[MODEL, 131_072],
		['openai-gpt-oss-120b', 131_072],
		['kimi-k2.6', 262_144],
		['llama3.3-70b-instruct', 128_000],
		['deepseek-v4-pro', 87_040],
		['router:balanced', undefined],
		['qwen3-embedding-0.6b', 8_000],
		['stable-diffusion-3.5-large', undefined],
	].map(([id, context_length]) => ({
		id,
		object: 'model',
		created: 1752255238,
		owned_by: 'digitalocean',
		context_length,
	})),
};
