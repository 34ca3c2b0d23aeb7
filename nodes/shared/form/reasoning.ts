import type { JsonObject } from '../client/json';
import { asScalar, asText, isUnset } from './values';

/** The API's names of the fields, within `reasoning`. */
export const REASONING_KEYS = {
	reasoningEffort: 'effort',
	reasoningBudget: 'max_tokens',
	reasoningSummary: 'summary',
} as const;

/** `reasoning` of the request; `{}` where the user added none of its fields. */
export function buildReasoning({
	reasoningEffort,
	reasoningBudget,
	reasoningSummary,
}: Record<string, unknown>): JsonObject {
	const reasoning = {
		...(!isUnset(reasoningEffort) && { effort: asText(reasoningEffort).trim() }),
		...(!isUnset(reasoningBudget) && { max_tokens: asScalar(reasoningBudget) }),
		...(!isUnset(reasoningSummary) && { summary: asText(reasoningSummary).trim() }),
	};
	return Object.keys(reasoning).length > 0 ? { reasoning } : {};
}
