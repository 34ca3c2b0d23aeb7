import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeOf, perExecution } from './perExecution';

/**
 * Whether the node runs as the tool of an agent. All versions of n8n name the tool that they make of a node
 * after it. What n8n says itself is not enough: 1.123 and 2.0 say nothing, and 2.41 says no where the AI
 * Agent (3 and later) leaves its tools to the engine.
 */
export const isUsedAsTool = perExecution(
	(context: IExecuteFunctions) =>
		context.isToolExecution?.() === true || nodeOf(context).type.endsWith('Tool'),
);
