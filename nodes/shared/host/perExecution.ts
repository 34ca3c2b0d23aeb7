import type { IExecuteFunctions, ISupplyDataFunctions } from 'n8n-workflow';

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
