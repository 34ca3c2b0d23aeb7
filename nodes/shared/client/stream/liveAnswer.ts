import { type AnsweredRequest, type GradientResponse, offeredNames } from '../response/response';
import { CALL_LIMIT, OPENING_LIMIT, mayBecomeCall } from '../response/textCalls';
import { ThinkTags, withoutLeadingLines } from '../response/thinkTags';
import type { Listeners } from './delta';
import { Paragraphs } from './paragraphs';

/** Characters of blanks that an answer may begin with before they are told. */
const BLANKS_LIMIT = 1_000;

/**
 * What listeners hear of an answer while it is written: just what the response will say. Thoughts in tags are
 * told as thoughts, and what may turn out to be a call of a tool is not told before the end.
 */
export class LiveAnswer {
	private readonly tags = new ThinkTags();
	private readonly offered: string[];
	private readonly thoughts = new Paragraphs();
	private state: 'beginning' | 'held back' | 'told' = 'beginning';
	private held = '';
	private said = '';

	constructor(
		private readonly heard: Listeners,
		request: AnsweredRequest,
	) {
		this.offered = offeredNames(request);
	}

	/** For the stream. Without anybody who listens there is nothing to do. */
	get listeners(): Listeners {
		const { onText, onReasoning } = this.heard;
		return {
			onText: (onText ?? onReasoning) && ((text) => this.addText(text)),
			onReasoning: onReasoning && ((text) => this.think('server', text)),
		};
	}

	/** Tells what is left: of text that came without deltas, that was held back, or that was not streamed. */
	end({ text, spoken = text, callAsText }: GradientResponse) {
		this.think('tags', this.tags.end().reasoning);
		if (this.heard.isUnreadKept && callAsText !== undefined && this.said === '') return;
		if (spoken.startsWith(this.said)) this.say(spoken.slice(this.said.length));
	}

	private addText(piece: string) {
		const { text, reasoning } = this.tags.add(piece);
		this.think('tags', reasoning);
		if (this.state === 'told') return this.say(text);
		this.held += text;
		if (!this.isKnown()) return;
		this.state = 'told';
		this.say(withoutLeadingLines(this.held));
	}

	/** Whether what is held can be told. */
	private isKnown(): boolean {
		if (this.state === 'held back') return this.held.length > CALL_LIMIT;
		const begun = this.held.trimStart();
		if (begun === '') return this.held.length > BLANKS_LIMIT;
		if (this.offered.length === 0 || !mayBecomeCall(begun)) return true;
		if (begun.length > OPENING_LIMIT) this.state = 'held back';
		return false;
	}

	/** @param source those that the server told apart, or those that the text had in tags */
	private think(source: 'server' | 'tags', text: string) {
		const told = text && this.thoughts.add([source], text);
		if (told) this.heard.onReasoning?.(told);
	}

	private say(text: string) {
		if (!text) return;
		this.said += text;
		this.heard.onText?.(text);
	}
}
