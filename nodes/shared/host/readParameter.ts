import { type IDataObject, deepCopy } from 'n8n-workflow';

import { type Context, perExecution } from './perExecution';

type Read = (item: number) => unknown;

/** By name, how a parameter is read for each further item. */
const readers = perExecution<Context, Map<string, Read>>(() => new Map());

/**
 * A parameter's value for an item. n8n (2.41) resolves it anew for each, in production in a sandbox, and
 * for a thousand items that took longer than all else. So n8n is not asked again for what holds no
 * expression, nor for an expression that only picks a text of the item. What it gives is not to be changed.
 * @throws what `getNodeParameter` throws
 */
export function readParameter(
	context: Context,
	name: string,
	item: number,
	fallback: unknown,
	options?: { extractValue: true },
): unknown {
	const known = readers(context).get(name);
	if (known) return known(item);

	const ask = (index: number, how?: { extractValue: true } | { rawExpressions: true }) =>
		context.getNodeParameter(name, index, fallback as never, how) as unknown;
	const raw = ask(item, { rawExpressions: true });
	if (!hasExpression(raw)) {
		// n8n would give the same, after it has looked for expressions and dates in it
		const kept = frozen(deepCopy((options ? ask(item, options) : raw) as IDataObject));
		readers(context).set(name, () => kept);
		return kept;
	}
	const value = ask(item, options);
	const field = typeof raw === 'string' ? PICKS_FIELD.exec(raw)?.[1] : undefined;
	let read: Read = (index) => ask(index, options);
	if (field && typeof value === 'string' && textOf(context, item, field) === value) {
		// n8n itself has just taken it that way
		read = (index) => textOf(context, index, field) ?? ask(index, options);
	}
	readers(context).set(name, read);
	return value;
}

/** The same for all items: what one did with it would be done to the others. A copy for each takes longer than its use. */
function frozen<T>(value: T): T {
	if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
	return Object.freeze(value);
}

const hasExpression = (raw: unknown): boolean =>
	typeof raw === 'object' && raw !== null
		? Object.values(raw).some(hasExpression)
		: typeof raw === 'string' && raw.startsWith('=');

/** What n8n writes where a field is dragged. */
const PICKS_FIELD = /^=\{\{\s*\$json\.([A-Za-z_]\w*)\s*\}\}$/;

/** undefined where it is no text: then n8n decides what becomes of it. */
function textOf(context: Context, item: number, field: string): string | undefined {
	const value = context.getInputData()[item]?.json[field];
	return typeof value === 'string' ? value : undefined;
}
