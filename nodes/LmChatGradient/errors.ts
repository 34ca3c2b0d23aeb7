import type { INode } from 'n8n-workflow';

import { type NodeError, toNodeError } from '../Gradient/errors';

/** What the Gradient node's form has and this one has not, and what to say instead. */
const OTHER_WORDS: Array<[string, string]> = [
	["lower 'Max Concurrent Requests', or raise", 'raise'],
	["set 'Stream' in 'Options' to Off", "turn off 'Enable Streaming' in the options of the agent"],
];

/** Any failure as one of n8n's two errors, in the words of this node's form. */
export function toChatModelError(node: INode, cause: unknown): NodeError {
	const error = toNodeError(node, cause);
	for (const [words, others] of OTHER_WORDS) {
		error.description = error.description?.replace(words, others);
	}
	return error;
}
