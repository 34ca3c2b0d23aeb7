import { GradientApiError } from '../../../../nodes/shared/client/errors';
import { withoutSecret } from '../../../../nodes/shared/client/redact';
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
