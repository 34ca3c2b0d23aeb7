/** Whatever turns a failure into words never fails itself: the first failure would be lost. */
import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import {
	GradientApiError,
	type GradientApiErrorDetails,
} from '../../../nodes/shared/client/errors';
import { retryAfter } from '../../../nodes/shared/client/pacing/rateLimit';
import { retryDelay } from '../../../nodes/shared/client/pacing/retry';
import { Secrets, withoutSecret } from '../../../nodes/shared/client/redact';
import { toConnectionError } from '../../../nodes/shared/client/transport/connectionFailure';
import { describeFailure } from '../../../nodes/shared/client/transport/failure';
import { invalidFields, toNodeError } from '../../../nodes/shared/host/errors';
import { nonsense } from '../../support/nonsense';

const NODE: INode = {
	id: '1',
	name: 'Gradient',
	type: 'gradient',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const KEY = 'sk-do-12345678';

const table = Object.entries(nonsense);

const isNodeError = (error: unknown) =>
	error instanceof NodeApiError || error instanceof NodeOperationError;

describe('An error for n8n is made', () => {
	test.each(table)('of %s', (_what, make) => {
		const error = toNodeError(NODE, make(), 3);
		expect(isNodeError(error)).toBe(true);
		expect(error.message).toMatch(/\[item 3\]$/);
		expect(error.context.itemIndex).toBe(3);
	});

	test.each(table)('of an Error whose message is %s', (_what, make) => {
		const error = Object.defineProperty(new Error('x'), 'message', { value: make() });
		expect(isNodeError(toNodeError(NODE, error, 3))).toBe(true);
	});

	test('of an error of n8n that cannot be written to', () => {
		const error = Object.freeze(new NodeOperationError(NODE, 'Frozen'));
		expect(toNodeError(NODE, error, 3).message).toBe('Frozen [item 3]');
	});

	test.each(table)('of a failure with %s for details', (_what, make) => {
		const error = new GradientApiError('It broke', make() as GradientApiErrorDetails);
		expect(toNodeError(NODE, error, 3).message).toBe('It broke [item 3]');
	});

	test.each(
		['retryAfterMs', 'code', 'requestId', 'redirectedTo', 'body', 'partial', 'waitedMs'].flatMap(
			(key) => table.map(([what, make]) => [key, what, make] as const),
		),
	)('of a failure whose %s is %s, with message and status', (key, _what, make) => {
		const details = { kind: 'http', status: 429, attempts: 2, [key]: make() };
		const error = new GradientApiError('It broke', details as GradientApiErrorDetails);
		const nodeError = toNodeError(NODE, error, 3) as NodeApiError;
		expect(nodeError.message).toBe('It broke [item 3]');
		expect(nodeError.httpCode).toBe('429');
	});

	test.each([Infinity, NaN, 1e300, -1, 8.64e15])('of a wait of %d ms', (retryAfterMs) => {
		const details = { kind: 'http', status: 429, retryAfterMs } as const;
		const error = toNodeError(NODE, new GradientApiError('Slow down', details)) as NodeApiError;
		expect([error.message, error.httpCode]).toEqual(['Slow down', '429']);
	});
});

test('A form that is wrong in thousands of places is told of the first ones', () => {
	const problems = Array.from({ length: 20_000 }, (_, index) => `incoming item ${index} is wrong`);
	const { message, description } = invalidFields(NODE, problems);
	expect(message).toMatch(/^20000 fields need a correction: incoming item 0 is wrong; /);
	expect(message).toMatch(/; incoming item 19 is wrong; and 19,980 more$/);
	expect(description?.length).toBeLessThan(1_000);
});

describe('What a body says is read', () => {
	test.each(table)('of %s', (_what, make) => {
		expect(describeFailure(make(), 'Otherwise').message).toEqual(expect.any(String));
	});

	test.each(
		['error', 'message', 'detail', 'code', 'param', 'request_id', 'extra'].flatMap((key) =>
			table.map(([what, make]) => [what, key, make] as const),
		),
	)('of %s in the key %s', (_what, key, make) => {
		const { message } = describeFailure({ message: 'No', [key]: make() }, 'Otherwise');
		expect(message).toEqual(expect.any(String));
	});
});

describe('The key is taken out', () => {
	test.each(table)('of a failure with %s for details', (_what, make) => {
		const error = new GradientApiError(`No ${KEY}`, make() as GradientApiErrorDetails);
		expect(withoutSecret(error, KEY).message).toBe('No ***');
	});

	test.each(table)('of a failure with %s for its body', (_what, make) => {
		const details = { kind: 'http', status: 401, body: make(), code: KEY } as const;
		const clean = withoutSecret(new GradientApiError('No', details), KEY);
		expect(clean.details).toMatchObject({ kind: 'http', status: 401 });
		expect(clean.details.code).not.toBe(KEY);
	});

	test.each(table)('with %s for a key', (_what, make) => {
		expect(() => new Secrets(String(safe(make)))).not.toThrow();
	});
});

describe('A lost connection has words', () => {
	test.each(table)('where it broke with %s', (_what, make) => {
		expect(toConnectionError(make(), 'host').message).toEqual(expect.any(String));
	});
});

describe('A wait is read', () => {
	test.each(table)('of %s in a header', (_what, make) => {
		const value = safe(make) as string;
		for (const name of ['retry-after', 'retry-after-ms', 'x-ratelimit-reset-requests']) {
			const wait = retryAfter({ [name]: value }, 429);
			expect(wait === undefined || (wait > 0 && wait < 1e12)).toBe(true);
			const error = new GradientApiError('x', { kind: 'http', status: 429, retryAfterMs: wait });
			expect(() => retryDelay(error, 0)).not.toThrow();
		}
	});
});

/** As text, which is what headers and keys are. */
function safe(make: () => unknown): string {
	try {
		return String(make());
	} catch {
		return '\u0000';
	}
}
