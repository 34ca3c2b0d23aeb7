import { GradientApiError, type GradientApiErrorDetails } from './errors';

/** The same failure without the key, wherever a server or gateway repeats it: in body, header or address. */
export function withoutSecret({ message, details }: GradientApiError, secret: string) {
	const clean = <T>(value: T): T =>
		typeof value === 'string'
			? (withoutBeginning(value.replaceAll(secret, '***'), secret) as T)
			: value;
	return new GradientApiError(
		clean(message),
		JSON.parse(JSON.stringify(details), (_key, value: unknown) =>
			clean(value),
		) as GradientApiErrorDetails,
	);
}

/** A long text that was cut within the secret (by `describeFailure`) still ends in the secret's beginning. */
function withoutBeginning(text: string, secret: string): string {
	return text.replace(/\S+(?=… \(\d+ more characters\)$)/, (word) => {
		for (let length = Math.min(secret.length, word.length); length > 3; length--) {
			if (word.endsWith(secret.slice(0, length))) return `${word.slice(0, -length)}***`;
		}
		return word;
	});
}
