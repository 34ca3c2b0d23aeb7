import { type JsonObject, omit, withoutEmpty } from '../json';
import type { InputItem } from '../schema/request';
import { fitItem } from './historyItem';
import type { Output } from './outputItems';

/**
 * A part of an answer as an input item, in the words of the model: `fitHistory` makes it fit to be sent. Messages
 * are plain text; keys that no reference has stay; a message without text and reasoning without content go.
 */
export function toInputItems(output: Output): InputItem[] {
	return asInput(output).map((item) => item as InputItem);
}

function asInput(output: Output): JsonObject[] {
	const item = withoutEmpty(output.item);
	switch (output.kind) {
		case 'message': {
			const content = output.text || output.refusal;
			const rest = omit(item, ['type', 'role', 'content', 'text', 'annotations']);
			return content ? [{ type: 'message', role: 'assistant', content, ...rest }] : [];
		}
		case 'function_call': {
			const { callId: call_id, name, arguments: args } = output;
			return [{ ...item, type: 'function_call', call_id, name, arguments: args }];
		}
		case 'reasoning':
			return [fitItem({ ...item, type: 'reasoning' }) ?? []].flat();
		default:
			return [item];
	}
}
