import { GradientApiError, isGradientApiError } from '../../../../nodes/shared/client/errors';

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
});
