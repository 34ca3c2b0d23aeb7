import { GradientApiError } from '../../../../nodes/shared/client/errors';
import { NO_SECRETS, Secrets, withoutSecret } from '../../../../nodes/shared/client/redact';
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

	test('loses what several secrets hide', () => {
		const error = new GradientApiError(`${KEY} and token-67890`, {
			kind: 'http',
			code: 'token-67890',
		});
		const clean = withoutSecret(error, new Secrets(KEY, 'token-67890'));
		expect(clean.message).toBe('*** and ***');
		expect(clean.details).toEqual({ kind: 'http', code: '***' });
	});

	test('has no details that say nothing', () => {
		const error = new GradientApiError('bad', { kind: 'http', code: undefined, body: null });
		expect(withoutSecret(error, KEY).details).toStrictEqual({ kind: 'http', body: null });
	});

	test('keeps kind and status of details that cannot be read', () => {
		const body: Record<string, unknown> = {};
		body.itself = body;
		const error = new GradientApiError(`Key ${KEY}`, {
			kind: 'http',
			status: 500,
			body,
			code: 'x',
		});
		const clean = withoutSecret(error, KEY);
		expect(clean.message).toBe('Key ***');
		expect(clean.details).toEqual({ kind: 'http', status: 500 });
	});

	test('is one of the answer where not even its kind can be read', () => {
		const details = {
			get kind(): 'http' {
				throw new Error('Not to be read');
			},
		};
		const clean = withoutSecret(new GradientApiError(`Key ${KEY}`, details), KEY);
		expect(clean.message).toBe('Key ***');
		expect(clean.details).toEqual({ kind: 'answer' });
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

	// eleven characters: behind one more, base64 ends with them
	test.each([
		['', 'xyz', '***'],
		['', '', '***'],
		['u', '', 'dX***'],
		['us', 'xyz', 'dXN***'],
	])('is hidden up to both ends in base64: behind "%s", before "%s"', (before, after, hidden) => {
		const encoded = secrets.hide(base64(`${before}${KEY}${after}`));
		expect(encoded.slice(0, hidden.length)).toBe(hidden);
		if (!after) expect(encoded).toBe(hidden);
	});

	test.each(['ké-do-12345', 'sk-do-éé345', '北京-12345678', 'sk-do-1234😀'])(
		'of other letters is hidden in base64 wherever it begins: %s',
		(key) => {
			const own = new Secrets(key);
			for (const before of ['', 'u', 'us', 'use']) {
				for (const after of ['', 'x', 'xy', '😀']) {
					const hidden = own.hide(base64(`${before}${key}${after}`));
					expect(hidden).toContain('***');
					for (const part of hidden.split('***')) expect(part.length).toBeLessThan(12);
				}
			}
		},
	);

	test.each(['u', 'us'])('is hidden in both alphabets of base64, also behind "%s"', (before) => {
		const key = 'a?>b~~~c???d>>>e~>?';
		const own = new Secrets(key);
		for (const encoding of ['base64', 'base64url'] as const) {
			const hidden = own.hide(Buffer.from(`${before}${key} more`).toString(encoding));
			expect(hidden).toMatch(/^[\w+/-]{1,4}\*\*\*[\w+/-]{1,8}=*$/);
		}
	});

	test('of half a character is hidden too', () => {
		const own = new Secrets('\ud83d-do-12345');
		expect(own.hide('Key \ud83d-do-12345!')).toBe('Key ***!');
	});

	test('of eight characters is one', () => {
		const own = new Secrets('sk-12345');
		expect(own.hide(`Key sk-12345, ${base64('sk-12345')}`)).toBe('Key ***, ***');
		expect(own.hide('sk-1234 is none')).toBe('sk-1234 is none');
	});

	test('that begins like another one is hidden whole, in whichever order they are known', () => {
		const [short, long] = ['sk-do-1234', 'sk-do-1234-5678'];
		for (const own of [new Secrets(short, long), new Secrets(long, short)]) {
			expect(own.hide(`${long} ${short}`)).toBe('*** ***');
		}
	});

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

	test('of a text of just the length that is shown is hidden, and nothing is cut', () => {
		const text = `Key ${KEY}!`;
		expect(secrets.beginning(text, text.length)).toBe('Key ***!');
		expect(secrets.beginning(text, text.length - 1)).toBe('Key ***… (1 more characters)');
	});

	test('may be none: then a text is only cut', () => {
		expect(NO_SECRETS.hide(`Key ${KEY}`)).toBe(`Key ${KEY}`);
		expect(NO_SECRETS.beginning('abcdef', 4)).toBe('abcd… (2 more characters)');
	});
});
