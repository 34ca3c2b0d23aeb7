/** The middle value; for an even count the upper one of the two. */
export const median = (values: number[]) =>
	[...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
