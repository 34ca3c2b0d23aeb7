import pMap from 'p-map';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';

import { linkedController } from './client/abort';
import { type Connection, connect } from './connection';
import { type NodeError, toNodeError } from './errors';
import * as getMany from './model/getMany.operation';
import * as create from './response/create.operation';

/** What an operation file gives beside its properties. A unit is the items that share a request. */
interface Operation {
	groupItems(context: IExecuteFunctions, count: number): number[][];
	readLimits(context: IExecuteFunctions): {
		maxConcurrentRequests?: number;
		delayBetweenRequests?: number;
	};
	execute(this: IExecuteFunctions, unit: number[], connection: Connection): Promise<IDataObject[]>;
}

const OPERATIONS: Record<string, Operation> = {
	'response/create': create,
	'model/getMany': getMany,
};

const DEFAULT_CONCURRENCY = 5;

/**
 * Runs the chosen operation for all items: a few units at a time, the output in their order, each item
 * linked to its source. The first failure ends the execution, unless the node continues on fail.
 */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0) as string;
	const operation = OPERATIONS[`${resource}/${this.getNodeParameter('operation', 0) as string}`];
	const units = operation.groupItems(this, this.getInputData().length);
	const limits = operation.readLimits(this);
	const stop = linkedController(this.getExecutionCancelSignal?.());
	const connection = await connect(this, { ...limits, signal: stop.signal }).catch((error) => {
		throw toNodeError(this.getNode(), error);
	});
	try {
		const outputs = await pMap(
			units,
			async (unit) => await run(this, operation, unit, connection),
			{
				concurrency: Math.floor(limits.maxConcurrentRequests ?? DEFAULT_CONCURRENCY),
			},
		);
		return [outputs.flat()];
	} finally {
		// what is still in flight after a failure would only be paid for
		stop.abort();
		stop.unlink();
		await connection.close();
	}
}

async function run(
	context: IExecuteFunctions,
	operation: Operation,
	unit: number[],
	connection: Connection,
): Promise<INodeExecutionData[]> {
	const links = unit.map((item) => ({ item }));
	const pairedItem = links.length === 1 ? links[0] : links;
	try {
		connection.signal?.throwIfAborted();
		const outputs = await operation.execute.call(context, unit, connection);
		return outputs.map((json) => ({ json, pairedItem }));
	} catch (cause) {
		const error = toNodeError(context.getNode(), cause, unit.length === 1 ? unit[0] : undefined);
		if (connection.signal?.aborted || !context.continueOnFail()) throw error;
		return [{ json: errorJson(error), error, pairedItem }];
	}
}

/** The item that stands for a failed unit where the node continues on fail. */
const errorJson = (error: NodeError): IDataObject => ({
	error: error.message,
	description: error.description ?? null,
	http_code: error instanceof NodeApiError ? (error.httpCode ?? null) : null,
	request_id: (error.context.data as IDataObject | undefined)?.requestId ?? null,
});
