import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
	type INode,
	type ISupplyDataFunctions,
	NodeOperationError,
	type SupplyData,
} from 'n8n-workflow';

import { linkedController, untilAborted } from '../shared/client/transport/abort';
import { readRequestOptions } from '../shared/form/requestOptions';
import { affinityOf } from '../shared/form/session';
import { connect } from '../shared/host/connection';
import { canceled, toNodeError } from '../shared/host/errors';
import { startOf } from './agent/agentStart';
import { Turns } from './agent/answers';
import { memoryOf } from './agent/executionMemory';
import { notesOf } from './agent/notes';
import { GradientChatModel } from './chatModel';
import { readSettings } from './settings';
import { type LangChainModel, withoutLosses } from './langchain';

/**
 * Opens a client for the item, and gives it to n8n as a chat model of LangChain. n8n calls the close
 * function when the node that asked has ended, also where it failed or was stopped.
 * @throws NodeApiError, NodeOperationError
 */
export async function supplyChatModel(
	context: ISupplyDataFunctions,
	item: number,
): Promise<SupplyData> {
	const node = context.getNode();
	const { supplyModel } = await loadSdk(node);
	const limits = readRequestOptions(context, item);
	const stop = linkedController(context.getExecutionCancelSignal());
	// each request in flight listens, and Node would warn of a leak from the eleventh on
	setMaxListeners(0, stop.signal);
	const { delayBetweenRequests } = limits;
	const connecting = connect(context, { delayBetweenRequests, signal: stop.signal });
	const connection = await untilAborted(connecting, stop.signal).catch((error: unknown) => {
		stop.unlink();
		throw stop.signal.aborted ? stopped(node) : toNodeError(node, error);
	});
	const closeFunction = async () => {
		stop.abort();
		stop.unlink();
		connection.close();
	};
	try {
		const settings = readSettings(context, item, connection.findViolations);
		const start = startOf(context);
		const memory = memoryOf(context, node, start);
		if (start === '') memory.sessions.delete(item);
		const affinity = affinityOf(settings.fields.model, settings.sessionId, () => {
			const session = memory.sessions.get(item) ?? randomUUID();
			memory.sessions.set(item, session);
			return session;
		});
		const model = new GradientChatModel({
			node,
			connection,
			settings,
			limits,
			affinity,
			memory,
			start,
			turns: new Turns(),
			note: notesOf(context, node, memory.notes),
		});
		const { response } = supplyModel(context, model);
		return {
			response: withoutLosses(response as LangChainModel, { isJson: settings.isJson }),
			closeFunction,
		};
	} catch (error) {
		await closeFunction();
		throw toNodeError(node, error);
	}
}

/** n8n puts words of its own around other errors of a sub-node, and would not know Stop by them. */
const stopped = (node: INode) =>
	Object.assign(canceled(node), { functionality: 'configuration-node' as const });

/** On first use: without it the rest of the package must load all the same. */
async function loadSdk(node: INode) {
	try {
		return await import('@n8n/ai-node-sdk');
	} catch (error) {
		throw withoutSdk(node, error as NodeJS.ErrnoException);
	}
}

function withoutSdk(node: INode, error: NodeJS.ErrnoException) {
	const isMissing = error.code === 'MODULE_NOT_FOUND' && error.message.includes('ai-node-sdk');
	if (!isMissing) return new NodeOperationError(node, error);
	return new NodeOperationError(node, 'This chat model needs n8n 2.16 or newer', {
		description:
			"Update n8n. Until then, use the 'DigitalOcean Gradient' node, which calls the same models and takes tools on its own port.",
	});
}
