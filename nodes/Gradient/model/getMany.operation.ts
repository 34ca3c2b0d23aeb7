import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import type { OutputItem, Unit } from '../operation';

export const groupItems = (_context: IExecuteFunctions, count: number): number[][] =>
	Array.from({ length: count }, (_, index) => [index]);

export const readLimits = () => ({ maxConcurrentRequests: 1 });

/** The models of the catalogue, sorted by ID, as the API describes them. */
export async function execute(
	this: IExecuteFunctions,
	{ items: [item] }: Unit,
	{ listModels, signal }: Connection,
): Promise<OutputItem[][]> {
	const returnAll = this.getNodeParameter('returnAll', item, false) as boolean;
	const limit = returnAll ? Infinity : (this.getNodeParameter('limit', item, 50) as number);
	if (!(limit >= 1))
		throw invalidFields(this.getNode(), ["'Limit' must be a number of at least 1"]);

	const models = await listModels({ signal });
	return [models.slice(0, limit).map((model) => ({ json: model as unknown as IDataObject }))];
}
