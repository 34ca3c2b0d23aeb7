import type { IExecuteFunctions, INode, ISupplyDataFunctions } from 'n8n-workflow';

/** Of a node, or of a sub-node. */
export type Context = IExecuteFunctions | ISupplyDataFunctions;

/** What holds for a whole execution is found out once: n8n looks anew for each item, and that takes time. */
export function perExecution<C extends Context, T>(find: (context: C) => T) {
	const found = new WeakMap<C, T>();
	return (context: C): T => {
		if (!found.has(context)) found.set(context, find(context));
		return found.get(context) as T;
	};
}

/** The node as it is in the workflow; not to be changed. n8n copies all of it for each who asks. */
export const nodeOf: (context: Context) => Readonly<INode> = perExecution((context: Context) =>
	context.getNode(),
);
