import { setMaxListeners } from 'node:events';
import { setImmediate as afterIo } from 'node:timers/promises';
import { promise as createQueue } from 'fastq';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';

import { linkedController, untilAborted } from '../shared/client/transport/abort';
import { DEFAULT_CONCURRENCY } from '../shared/form/requestOptions';
import { type Connection, connect } from '../shared/host/connection';
import { type NodeError, canceled, toNodeError } from '../shared/host/errors';
import { nodeOf } from '../shared/host/perExecution';
import { readParameter } from '../shared/host/readParameter';
import { ChunkSender } from './chunkSender';
import { FirstFailure } from './firstFailure';
import { Hints } from './hints';
import { showProgress } from './progress';
import * as getMany from './model/getMany.operation';
import type { Operation, OutputItem, Unit } from './operation';
import * as create from './response/create.operation';
import { isFirstVersion } from './version';

const OPERATIONS: Record<string, Operation> = {
	'response/create': create,
	'model/getMany': getMany,
};

/** How long requests are built before those that are ready may leave, ms. */
const SLICE_MS = 2;

/**
 * Runs the chosen operation for all items: a few units at a time, the output in their order, each item
 * linked to its source. The first failure ends the execution, unless the node continues on fail, or finishes what is
 * paid for.
 */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = readParameter(this, 'resource', 0, '') as string;
	const operation = OPERATIONS[`${resource}/${readParameter(this, 'operation', 0, '') as string}`];
	const groups = operation.groupItems(this, this.getInputData().length);
	const hints = new Hints();
	const { maxConcurrentRequests, finishesPaid = false, ...limits } = operation.readLimits(this);
	const failures = finishesPaid && !this.continueOnFail() ? new FirstFailure(hints) : undefined;
	// whoever has chosen a number gets it, and so does an old workflow
	const isFree = maxConcurrentRequests === undefined && !isFirstVersion(this);
	const concurrency = Math.floor(maxConcurrentRequests ?? DEFAULT_CONCURRENCY);
	const cancelSignal = this.getExecutionCancelSignal?.();
	const stop = linkedController(cancelSignal);
	// each request in flight listens, and Node would warn of a leak from the eleventh on
	setMaxListeners(0, stop.signal);
	const options = {
		...limits,
		signal: stop.signal,
		onWait: (ms: number) => hints.addWait(ms),
	};
	const connection = await untilAborted(connect(this, options), stop.signal).catch((error) => {
		stop.unlink();
		throw cancelSignal?.aborted ? canceled(this.getNode()) : toNodeError(this.getNode(), error);
	});
	const chat = new ChunkSender(this, groups);
	const progress = showProgress(this, groups.length);
	const started: Array<Promise<INodeExecutionData[][]>> = [];
	const runUnit = async (position: number) => {
		const items = groups[position];
		const turn = chat.turn(position);
		const hint = (message: string) => hints.add(message, items[0]);
		const unit = { items, chat: turn, hint };
		return await run(this, operation, unit, connection, failures).finally(() => {
			progress.advance();
			turn.end();
		});
	};
	const nextTurn = takeTurns();
	const work = async (position: number) => {
		const output = nextTurn().then(async () => await runUnit(position));
		started.push(output);
		return await output;
	};
	const queue = createQueue(work, concurrency);
	const unfollow = isFree
		? connection.client.followCapacity((requests) => (queue.concurrency = requests))
		: () => {};
	try {
		const outputs = groups.map(async (_items, position) => await queue.push(position));
		const units = await Promise.all(outputs);
		if (failures?.withoutAnswers) throw forChat(failures.withoutAnswers, this);
		return joinOutputs(units);
	} finally {
		// what is still in flight or to come after a failure would only be paid for
		unfollow();
		progress.end();
		queue.kill();
		stop.abort();
		stop.unlink();
		await Promise.allSettled(started);
		// a chat that takes no more text may hang, too, and is nothing to wait for after Stop
		await untilAborted(chat.flush(), cancelSignal).catch(() => undefined);
		connection.close();
		hints.show(this);
	}
}

/** For units that begin together: the requests of the first leave before the last are built. */
function takeTurns() {
	let turn = Promise.resolve();
	let sliceEnd = 0;
	const begin = async () => {
		if (performance.now() < sliceEnd) return;
		await afterIo();
		sliceEnd = performance.now() + SLICE_MS;
	};
	return async () => {
		turn = turn.then(begin);
		await turn;
	};
}

/** Of all units, output by output. A unit that failed has the first output only. */
function joinOutputs(units: INodeExecutionData[][][]): INodeExecutionData[][] {
	const count = units.reduce((most, outputs) => Math.max(most, outputs.length), 1);
	return Array.from({ length: count }, (_, index) =>
		units.flatMap((outputs) => outputs[index] ?? []),
	);
}

async function run(
	context: IExecuteFunctions,
	operation: Operation,
	unit: Unit,
	connection: Connection,
	failures?: FirstFailure,
): Promise<INodeExecutionData[][]> {
	const links = unit.items.map((item) => ({ item }));
	const pairedItem = links.length === 1 ? links[0] : links;
	try {
		connection.signal?.throwIfAborted();
		failures?.throwIfFailed(nodeOf(context));
		const outputs = await operation.execute.call(context, unit, connection);
		failures?.addPaid();
		return outputs.map((output) => output.map((item) => ({ ...item, pairedItem })));
	} catch (cause) {
		// by Stop; or by the failure of another unit, and then nobody looks at this error any more
		if (connection.signal?.aborted) throw canceled(nodeOf(context));
		const item = unit.items.length === 1 ? unit.items[0] : undefined;
		const error = toNodeError(nodeOf(context), cause, item);
		failures?.add(error, unit.items);
		if (!failures && !context.continueOnFail()) {
			unit.chat.breakOff();
			throw forChat(error, context);
		}
		const kept = keptOf(context, operation, unit);
		const failed = { ...kept, json: { ...kept.json, ...errorJson(error) }, pairedItem };
		return [[errorItem(failed, error, nodeOf(context))]];
	}
}

/** A failed item keeps what the others keep, unless that is what cannot be read. */
function keptOf(context: IExecuteFunctions, operation: Operation, { items }: Unit): OutputItem {
	try {
		return operation.keptOf?.(context, items) ?? { json: {} };
	} catch {
		return { json: {} };
	}
}

/** A chat shows the description only, so there it begins with the message. */
function forChat(error: NodeError, context: IExecuteFunctions): NodeError {
	const { message, description } = error;
	if (!ChunkSender.isListenedTo(context) || description?.includes(message)) return error;
	error.description = description ? `${message}. ${description}` : message;
	return error;
}

/**
 * n8n finds the items for the error output by their `error`, and in 2.41 (workflow-execute.js,
 * normalizeNodeErrors) replaces the whole JSON of an item that has one. An `error` that is not
 * enumerable is found, and left behind when n8n copies the item; other outputs need none.
 */
function errorItem(item: INodeExecutionData, error: NodeError, { onError }: INode) {
	if (onError !== 'continueErrorOutput') return item;
	return Object.defineProperty(item, 'error', { value: error, writable: true });
}

/** The item that stands for a failed unit where the node continues on fail. */
function errorJson(error: NodeError): IDataObject {
	const { requestId, partial } = (error.context.data ?? {}) as IDataObject;
	return {
		error: error.message,
		description: error.description ?? null,
		http_code: error instanceof NodeApiError ? (error.httpCode ?? null) : null,
		request_id: requestId ?? null,
		// what the model had written before a stream broke off: it is paid for
		...(partial !== undefined && { partial }),
	};
}
