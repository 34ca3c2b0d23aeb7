import {
	GradientApiError,
	isGradientApiError,
	withoutSecret,
} from '../../../../nodes/shared/client/errors';
import { KEY, allOf } from './support';

describe('A Gradient API error', () => {
	test('is recognised by its name, so also where the class exists twice', () => {
		const foreign = Object.assign(new Error('x'), { name: 'GradientApiError', details: {} });
		expect(isGradientApiError(new GradientApiError('x', { kind: 'http' }))).toBe(true);
		expect(isGradientApiError(foreign)).toBe(true);
	});

	test.each([
		new Error('x'),
		new DOMException('x', 'AbortError'),
		{ name: 'GradientApiError', details: {} },
		Object.assign(new Error('x'), { name: 'GradientApiError' }),
		undefined,
		'GradientApiError',
	])('is not taken for another thing: %p', (other) => {
		expect(isGradientApiError(other)).toBe(false);
	});

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
