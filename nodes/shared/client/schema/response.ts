/**
 * What we read of a response body, and nothing more: every field may be missing, null or of another
 * type (the gateway, vLLM and the reference disagree), and then counts as not said. The body itself is
 * kept beside this as it came.
 */
import * as z from 'zod/v4';

import { type JsonObject, isObject } from '../json';
import {
	lenientNumber as count,
	lenient,
	lenientList,
	readableOf,
	lenientText as text,
} from './lenient';

const part = z.object({ type: text, text, refusal: text });

const parts = lenient(
	z.union([
		z
			.string()
			.transform((whole): Array<z.infer<typeof part>> => [{ type: 'output_text', text: whole }]),
		readableOf(part),
	]),
);

const outputItemFields = z.object({
	type: text,
	id: text,
	status: text,
	call_id: text,
	name: text,
	arguments: lenient(z.union([z.string(), z.looseObject({})])),
	text,
	content: parts,
	summary: lenientList(part),
	encrypted_content: text,
});

/** With the item as it came: what goes back to the API should be what it sent. */
export const outputItemSchema = z
	.custom<JsonObject>(isObject)
	.transform((raw) => ({ ...outputItemFields.parse(raw), raw }));

const inputDetails = z.object({ cached_tokens: count, cache_write_tokens: count });

const usageSchema = z.object({
	input_tokens: count,
	output_tokens: count,
	total_tokens: count,
	prompt_tokens: count,
	completion_tokens: count,
	cache_read_input_tokens: count,
	cache_created_input_tokens: count,
	cache_creation_input_tokens: count,
	cache_creation: lenient(
		z.object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
	),
	input_tokens_details: lenient(inputDetails),
	output_tokens_details: lenient(z.object({ reasoning_tokens: count, tool_output_tokens: count })),
	prompt_tokens_details: lenient(inputDetails),
	completion_tokens_details: lenient(z.object({ reasoning_tokens: count })),
});

const choiceSchema = z.object({
	index: count,
	finish_reason: text,
	message: lenient(
		z.object({
			// text, or parts of several kinds: see chatContent.ts
			content: z.unknown(),
			refusal: text,
			reasoning_content: text,
			// vLLM's newer name; 124 of the recorded answers have it
			reasoning: text,
			annotations: lenientList(z.looseObject({})),
			tool_calls: lenientList(
				z.object({
					id: text,
					function: lenient(
						z.object({
							name: text,
							arguments: lenient(z.union([z.string(), z.looseObject({})])),
						}),
					),
				}),
			),
		}),
	),
});

export const responseBodySchema = z.object({
	id: text,
	model: text,
	created: count,
	created_at: count,
	status: text,
	error: z.unknown(),
	incomplete_details: lenient(z.object({ reason: text })),
	output: lenientList(outputItemSchema),
	choices: lenientList(choiceSchema),
	output_text: text,
	// the reference has both as texts; vLLM echoes objects of the request under these names
	text,
	reasoning: text,
	max_output_tokens: count,
	usage: lenient(usageSchema),
});

export type ResponseBody = z.infer<typeof responseBodySchema>;
export type OutputItem = z.infer<typeof outputItemSchema>;
export type UsageBody = z.infer<typeof usageSchema>;
export type Choice = z.infer<typeof choiceSchema>;
export type Part = z.infer<typeof part>;
