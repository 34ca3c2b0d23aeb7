import * as z from 'zod/v4';

import { lenient } from './lenient';

/** An entry of `GET /models`. Only the id counts; the rest is shown where it is there. */
export const modelSchema = z.looseObject({
	id: z.string().min(1),
	owned_by: lenient(z.string()),
	created: lenient(z.number()),
	context_length: lenient(z.number()),
	max_output_tokens: lenient(z.number()),
});

export type Model = z.infer<typeof modelSchema>;
