import type { INode, ISupplyDataFunctions } from 'n8n-workflow';

/** Different ones: models may make up as many names as they like. */
const LIMIT = 100;

/** Says once in an execution, beside the output of the sub-node and in the log of the server, what a user should know. */
export function notesOf(context: ISupplyDataFunctions, { name }: INode, said: Set<string>) {
	return (message: string) => {
		if (said.has(message) || said.size >= LIMIT) return;
		said.add(message);
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		context.logger.warn(`${name}: ${message}`);
	};
}
