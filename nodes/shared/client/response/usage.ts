import type { UsageBody } from '../schema/response';

/** Tokens. null: the API did not say. A 0 was said, but does not prove that there were none. */
export interface Usage {
	input_tokens: number | null;
	/** Of the input, read from the cache. */
	cached_tokens: number | null;
	/** Of the input, written to the cache, which some models charge for. */
	cache_write_tokens: number | null;
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
		cache_write_tokens: cacheWrites(usage),
		output_tokens: output,
		reasoning_tokens:
			outputDetails?.reasoning_tokens ?? usage?.completion_tokens_details?.reasoning_tokens ?? null,
		tool_output_tokens: outputDetails?.tool_output_tokens ?? null,
		total_tokens: usage?.total_tokens ?? sum,
	};
}

/** In one number, or one for each time that the cache lives (5 minutes, an hour). */
function cacheWrites(usage: UsageBody | null | undefined): number | null {
	const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } =
		usage?.cache_creation ?? {};
	const said = [
		usage?.input_tokens_details?.cache_write_tokens,
		usage?.prompt_tokens_details?.cache_write_tokens,
		usage?.cache_created_input_tokens,
		usage?.cache_creation_input_tokens,
		typeof short === 'number' || typeof long === 'number' ? (short ?? 0) + (long ?? 0) : null,
	].filter((count) => typeof count === 'number');
	// the same tokens under several names; a 0 beside a number is a field that was not filled in
	return said.length > 0 ? Math.max(...said) : null;
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
