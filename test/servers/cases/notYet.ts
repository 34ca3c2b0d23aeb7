/** Why cases fail today, each the name of one kind of fault. */
export const NOT_YET = {
	emptySuccess: 'an answer without text and without calls is a success without a word',
	limitUnsaid: 'nothing is said of a limit that the server does not tell of',
	headless:
		'a history that does not begin with a message is sent, which the server answers with 500',
	namedChoice: 'a function is chosen in the nested form, which vLLM does not read',
	noType:
		'messages that the user wrote get their type only after a refusal, which is not recorded yet',
} as const;
