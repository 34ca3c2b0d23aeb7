import type { IExecuteFunctions } from 'n8n-workflow';

import { type JsonObject, isObject } from '../../shared/client/json';

/**
 * The item of an earlier node that an incoming item comes from, by n8n's item links.
 * @param index of the incoming item
 * @returns undefined where no link leads to that node, or more than one: n8n throws then
 */
export function linkedItem(
	context: IExecuteFunctions,
	index: number,
	node: string,
): JsonObject | undefined {
	try {
		const proxy = context.getWorkflowDataProxy(index) as unknown as {
			$(name: string): { item?: { json?: unknown } };
		};
		const json = proxy.$(node).item?.json;
		return isObject(json) ? json : undefined;
	} catch {
		return undefined;
	}
}
