import { GradientApiError } from '../../../../nodes/shared/client/errors';
import { Secrets, withoutSecret } from '../../../../nodes/shared/client/redact';
import { KEY, allOf } from './support';

describe('A Gradient API error', () => {
	test('loses the key wherever it is', () => {
		const error = new GradientApiError(`Incorrect key ${KEY}, really ${KEY}`, {
			kind: 'http',
			status: 401,
			code: KEY,
			requestId: `req-${KEY}`,
			redirectedTo: `https://elsewhere.invalid/?key=${KEY}`,
			body: { error: { message: KEY, list: [{ deep: `Bearer ${KEY}` }] } },
			attempts: 2,
		});

		const clean = withoutSecret(error, KEY);

		expect(allOf(clean)).not.toContain(KEY);
		expect(clean).toBeInstanceOf(GradientApiError);
		expect(clean.message).toBe('Incorrect key ***, really ***');
		expect(clean.details).toEqual({
			kind: 'http',
			status: 401,
			code: '***',
			requestId: 'req-***',
			redirectedTo: 'https://elsewhere.invalid/?key=***',
			body: { error: { message: '***', list: [{ deep: 'Bearer ***' }] } },
			attempts: 2,
		});
	});
});

describe('A secret', () => {
	const secrets = new Secrets(KEY);
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	const withoutEnd = (text: string) => text.replace(/=+$/, '');

	test.each([
		['as it is', `Bearer ${KEY}`, 'Bearer ***'],
		['several times', `${KEY}${KEY} ${KEY}`, '****** ***'],
		['in base64', `key=${base64(KEY)}.`, 'key=***.'],
		['in base64 without its end', `key=${withoutEnd(base64(KEY))}.`, 'key=***.'],
	])('is hidden %s', (_how, text, hidden) => {
		expect(secrets.hide(text)).toBe(hidden);
	});

	test.each(['', 'u', 'us', 'user:', ':'])('is hidden in base64 behind "%s"', (before) => {
		for (const after of ['', 'x', '\r\n']) {
			const encoded = base64(`${before}${KEY}${after}`);
			const hidden = secrets.hide(encoded);
			expect(hidden).toContain('***');
			// what is left of it are the ends, which belong to what is around it too
			for (const part of hidden.split('***')) expect(part.length).toBeLessThan(10);
		}
	});

	test.each(['a+b/c=d&e"f\\g', 'sk-do-??>>~~ÿ'.slice(0, -1)])(
		'of other characters is hidden in all its forms: %s',
		(key) => {
			const own = new Secrets(key);
			const url = Buffer.from(key).toString('base64url');
			for (const form of [key, encodeURIComponent(key), base64(key), url]) {
				expect(own.hide(`<${form}>`)).toBe('<***>');
			}
			expect(own.hide(JSON.stringify({ [key]: key }))).toBe('{"***":"***"}');
		},
	);

	test('is hidden where it is the name of a property', () => {
		const hidden = secrets.hideIn({ headers: [{ [KEY]: 1, [`x-${KEY}`]: { [KEY]: KEY } }] });
		expect(hidden).toEqual({ headers: [{ '***': 1, 'x-***': { '***': '***' } }] });
	});

	test.each(['x', 'none', 'test', 'EMPTY', 'sk-1234'])(
		'of less than eight characters is none: %s',
		(word) => {
			const text = `There are none to test: x, EMPTY, sk-1234, ${base64(word)}`;
			const error = new GradientApiError(text, { kind: 'http', body: { [word]: text } });
			const clean = withoutSecret(error, word);
			expect(clean.message).toBe(text);
			expect(clean.details).toEqual(error.details);
		},
	);

	test.each([
		['whole, before the cut', `${'x'.repeat(10)}${KEY} and so on`, `${'x'.repeat(10)}***… (`],
		['cut at its first character', `${'x'.repeat(20)}${KEY}`, `${'x'.repeat(20)}***… (`],
		['cut at its last character', `${'x'.repeat(21 - KEY.length)}${KEY} more`, '***… ('],
		['right behind the cut', `${'x'.repeat(21)}${KEY}`, `${'x'.repeat(21)}… (`],
	])('leaves no beginning where a text is cut: %s', (_where, text, beginning) => {
		const cut = secrets.beginning(text, 21);
		expect(cut).toContain(beginning);
		expect(cut).not.toContain('sk-do');
		expect(cut).toMatch(/… \(\d+ more characters\)$/);
	});

	test('of a text that is short enough is hidden, and nothing is cut', () => {
		expect(secrets.beginning(`Key ${KEY}!`, 100)).toBe('Key ***!');
	});
});
