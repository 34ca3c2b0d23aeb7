import type { IExecuteFunctions } from 'n8n-workflow';

/** Items that a hint names; more are counted. */
const NAMED_ITEMS = 10;

/** What the user should know beside the output, said once for all the items that it is true of. */
export class Hints {
	private readonly items = new Map<string, number[]>();

	add(message: string, item: number) {
		const items = this.items.get(message) ?? [];
		this.items.set(message, [...items, item]);
	}

	/** Shows them with the output, where n8n has a place for it. */
	show(context: IExecuteFunctions) {
		for (const [message, items] of this.items) {
			const text = `${message} ${inWords(items)}`;
			context.addExecutionHints?.({ message: text, type: 'warning', location: 'outputPane' });
		}
	}
}

function inWords(items: number[]) {
	const named = items.slice(0, NAMED_ITEMS).join(', ');
	const rest = items.length - NAMED_ITEMS;
	return `[item${items.length > 1 ? 's' : ''} ${named}${rest > 0 ? ` and ${rest} more` : ''}]`;
}
