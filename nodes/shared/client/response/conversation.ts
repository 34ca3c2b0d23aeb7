import { isObject } from '../json';
import type { InputItem, ResponseRequest } from '../schema/request';

/** The input of a request as a list that later requests repeat: a text is a message of the user. */
export const inputItems = (input: ResponseRequest['input']): InputItem[] =>
	typeof input === 'string'
		? [{ type: 'message', role: 'user', content: input }]
		: input.map((item) => (isUntyped(item) ? ({ ...item, type: 'message' } as InputItem) : item));

/** What was sent once without its type, as the user wrote it, needs it in a history: see `fitHistory`. */
const isUntyped = (item: InputItem) => isObject(item) && 'role' in item && item.type === undefined;
