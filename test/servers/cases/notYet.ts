/** Why cases fail today, each the name of one kind of fault. */
export const NOT_YET = {
	cutCallIsRun: 'a call that the limit cut is run',
	cutCallEndsRun: 'a call that the limit cut ends the run, or its markup is the answer',
	callAsText: 'a call that the server left in the text is shown as the answer',
	thinkTags: '<think> stays in the text',
	lineEnds: 'text behind thinking begins with line ends',
	emptySuccess: 'an answer without text and without calls is a success without a word',
	limitUnsaid: 'nothing is said of a limit that the server does not tell of',
	headless:
		'a history that does not begin with a message is sent, which the server answers with 500',
	namedChoice: 'a function is chosen in the nested form, which vLLM does not read',
	noType: 'assistant messages go back without type, which llama-server refuses',
	textTwice: 'text comes twice where the server begins a message a second time',
	bareWord: 'an error of one word, which says nothing to a user, is the heading',
	longHeading: 'the heading is all that the server said, more than 200 characters',
	noHeading: 'the heading only counts what is wrong, and does not say it',
	noAdvice: 'llama-server finds the input too long, and what to do is not said',
} as const;
