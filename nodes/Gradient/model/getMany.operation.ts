import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Connection } from '../../shared/host/connection';
import { invalidFields } from '../../shared/host/errors';
import type { Unit } from '../operation';

export const properties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

export const groupItems = (_context: IExecuteFunctions, count: number): number[][] =>
	Array.from({ length: count }, (_, index) => [index]);

export const readLimits = () => ({ maxConcurrentRequests: 1 });

/** The models of the catalogue, sorted by ID, as the API describes them, and the control plane where it may be asked. */
export async function execute(
	this: IExecuteFunctions,
	{ items: [item] }: Unit,
	{ listModels, signal }: Connection,
): Promise<IDataObject[][]> {
	const returnAll = this.getNodeParameter('returnAll', item, false) as boolean;
	const limit = returnAll ? Infinity : (this.getNodeParameter('limit', item, 50) as number);
	if (!(limit >= 1))
		throw invalidFields(this.getNode(), ["'Limit' must be a number of at least 1"]);

	const models = await listModels({ signal });
	return [models.slice(0, limit) as unknown as IDataObject[]];
}
