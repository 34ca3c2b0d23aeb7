/** What the scripts of the model say, and the steps that a user then sees. */
import { DEGREES, WEATHER } from '../support/tools';

export const TEXT = 'Hello! How can I help you today?';
/** Whether the model had read what it was asked for. */
export const YES = 'Yes, I see it.';
export const NO = 'No, I do not see it.';
/** What the model says when it knows what the tool said. */
export const AFTER = `The tool said it is ${DEGREES} there.`;

export const user = (text: string) => `user: ${text}`;
export const thinks = (text: string) => `thought: ${text}`;
export const says = (text: string) => `assistant: ${text}`;
/** A call of the tool of these tests, and its answer. */
export const asksFor = (city: string) => [
	`call: ${WEATHER} ${JSON.stringify({ city })}`,
	`output: ${DEGREES}`,
];

/** An answer, and not what parsers make calls of. */
export const noMarkup = () => expect.not.stringContaining('<tool_call>') as string;

/** Something is said beside the output. */
export const hinted = (words = /./) => [expect.stringMatching(words) as string];

/**
 * A failure as it should be read: a heading of one short line with these words, and what to do, naming a field
 * of a form in 'single quotes'.
 */
export const failure = (words: RegExp, advice = /'[A-Z][\w ]+'/) => ({
	firstLine: expect.stringMatching(
		new RegExp(`^(?=.{1,199}$).*(?:${words.source})`, words.flags),
	) as string,
	description: expect.stringMatching(advice) as string,
});
