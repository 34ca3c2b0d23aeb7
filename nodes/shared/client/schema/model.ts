import * as z from 'zod/v4';

import { lenientNumber, lenientText } from './lenient';

/** An entry of `GET /models`. Only the id counts; the rest is shown where it is there. */
export const modelSchema = z.looseObject({
	id: z.string().min(1),
	owned_by: lenientText,
	created: lenientNumber,
	context_length: lenientNumber,
	max_output_tokens: lenientNumber,
});

export type Model = z.infer<typeof modelSchema>;
