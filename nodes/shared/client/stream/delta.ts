/** What an event adds to the answer, as far as it can be shown while it is written. */
export interface Delta {
	text?: string;
	reasoning?: string;
}

/** Who hears of it, piece by piece. */
export interface Listeners {
	/** Gets the text of the answer. */
	onText?: (text: string) => void;
	/** Gets what the model thinks, or its summary. */
	onReasoning?: (text: string) => void;
	/** A text that is nothing but a call that cannot be read is not told: the model may be asked once more. */
	isUnreadKept?: boolean;
}
