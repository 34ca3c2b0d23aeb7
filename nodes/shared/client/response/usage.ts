import type { UsageBody } from '../schema/response';

/** Tokens. null: the API did not say. A 0 was said, but does not prove that there were none. */
export interface Usage {
	input_tokens: number | null;
	cached_tokens: number | null;
	output_tokens: number | null;
	reasoning_tokens: number | null;
	tool_output_tokens: number | null;
	total_tokens: number | null;
}

/** Reads the names of the Responses API and those of chat completions, which also occur. */
export function readUsage(usage: UsageBody | null | undefined): Usage {
	const input = usage?.input_tokens ?? usage?.prompt_tokens ?? null;
	const output = usage?.output_tokens ?? usage?.completion_tokens ?? null;
	const sum = input === null && output === null ? null : (input ?? 0) + (output ?? 0);
	const outputDetails = usage?.output_tokens_details;
	return {
		input_tokens: input,
		cached_tokens:
			usage?.input_tokens_details?.cached_tokens ??
			usage?.prompt_tokens_details?.cached_tokens ??
			usage?.cache_read_input_tokens ??
			null,
		output_tokens: output,
		reasoning_tokens:
			outputDetails?.reasoning_tokens ?? usage?.completion_tokens_details?.reasoning_tokens ?? null,
		tool_output_tokens: outputDetails?.tool_output_tokens ?? null,
		total_tokens: usage?.total_tokens ?? sum,
	};
}

/** What two responses used together; null where neither said. */
export function addUsage(one: Usage, other: Usage): Usage {
	const sum = { ...one };
	for (const key of Object.keys(one) as Array<keyof Usage>) {
		const [first, second] = [one[key], other[key]];
		sum[key] = first === null && second === null ? null : (first ?? 0) + (second ?? 0);
	}
	return sum;
}
