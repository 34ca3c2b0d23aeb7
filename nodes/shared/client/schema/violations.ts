import type * as z from 'zod/v4';

import { responseRequestSchema } from './request';

/** What is wrong at one place of a request. `message` reads on from the name of that place. */
export interface Violation {
	/** From the request's root: `['input', 2, 'call_id']`. */
	path: Array<string | number>;
	message: string;
}

type Issue = z.core.$ZodIssue;
type Path = Violation['path'];

/** All that the API reference forbids about a request; empty if nothing. Throws nothing. */
export function findViolations(request: unknown): Violation[] {
	const result = responseRequestSchema.safeParse(request, { reportInput: true });
	if (result.success) return [];
	const violations = result.error.issues.flatMap((issue) => describe(issue, []));
	// a rule between fields sees a field that failed its own check as missing: the first word counts
	return [...new Map(violations.reverse().map((v) => [v.path.join('\n'), v])).values()].reverse();
}

function describe(issue: Issue, parent: Path): Violation[] {
	const path = [...parent, ...(issue.path as Path)];
	if (issue.code === 'invalid_union' && issue.errors.length > 0) {
		const meant = issue.errors.find((branch) => !isOtherType(branch));
		if (meant) return meant.flatMap((inner) => describe(inner, path));
	}
	if (issue.code === 'invalid_key') {
		return issue.issues.map(({ message }) => ({ path, message }));
	}
	return [{ path, message: message(issue) }];
}

/** Whether a union's branch was not meant: the whole value is of another type, or none of its words. */
const isOtherType = (branch: Issue[]) =>
	branch.some(
		({ path, code }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
	);

const TYPE_WORDS = new Map(
	Object.entries({
		string: 'text',
		boolean: 'true or false',
		int: 'a whole number',
		array: 'a list',
		object: 'an object',
		record: 'an object',
		number: 'a number',
	}),
);

function message(issue: Issue): string {
	switch (issue.code) {
		case 'invalid_type':
			return issue.input === undefined
				? 'is required'
				: (schemaWords(issue) ?? `must be ${TYPE_WORDS.get(issue.expected) ?? issue.expected}`);
		case 'invalid_value':
			return `must be ${issue.values.map(String).join(', ')}`.replace(/, ([^,]+)$/, ' or $1');
		case 'too_small':
			if (issue.origin === 'string') return 'is empty';
			if (issue.origin === 'array') return 'must have at least one entry';
			return `must be at least ${issue.minimum}`;
		case 'too_big':
			if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
			if (issue.origin === 'array') return `must have at most ${issue.maximum} entries`;
			return `must be at most ${issue.maximum}`;
		case 'invalid_union':
			return schemaWords(issue) ?? 'must be text or a list';
		default:
			return issue.message;
	}
}

/** The words that the schema gives for this case, if it gives any: zod's own begin with "Invalid". */
function schemaWords(issue: Issue): string | undefined {
	return issue.message.startsWith('Invalid') ? undefined : issue.message;
}
