import type { IExecuteFunctions } from 'n8n-workflow';

import type { JsonObject } from '../../shared/client/json';
import { isUnset } from '../../shared/form/values';
import { nodeOf, perExecution } from '../../shared/host/perExecution';
import { isAnswer, isMember } from './incomingItems';
import { linkedItem } from './linkedItem';
import { type ItemsAre, readItemsAre } from './parameters';

/**
 * The incoming items, and each that answers a call with what the way back needs. After a form, a mail or a chat
 * only the decision is left of the call's item, but n8n's item links lead back to it.
 */
export const incomingWithCalls = perExecution((context: IExecuteFunctions): JsonObject[] => {
	const items = context.getInputData().map(({ json }): JsonObject => json);
	const itemsAre = readItemsAre(context);
	if (itemsAre === 'userMessages') return items;
	const sources = possibleSources(context);
	return items.map((json, index) =>
		withCall(json, itemsAre, () => callOf(context, index, sources)),
	);
});

function withCall(json: JsonObject, itemsAre: ItemsAre, find: () => JsonObject | undefined) {
	const isWhole = isAnswer(json) && Array.isArray(json.conversation);
	if (itemsAre === 'inputItems') {
		// any item may be a message, unless it says otherwise
		if (isWhole || isMember(json) || json.output === undefined) return json;
	}
	const call = find();
	if (!call || (!isUnset(json.call_id) && json.call_id !== call.call_id)) return json;
	const { call_id, name, response_id, conversation } = call;
	// what n8n has kept, whatever the item says of it
	if (isWhole) return { ...json, response_id, conversation };
	// what a person has filled in is the answer, field by field
	const { output = withoutKey(json, 'call_id') } = json;
	return { call_id, name, response_id, conversation, output };
}

const withoutKey = (json: JsonObject, key: string) =>
	Object.fromEntries(Object.entries(json).filter(([name]) => name !== key));

/** Nodes of this kind that an item may come from; in a loop, an earlier run of the node itself. */
function possibleSources(context: IExecuteFunctions): string[] {
	const { name, type } = nodeOf(context);
	const parents = context.getParentNodes(name).filter((node) => node.type === type);
	return [...new Set([...parents.map((node) => node.name), name])];
}

/**
 * The item of the Tool Calls output that an item comes from. Where several nodes asked one after the other, that of
 * the last: the conversation has grown since the first.
 */
function callOf(context: IExecuteFunctions, index: number, sources: string[]) {
	let last: Call | undefined;
	for (const source of sources) {
		const json = linkedItem(context, index, source);
		if (!json || !isCall(json)) continue;
		if (!last || last.conversation.length <= json.conversation.length) last = json;
	}
	return last;
}

type Call = JsonObject & { conversation: unknown[] };

const isCall = (json: JsonObject): json is Call =>
	isAnswer(json) && Array.isArray(json.conversation);
