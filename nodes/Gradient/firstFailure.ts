import { type INode, NodeOperationError } from 'n8n-workflow';

import type { NodeError } from '../shared/host/errors';
import type { Hints } from './hints';

/** For 'Finish What Is Paid For': after the first failure nothing more begins, but what is in flight may end. */
export class FirstFailure {
	private first?: { error: NodeError; items: number[] };
	private paid = 0;

	constructor(private readonly hints: Hints) {}

	add(error: NodeError, items: number[]) {
		if (!this.first) this.first = { error, items };
		const what = error instanceof NotSent ? NOT_SENT : FAILED;
		for (const item of items) this.hints.add(what, item);
	}

	addPaid() {
		this.paid++;
	}

	/** @throws NodeOperationError, for an item that is not begun any more */
	throwIfFailed(node: INode) {
		if (!this.first) return;
		const [item] = this.first.items;
		throw new NotSent(node, `Not sent, because item ${item} failed`, {
			description: "'On Failure' in 'Request Options' is to finish what is paid for, and no more.",
		});
	}

	/** Without any answer there is nothing to save: then the execution fails as it does otherwise. */
	get withoutAnswers(): NodeError | undefined {
		return this.paid === 0 ? this.first?.error : undefined;
	}
}

class NotSent extends NodeOperationError {}

const FAILED = "An error stands in place of the answer, see 'error'";

const NOT_SENT = 'Not sent, because another item failed before';
