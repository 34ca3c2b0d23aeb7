import type { IExecuteFunctions } from 'n8n-workflow';

import { isUsedAsTool } from '../shared/host/asTool';

/** What one unit of items says to the chat. */
export interface ChatTurn {
	begin(): void;
	/** Where the text of one more response goes, apart from what was said before. */
	newParagraph(): (text: string) => void;
	/** Before n8n itself says what went wrong: right behind what was said, as if it belonged to it. */
	breakOff(): void;
}

interface Turn {
	/** The item that its chunks are for. */
	item: number;
	hasBegun: boolean;
	isBeginSent: boolean;
	hasSpoken: boolean;
	/** Not yet sent. */
	text: string;
	hasEnded: boolean;
}

/**
 * Sends text to n8n's chat and webhook responses while it is written: for each unit one begin, the text,
 * one end. Units that run at the same time take turns in their order, because a reader sees one text.
 */
export class ChunkSender {
	private readonly turns: Turn[];
	private current = 0;
	private isPumping = false;
	private pumping: Promise<void> | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		units: number[][],
	) {
		this.turns = units.map(([item]) => ({
			item,
			hasBegun: false,
			isBeginSent: false,
			hasSpoken: false,
			text: '',
			hasEnded: false,
		}));
	}

	/**
	 * Whether anybody listens: the trigger streams, and the text is not the result of a tool, which an
	 * agent reads. n8n before 1.99 cannot stream.
	 */
	static isListenedTo(context: IExecuteFunctions): boolean {
		return (context.isStreaming?.() ?? false) && !isUsedAsTool(context);
	}

	turn(position: number): ChatTurn & { end(): void } {
		const turn = this.turns[position];
		const change = (values: Partial<Turn>) => {
			Object.assign(turn, values);
			this.wake();
		};
		return {
			begin: () => change({ hasBegun: true }),
			newParagraph() {
				let gap = turn.hasSpoken ? '\n\n' : '';
				return (text) => {
					change({ hasSpoken: true, text: turn.text + gap + text });
					gap = '';
				};
			},
			breakOff() {
				if (turn.hasSpoken) change({ text: `${turn.text}\n\n` });
			},
			end: () => change({ hasEnded: true }),
		};
	}

	/** Resolves when all that was said is sent. */
	async flush(): Promise<void> {
		while (this.isPumping) await this.pumping;
	}

	private wake() {
		if (this.isPumping) return;
		this.isPumping = true;
		this.pumping = this.pump();
	}

	/** One chunk at a time: `sendChunk` is asynchronous, though typed otherwise, and order counts. */
	private async pump() {
		for (let turn = this.turns[this.current]; turn; turn = this.turns[this.current]) {
			if (turn.hasBegun && !turn.isBeginSent) {
				turn.isBeginSent = true;
				await this.send('begin', turn.item);
			} else if (turn.text) {
				const { text } = turn;
				turn.text = '';
				await this.send('item', turn.item, text);
			} else if (turn.hasEnded) {
				this.current++;
				if (turn.isBeginSent) await this.send('end', turn.item);
			} else {
				break;
			}
		}
		this.isPumping = false;
	}

	/** A chat that went away is no reason to lose an answer that is paid for. */
	private async send(...chunk: Parameters<IExecuteFunctions['sendChunk']>) {
		try {
			await this.context.sendChunk(...chunk);
		} catch (error) {
			this.context.logger.warn('A chunk could not be sent to the chat', { error });
		}
	}
}
