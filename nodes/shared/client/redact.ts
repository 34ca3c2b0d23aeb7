import { GradientApiError, type GradientApiErrorDetails } from './errors';
import { isObject } from './json';
import { SHORTEST_SECRET } from './limits';

const MASK = '***';

/**
 * What must not be seen of a failure: the key and what else is given, in each form in which a server or gateway may repeat it.
 * Looks for all of them in one pass. A secret of less than eight characters is none: servers without keys
 * are given words such as `none`, which would vanish from each text.
 */
export class Secrets {
	private readonly pattern: RegExp | undefined;
	private readonly longest: number;

	constructor(...secrets: string[]) {
		const known = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
		// the first that fits is taken: a longer one that begins like it must come before it
		const forms = known.flatMap(formsOf).sort((one, other) => other.length - one.length);
		this.longest = forms.reduce((most, { length }) => Math.max(most, length), 0);
		if (forms.length > 0) this.pattern = new RegExp(forms.map(escaped).join('|'), 'g');
	}

	hide(text: string): string {
		return this.pattern ? text.replace(this.pattern, MASK) : text;
	}

	/** The first `limit` characters, and how many more there are. A secret that is cut there is hidden too. */
	beginning(text: string, limit: number): string {
		if (text.length <= limit) return this.hide(text);
		const pieces: string[] = [];
		let shown = 0;
		for (const { 0: found, index } of this.find(text.slice(0, limit + this.longest))) {
			if (index >= limit) break;
			pieces.push(text.slice(shown, index), MASK);
			shown = index + found.length;
		}
		pieces.push(text.slice(shown, limit));
		return `${pieces.join('')}… (${text.length - limit} more characters)`;
	}

	/** A JSON value without them, also where one is a key. */
	hideIn<T>(value: T): T {
		if (typeof value === 'string') return this.hide(value) as T;
		if (Array.isArray(value)) return value.map((one: unknown) => this.hideIn(one)) as T;
		if (!isObject(value)) return value;
		const entries = Object.entries(value).filter(([, one]) => one !== undefined);
		return Object.fromEntries(entries.map(([key, one]) => [this.hide(key), this.hideIn(one)])) as T;
	}

	private find = (text: string) => (this.pattern ? text.matchAll(this.pattern) : []);
}

export const NO_SECRETS = new Secrets('');

/**
 * The same failure without the secret, wherever it is. Never throws: of what cannot be read, message,
 * kind and status stay.
 */
export function withoutSecret(
	{ message, details }: GradientApiError,
	secret: Secrets | string,
): GradientApiError {
	const secrets = typeof secret === 'string' ? new Secrets(secret) : secret;
	return new GradientApiError(secrets.hide(String(message)), hiddenIn(details, secrets));
}

function hiddenIn(details: GradientApiErrorDetails, secrets: Secrets): GradientApiErrorDetails {
	try {
		return secrets.hideIn(details);
	} catch {
		return plain(details);
	}
}

function plain(details: GradientApiErrorDetails): GradientApiErrorDetails {
	try {
		const { kind, status } = details;
		return { kind, status };
	} catch {
		return { kind: 'answer' };
	}
}

/** As it is, within JSON, within an address, and in base64, also behind other text (`user:key`). */
function formsOf(secret: string): string[] {
	const whole = Buffer.from(secret);
	const inside = [0, 1, 2].map((before) => {
		const encoded = Buffer.from(' '.repeat(before) + secret).toString('base64url');
		// the characters at both ends also depend on what is around the secret
		const isCut = (before + whole.length) % 3 > 0;
		return encoded.slice(before > 0 ? before + 1 : 0, isCut ? -1 : undefined);
	});
	const base64 = [whole.toString('base64url'), ...inside];
	const forms = [
		secret,
		JSON.stringify(secret).slice(1, -1),
		// not of the secret itself: half a surrogate pair cannot be encoded
		encodeURIComponent(whole.toString()),
		whole.toString('base64'),
		...base64,
		...base64.map((text) => text.replaceAll('-', '+').replaceAll('_', '/')),
	];
	return [...new Set(forms)];
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
