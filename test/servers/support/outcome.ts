/** What a user sees of a run, in the same terms for both nodes. */
export interface Outcome {
	/** `user: …`, `thought: …`, `assistant: …`, `call: name {…}`, `output: …`: the conversation as it would go on. */
	steps: string[];
	/** Of the last answer; null where the run failed. */
	text: string | null;
	reasoning: string | null;
	finishReason: string | null;
	/** What is left to the workflow. */
	calls: string[];
	/** What the connected tools were really run with. */
	ran: string[];
	/** What a chat was shown while it was written, line ends as spaces; null where nothing is streamed. */
	said: string | null;
	/** What the node says beside its output; a chat model has no place for it. */
	hints: string[];
	error: UserError | null;
	/** Requests that were sent. */
	requests: number;
}

/** What a user reads of a failure. */
export interface UserError {
	/** The message's first line, which is the heading. */
	firstLine: string;
	/** What stands below it. */
	description: string;
}

export const failed = (error: unknown): UserError => {
	const { message, description } = error as { message: string; description?: string | null };
	return { firstLine: message.split('\n')[0], description: description ?? '' };
};

/** A call as steps and tables write it. */
export const callOf = (name: string, args: unknown) =>
	`${name} ${typeof args === 'string' ? args : JSON.stringify(args)}`;

/** Without what servers put around a text: line ends, spaces. */
export const inOneLine = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
