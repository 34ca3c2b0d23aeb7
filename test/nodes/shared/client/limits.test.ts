import { LONGEST_WAIT_MS, PATTERN_LIMIT } from '../../../../nodes/shared/client/limits';
import { retryAfter } from '../../../../nodes/shared/client/pacing/rateLimit';
import { NO_SECRETS } from '../../../../nodes/shared/client/redact';
import { describeFailure } from '../../../../nodes/shared/client/transport/failure';

const DAY_S = 24 * 3_600;

test('A wait may be a year long, and no longer', () => {
	const waitOf = (days: number) => retryAfter({ 'retry-after': String(days * DAY_S) }, 503);
	expect(waitOf(365)).toBe(LONGEST_WAIT_MS);
	expect(waitOf(365)).toBe(365 * DAY_S * 1_000);
	expect(waitOf(366)).toBeUndefined();
});

test('The title of a web page is looked for in its first 4,096 characters', () => {
	const title = '<title>Sign in</title>';
	const wordsOf = (before: number) => {
		const page = `<!doctype html>${title}`.replace('>', `>${' '.repeat(before)}`);
		return describeFailure(page, 'HTTP 502', NO_SECRETS).message;
	};
	const most = PATTERN_LIMIT - '<!doctype html>'.length - title.length;
	expect(PATTERN_LIMIT).toBe(4_096);
	expect(wordsOf(most)).toContain('Sign in');
	expect(wordsOf(most + title.length)).not.toContain('Sign in');
});
