import {
	GradientApiError,
	isGradientApiError,
	isUnreadableCall,
} from '../../../../nodes/shared/client/errors';

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
		Object.assign(new Error('x'), { details: { kind: 'http' } }),
		undefined,
		'GradientApiError',
	])('is not taken for another thing: %p', (other) => {
		expect(isGradientApiError(other)).toBe(false);
	});
});

test.each([
	['Failed to parse tool call arguments as JSON: [json.exception.parse_error.101]', true],
	['500: failed to parse tool call arguments', true],
	['Failed to parse the request', false],
	['Internal server error', false],
])(
	'That a server cannot read the arguments of a call is seen by its words: %s',
	(message, expected) => {
		expect(isUnreadableCall(new GradientApiError(message, { kind: 'http', status: 500 }))).toBe(
			expected,
		);
	},
);
