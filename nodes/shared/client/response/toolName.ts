/** What the API takes as the name of a function (its reference; OpenAI's models and DigitalOcean's gateway check it). */
const LEGAL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

const MAX_LENGTH = 64;

/** Characters of a name that are looked at: more is no name, and a model may write anything. */
const READ_LENGTH = 1_000;

/** What models write before a name: gpt-oss its namespace, Gemini its own. */
const NAMESPACE = /^(functions?|tools?|default_api)(\.|:+|\/)/;

/**
 * A name that every server takes: what is illegal becomes an underscore, what is too long is cut.
 * @param otherwise for a name of which nothing readable would be left; it must be legal
 */
export function legalName(name: string, otherwise = 'unnamed'): string {
	if (LEGAL_NAME.test(name)) return name;
	const spoken = withoutTokens(name.slice(0, READ_LENGTH));
	const legal = spoken.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, MAX_LENGTH);
	return /[a-zA-Z0-9]/.test(legal) ? legal : otherwise;
}

/**
 * The legal name of a tool, another than those that are taken: two tools of one name could not be told apart.
 * @param taken is added to
 */
export function ownName(name: string, taken: Set<string>): string {
	const legal = legalName(name, 'tool');
	let own = legal;
	for (let count = 2; taken.has(own); count++) {
		const suffix = `_${count}`;
		own = legal.slice(0, MAX_LENGTH - suffix.length) + suffix;
	}
	taken.add(own);
	return own;
}

/**
 * The offered tool that a model means: some servers hand on what gpt-oss writes around a name
 * (`Calculator<|channel|>commentary`, `functions.Calculator`, `commentary to=functions.Calculator`).
 * @returns the name as it came, where no offered tool is left of it
 */
export function offeredName(called: string, offered: ReadonlySet<string>): string {
	if (offered.has(called)) return called;
	const text = called.slice(0, READ_LENGTH);
	const recipient = /\bto=([^\s<]+)/.exec(text)?.[1];
	const [first] = (recipient ?? withoutTokens(text)).trim().split(/\s+/);
	// Kimi numbers its calls in what some servers give as the name
	const bare = first.replace(/^["'`]+|["'`]+$/g, '').replace(/(\(\)|:\d+)$/, '');
	const candidates = [bare, bare.replace(NAMESPACE, ''), legalName(called)];
	return candidates.find((name) => offered.has(name)) ?? called;
}

/** Up to the first token of the harmony format: after it come channels and formats. */
const withoutTokens = (text: string) => text.replace(/^(\s*<\|[^|<>]*\|>)+/, '').split('<|')[0];
