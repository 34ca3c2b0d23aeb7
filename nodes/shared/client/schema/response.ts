/**
 * What we read of a response body, and nothing more: every field may be missing, null or of another
 * type (the gateway, vLLM and the reference disagree), and then counts as not said. The body itself is
 * kept beside this as it came.
 */
import * as z from 'zod/v4';

import { lenient, lenientList, readableOf } from './lenient';

const text = lenient(z.string());
const count = lenient(z.number());

const part = z.object({ type: text, text, refusal: text });

const parts = lenient(
	z.union([
		z
			.string()
			.transform((whole): Array<z.infer<typeof part>> => [{ type: 'output_text', text: whole }]),
		readableOf(part),
	]),
);

export const outputItemSchema = z.object({
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

const usageSchema = z.object({
	input_tokens: count,
	output_tokens: count,
	total_tokens: count,
	prompt_tokens: count,
	completion_tokens: count,
	cache_read_input_tokens: count,
	input_tokens_details: lenient(z.object({ cached_tokens: count })),
	output_tokens_details: lenient(z.object({ reasoning_tokens: count, tool_output_tokens: count })),
	prompt_tokens_details: lenient(z.object({ cached_tokens: count })),
	completion_tokens_details: lenient(z.object({ reasoning_tokens: count })),
});

const choiceSchema = z.object({
	finish_reason: text,
	message: lenient(
		z.object({
			content: parts,
			reasoning_content: text,
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
	usage: lenient(usageSchema),
});

export type ResponseBody = z.infer<typeof responseBodySchema>;
export type OutputItem = z.infer<typeof outputItemSchema>;
export type UsageBody = z.infer<typeof usageSchema>;
export type Choice = z.infer<typeof choiceSchema>;
