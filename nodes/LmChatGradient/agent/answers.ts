import type { GenerateResult } from '@n8n/ai-node-sdk';

import type { InputItem } from '../../shared/client';

interface Answer {
	result: GenerateResult;
	/** The start of the agent in which it was given. */
	start: string;
}

/** Questions whose answers are kept, at most. */
const LIMIT = 1_000;

/**
 * The last answers of one execution. Where one item of n8n's agent (3.1 in 2.41) calls a tool, n8n starts the agent
 * anew for all items, and those that were answered already would be paid for again in each round.
 */
export class Answers {
	private readonly byQuestion = new Map<string, Answer[]>();

	/**
	 * @param turn of `Turns`
	 * @returns what an earlier start was answered; undefined for a retry, which wants another answer
	 */
	find(question: string, turn: number, start: string): GenerateResult | undefined {
		const answer = this.byQuestion.get(question)?.[turn];
		return start !== '' && answer && answer.start !== start ? answer.result : undefined;
	}

	add(question: string, turn: number, answer: Answer) {
		const answers = this.byQuestion.get(question) ?? [];
		answers[turn] = answer;
		this.byQuestion.set(question, answers);
		const [oldest] = this.byQuestion.keys();
		if (this.byQuestion.size > LIMIT) this.byQuestion.delete(oldest);
	}
}

/** How often each question was asked since one start of the agent: its items may ask the same. */
export class Turns {
	private readonly counts = new Map<string, number>();

	/** Counted from 0. */
	next(question: string): number {
		const turn = this.counts.get(question) ?? 0;
		this.counts.set(question, turn + 1);
		return turn;
	}
}

/** What is asked for one item: what the user says last. The rest may change from start to start, as a clock does. */
export function questionOf(input: InputItem[]): string {
	const isAsked = (item: InputItem) => 'role' in item && item.role === 'user';
	const last = input.findLastIndex(isAsked);
	const before = input.slice(0, last).findLastIndex((item) => !isAsked(item));
	return JSON.stringify(input.slice(before + 1, last + 1));
}
