/**
 * The ids of the calls of a conversation, each of which only one call may have: some servers number calls
 * anew in each response, n8n's agent takes two calls of one id for one, and they could not be answered apart.
 */
export class CallIds {
	private readonly used: Set<string>;
	/** By id: the number that was given last. To begin anew for each would take ages with thousands of one id. */
	private readonly numbers = new Map<string, number>();

	/** @param used the ids that the conversation has already */
	constructor(used: Array<string | undefined>) {
		this.used = new Set(used.filter((id) => id !== undefined));
	}

	/** The id, or one like it that no call has yet. */
	own(id: string): string {
		let own = id;
		let number = this.numbers.get(id) ?? 1;
		while (this.used.has(own)) own = `${id}_${++number}`;
		this.numbers.set(id, number);
		this.used.add(own);
		return own;
	}
}
