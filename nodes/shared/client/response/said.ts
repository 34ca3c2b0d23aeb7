import { type JsonObject, isObject } from '../json';
import { type Citation, citationsOf, moved } from './citations';
import type { Output, OutputMessage } from './outputItems';
import { isOfServer } from './serverToolCalls';
import { withoutLeadingLines } from './thinkTags';

/** What the messages of an answer say. */
export interface Said {
	/** The answer; '' where there is none. */
	text: string;
	/** What was told on the way to it, where anything was: not where there is nothing else. */
	commentary?: string;
	/** All of it, as a listener hears it; where that is not `text`. */
	spoken?: string;
	citations?: Citation[];
	refusal: string | null;
	reasoning: string | null;
}

/** Between what belongs to different items; in one answer, messages go on where the last one ended. */
export const PARAGRAPH = '\n\n';

/** Models with a `phase` say first what they are about to do, before a search of the server for instance. */
export function readSaid(output: Output[]): Said {
	const messages = output.flatMap((one) => (one.kind === 'message' ? [one] : []));
	const commentary = messages.filter((message) => isCommentary(message.item));
	const answer = messages.filter((message) => !isCommentary(message.item));
	const hasAnswer = answer.some(({ text, refusal }) => text.trim() + refusal);
	const isMixed = hasAnswer && commentary.length > 0;
	const all = joined(messages);
	const { text, citations } = isMixed ? joined(answer) : all;
	const aside = isMixed ? joined(commentary).text : '';
	return {
		text,
		...(aside && { commentary: aside, spoken: all.text }),
		...(citations.length > 0 && { citations }),
		refusal: messages.map(({ refusal }) => refusal).join('') || null,
		reasoning:
			output
				.flatMap((one) => (one.kind === 'reasoning' && one.text ? [one.text] : []))
				.join(PARAGRAPH) || null,
	};
}

export const isCommentary = ({ phase }: JsonObject): boolean => phase === 'commentary';

function joined(messages: OutputMessage[]): { text: string; citations: Citation[] } {
	let text = '';
	const citations: Citation[] = [];
	let last: OutputMessage | undefined;
	for (const message of messages) {
		if (last && isApart(last, message) && message.text.trim()) text += PARAGRAPH;
		const by = text.length - (message.from ?? 0);
		citations.push(...citationsOf(message).map((citation) => moved(citation, by)));
		text += message.text;
		if (message.text.trim()) last = message;
	}
	const shown = withoutLeadingLines(text);
	const by = shown.length - text.length;
	return { text: shown, citations: citations.map((citation) => moved(citation, by)) };
}

const isApart = (one: OutputMessage, other: OutputMessage) =>
	isCommentary(one.item) || isCommentary(other.item);

/** The types of what is neither text nor thought nor call nor what the server did itself, each once. */
export function otherTypes(output: Output[]): string[] {
	const types = output.flatMap((one) => {
		if (one.kind === 'other') return isOfServer(one) ? [] : [String(one.item.type)];
		const { content } = one.item;
		if (one.kind !== 'message' || !Array.isArray(content)) return [];
		return content.flatMap((part: unknown) =>
			isObject(part) && typeof part.type === 'string' && !TOLD.has(part.type) ? [part.type] : [],
		);
	});
	return [...new Set(types)];
}

const TOLD = new Set(['', 'output_text', 'text', 'refusal', 'reasoning_text']);
