/** Why cases fail today, each the name of one kind of fault. */
export const NOT_YET = {
	namedChoice: 'a function is chosen in the nested form, which vLLM does not read',
} as const;
