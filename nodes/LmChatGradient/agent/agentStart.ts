import type { IExecuteData, INode, ISupplyDataFunctions } from 'n8n-workflow';

/** What n8n knows of a start, beyond the types of its interface. */
interface Started {
	parentNode?: INode;
	getExecuteData?(): IExecuteData;
}

/** The node that asked for the model. */
export const nameOfParent = (context: ISupplyDataFunctions) =>
	(context as Started).parentNode?.name;

/**
 * n8n's agent (3 and later) ends where the model calls tools; n8n runs them, and starts it anew with what they gave.
 * @returns what tells this start of the agent from the others; '' for the first one, and where n8n does not say
 */
export function startOf(context: ISupplyDataFunctions): string {
	const { node, metadata } = (context as Started).getExecuteData?.() ?? {};
	// the agent may be the tool of one that was started anew
	if (!metadata?.nodeWasResumed || node?.name !== nameOfParent(context)) return '';
	const { actions = [] } = metadata.subNodeExecutionData ?? {};
	return JSON.stringify(actions.map(({ action }) => action.id));
}
