import * as z from 'zod/v4';

/** An entry of `GET /models`. Only the id counts; the rest is shown where it is there. */
export const modelSchema = z.looseObject({
	id: z.string().min(1),
	owned_by: z.string().nullish().catch(undefined),
	created: z.number().nullish().catch(undefined),
	context_length: z.number().nullish().catch(undefined),
	max_output_tokens: z.number().nullish().catch(undefined),
});

export type Model = z.infer<typeof modelSchema>;
