import type { InputItem, ResponseRequest } from './request';

/**
 * An item of the input in the one open shape that the API reference has for three of them, so that what an
 * official client takes can be handed on: what each kind needs, only `findViolations` knows.
 */
export interface OpenInputItem {
	type: 'function_call' | 'function_call_output' | 'reasoning';
	id?: string | null;
	arguments?: string;
	call_id?: string;
	content?: Array<{ type?: 'reasoning_text'; text?: string }> | null;
	encrypted_content?: string | null;
	name?: string;
	output?: string;
	status?: string | null;
	summary?: unknown[] | null;
	[key: string]: unknown;
}

/** The fields that a type names, without those that it leaves open. */
export type Named<T> = {
	[Key in keyof T as string extends Key ? never : number extends Key ? never : Key]: T[Key];
};

/**
 * The same without open keys, at any depth: an interface of another client, which has none, does not fit a
 * type that has. What has only open keys (`metadata`) stays as it is.
 */
type Closed<T> = T extends readonly unknown[]
	? Array<Closed<T[number]>>
	: T extends object
		? keyof Named<T> extends never
			? T
			: { [Key in keyof Named<T>]: Closed<T[Key & keyof T]> }
		: T;

/** What `createResponse` takes: `ResponseCreateParams` of the API reference. */
export type ResponseCreateParams = Omit<Closed<ResponseRequest>, 'input'> & {
	input: string | Array<Closed<InputItem> | OpenInputItem>;
	[field: string]: unknown;
};
