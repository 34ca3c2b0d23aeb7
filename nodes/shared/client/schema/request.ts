/**
 * The request body of `POST /v1/responses`, as the API reference gives it. Keys that the reference
 * does not have are legal everywhere and pass through: the official clients' types are open too.
 */
import * as z from 'zod/v4';

const text = z.string();
const idText = z.string().min(1);

/** Blank text costs a request and answers nothing: refused before it is sent. */
const filledText = z.string().refine((value) => value.trim() !== '', { error: 'is empty' });

/** A rule between fields is checked also where another field is wrong, so that all is listed at once. */
const alsoWhenInvalid = ({ value }: { value: unknown }) => typeof value === 'object' && !!value;

const reasoningPart = z.looseObject({
	type: z.literal('reasoning_text').optional(),
	text: text.optional(),
});

const itemFields = {
	id: text.nullish(),
	status: text.nullish(),
	encrypted_content: text.nullish(),
};

export const functionCallSchema = z.looseObject({
	...itemFields,
	type: z.literal('function_call'),
	call_id: idText,
	name: idText,
	arguments: text,
});

export const functionCallOutputSchema = z.looseObject({
	...itemFields,
	type: z.literal('function_call_output'),
	call_id: idText,
	output: text,
});

export const reasoningSchema = z.looseObject({
	...itemFields,
	type: z.literal('reasoning'),
	content: z.array(reasoningPart).nullish(),
	summary: z.array(z.looseObject({})).nullish(),
});

/** `input_text`, or any other part: the reference types those as an open map. */
const contentPart = z
	.looseObject({ type: z.unknown().optional() })
	.refine((part) => part.type !== 'input_text' || typeof part.text === 'string', {
		path: ['text'],
		error: 'must be text',
	});

export const messageSchema = z
	.looseObject({
		type: z.literal('message').optional(),
		role: z.enum(['user', 'assistant', 'system', 'developer', 'tool']).optional(),
		content: z.union([text, z.array(contentPart)], { error: 'must be text or a list of parts' }),
		tool_call_id: idText.optional(),
		tool_calls: z
			.array(
				z.looseObject({
					id: idText,
					type: z.literal('function'),
					function: z.looseObject({ name: idText, arguments: text }),
				}),
			)
			.optional(),
	})
	.refine((message) => message.role !== 'tool' || message.tool_call_id !== undefined, {
		path: ['tool_call_id'],
		error: "is required for the role 'tool'",
		when: alsoWhenInvalid,
	});

const knownItemSchema = z.discriminatedUnion(
	'type',
	[functionCallSchema, functionCallOutputSchema, reasoningSchema, messageSchema],
	{ error: 'must be text' },
);

const KNOWN_TYPES = ['function_call', 'function_call_output', 'reasoning', 'message'];

/** The API has some thirty types by now (openai 7.59.0), and servers their own: what we do not know is theirs to judge. */
const otherItemSchema = z.looseObject({
	type: z.string().refine((type) => !KNOWN_TYPES.includes(type)),
});

/** Typed as what we know: others are only handed on. */
export const inputItemSchema = z.union([knownItemSchema, otherItemSchema], {
	error: 'must be an object',
}) as unknown as z.ZodType<InputItem>;

const jsonObject = z.record(z.string(), z.unknown());

/** Tools that the API is known to run itself, beside functions; it has others, and gets more (openai 7.59.0 has 16). */
export const TOOL_TYPES = [
	'function',
	'web_search',
	'web_search_2025_08_26',
	'web_fetch',
	'knowledge_base_retrieval',
	'mcp',
	'model_synthesis',
	'tool_search',
];

const textList = z.array(text);
const positive = z.int().min(1);

/** A field that tools of one type cannot do without. */
const needs =
	(type: string, field: string) =>
	(tool: Record<string, unknown>): boolean =>
		tool.type !== type || (typeof tool[field] === 'string' && tool[field] !== '');

/** What is said of it, where it is missing. */
const required = (field: string) => ({
	path: [field],
	error: 'is required',
	when: alsoWhenInvalid,
});

/** DigitalOcean, 2026-06: at most five searches. Of fetches, no limit is known. */
const isFewSearches = ({ type, max_uses: uses }: { type: string; max_uses?: number }) =>
	type !== 'web_search' || uses === undefined || uses <= 5;

export const toolSchema = z
	.looseObject({
		type: idText,
		name: z
			.string()
			.regex(/^[a-zA-Z0-9_-]{1,64}$/, {
				error: 'must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash',
			})
			.optional(),
		description: text.optional(),
		parameters: jsonObject.optional(),
		defer_loading: z.boolean().optional(),
		max_uses: positive.optional(),
		max_results: positive.max(10).optional(),
		knowledge_base_id: text.optional(),
		server_label: text.optional(),
		server_url: text.optional(),
		authorization: text.optional(),
		allowed_tools: z.unknown().optional(),
		preset: text.optional(),
		model: text.optional(),
		analysis_models: textList.optional(),
		reasoning_effort: text.optional(),
		max_tool_calls: positive.optional(),
		max_tokens: positive.optional(),
		allowed_domains: textList.optional(),
		blocked_domains: textList.optional(),
	})
	.refine((tool) => tool.type !== 'function' || tool.name !== undefined, required('name'))
	.refine(needs('knowledge_base_retrieval', 'knowledge_base_id'), required('knowledge_base_id'))
	.refine(needs('mcp', 'server_label'), required('server_label'))
	.refine(needs('mcp', 'server_url'), required('server_url'))
	.refine(isFewSearches, { path: ['max_uses'], error: 'must be at most 5' });

const toolChoiceSchema = z.union(
	[
		z.enum(['none', 'auto', 'required']),
		z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: idText }) }),
	],
	{ error: 'must be none, auto, required, or name a function' },
);

const stopSequence = z.string().min(1);

const metadataSchema = z
	.record(
		z.string().max(64, { error: 'has a name of more than 64 characters' }),
		z.string().max(512),
	)
	.refine((metadata) => Object.keys(metadata).length <= 16, {
		error: 'must have at most 16 entries',
	});

export const responseRequestSchema = z.looseObject({
	model: filledText,
	input: z.union([filledText, z.array(inputItemSchema).min(1)]),
	instructions: text.nullish(),
	max_output_tokens: z.int().min(1).nullish(),
	max_tokens: z.int().min(0).nullish(),
	metadata: metadataSchema.nullish(),
	modalities: z.array(z.literal('text')).nullish(),
	parallel_tool_calls: z.boolean().nullish(),
	prompt_cache_key: text.nullish(),
	// in_memory and 24h are known (DigitalOcean, 2026-07)
	prompt_cache_retention: text.nullish(),
	reasoning: z
		.looseObject({
			// which words there are depends on the model: none, minimal, low, medium, high, xhigh, max are known
			effort: text.nullish(),
			max_tokens: z.int().min(1).nullish(),
			summary: text.nullish(),
		})
		.nullish(),
	stop: z.union([stopSequence, z.array(stopSequence).min(1).max(4)]).nullish(),
	stream: z.boolean().nullish(),
	stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	tool_choice: toolChoiceSchema.optional(),
	tools: z.array(toolSchema).nullish(),
	top_p: z.number().min(0).max(1).nullish(),
	user: text.nullish(),
});

export type InputItem = z.infer<typeof knownItemSchema>;
export type ResponseRequest = z.infer<typeof responseRequestSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Tool = z.infer<typeof toolSchema>;
