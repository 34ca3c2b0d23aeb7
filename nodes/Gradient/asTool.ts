import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether the node runs as the tool of an agent. n8n 1.123 and 2.0 do not say so, but all versions name the
 * tool that they make of a node after it.
 */
export const isUsedAsTool = (context: IExecuteFunctions): boolean =>
	context.isToolExecution?.() ?? context.getNode().type.endsWith('Tool');
