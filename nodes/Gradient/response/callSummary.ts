import type { ToolCall } from '../../shared/client';
import { isObject } from '../../shared/client/json';

/** Characters of one value, and of the whole: what a person reads before a decision, in a mail or a form. */
const VALUE_LIMIT = 200;
const SUMMARY_LIMIT = 1_000;

/** A call as a line for people: `refund_order: order_id A-1043, amount 89`. */
export function summaryOf({ name, arguments: args }: ToolCall): string {
	const what = isObject(args)
		? Object.entries(args).map(([key, value]) => `${key} ${inWords(value)}`)
		: args === null || args === undefined
			? []
			: [inWords(args)];
	return cut(what.length > 0 ? `${name}: ${what.join(', ')}` : name, SUMMARY_LIMIT);
}

const inWords = (value: unknown) =>
	cut(typeof value === 'string' ? value : JSON.stringify(value), VALUE_LIMIT);

const cut = (text: string, limit: number) =>
	text.length > limit ? `${text.slice(0, limit)}…` : text;
