/** A shorter text is no key that opens anything, but what local servers are given: `x`, `none`, `EMPTY`. */
const SHORTEST_KEY = 8;

/** The same without the secrets, in every text of it. */
export function withoutSecrets<T>(value: T, secrets: string[]): T {
	if (typeof value === 'string') {
		return secrets.reduce<string>((text, secret) => hide(text, secret), value) as T;
	}
	if (Array.isArray(value)) return value.map((one: unknown) => withoutSecrets(one, secrets)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [
			withoutSecrets(key, secrets),
			withoutSecrets(one as unknown, secrets),
		]),
	) as T;
}

/** A short one only as a word of its own, or every `x` of an answer would go. */
function hide(text: string, secret: string): string {
	if (secret.length >= SHORTEST_KEY) return text.replaceAll(secret, '***');
	const literal = secret.replace(/[^\w]/g, '\\$&');
	return text.replace(new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, 'g'), '***');
}
