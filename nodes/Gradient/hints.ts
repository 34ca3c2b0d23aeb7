import type { IExecuteFunctions } from 'n8n-workflow';

const NOTICEABLE_WAIT_MS = 5_000;

/** Items that a hint names; more are counted. */
const NAMED_ITEMS = 10;

/** What the user should know beside the output, said once for all the items that it is true of. */
export class Hints {
	private readonly items = new Map<string, number[]>();
	private longestWait = 0;

	add(message: string, item: number) {
		const items = this.items.get(message);
		if (items) items.push(item);
		else this.items.set(message, [item]);
	}

	/** For what takes so long that the user will wonder. */
	addWait(ms: number) {
		this.longestWait = Math.max(this.longestWait, ms);
	}

	/** Shows them with the output, where n8n has a place for it. */
	show(context: IExecuteFunctions) {
		const hints = [...this.items].map(([message, items]) => `${message} ${inWords(items)}`);
		if (this.longestWait >= NOTICEABLE_WAIT_MS) {
			const seconds = Math.round(this.longestWait / 1000);
			hints.push(
				`Requests were held back for up to ${seconds} s, because the API was busy or its rate limit was reached. Lower 'Max Concurrent Requests' or raise 'Delay Between Requests' in 'Request Options' to stay below the limit`,
			);
		}
		for (const message of hints) {
			context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
		}
	}
}

function inWords(items: number[]) {
	const named = items.slice(0, NAMED_ITEMS).join(', ');
	const rest = items.length - NAMED_ITEMS;
	return `[item${items.length > 1 ? 's' : ''} ${named}${rest > 0 ? ` and ${rest} more` : ''}]`;
}
