import {
	toBrokenAnswer,
	toBrokenHead,
	toConnectionError,
} from '../../../../../nodes/shared/client/transport/connectionFailure';

const withCode = (code: string, message = 'details of Node') =>
	Object.assign(new Error(message), { code });

/** As undici's parser makes it, which gives no code. */
const parserError = (message: string) =>
	Object.assign(new Error(message), { name: 'HTTPParserError' });

const CLOSED = 'host:443 closed the connection before the whole answer had come';
const SLOW = 'host:443 did not accept the connection in time';
const UNREACHABLE = 'host:443 cannot be reached from here';
const NO_HTTPS = "host:443 does not speak https. Check 'Base URL' in the credential";

describe('A failed connection', () => {
	test.each([
		['ECONNREFUSED', 'host:443 refused the connection'],
		['ECONNRESET', CLOSED],
		['UND_ERR_SOCKET', CLOSED],
		['EPIPE', CLOSED],
		['ENOTFOUND', "the host name host:443 is not known. Check 'Base URL' in the credential"],
		['EAI_AGAIN', 'the host name host:443 could not be looked up'],
		['ETIMEDOUT', SLOW],
		['UND_ERR_CONNECT_TIMEOUT', SLOW],
		['EHOSTUNREACH', UNREACHABLE],
		['ENETUNREACH', UNREACHABLE],
		['ERR_SSL_WRONG_VERSION_NUMBER', NO_HTTPS],
		['EPROTO', NO_HTTPS],
		['UND_ERR_OTHER', 'the connection to host:443 failed (details of Node)'],
		['EPROTONOSUPPORT', 'the connection to host:443 failed (details of Node)'],
		['MY_ERR_SSL_OTHER', 'the connection to host:443 failed (details of Node)'],
		['MY_UND_ERR_RES_OTHER', 'the connection to host:443 failed (details of Node)'],
	])('with the code %s is put into words', (code, words) => {
		const { message, details } = toConnectionError(withCode(code), 'host:443');
		expect(message).toBe(`No answer came: ${words}`);
		expect(details).toEqual({ kind: 'connection', code });
	});

	test.each([
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('by the certificate says what to do: %s', (code) => {
		const { message, details } = toConnectionError(withCode(code), 'host:443');
		expect(message).toBe(
			"The certificate of host:443 could not be verified. Give n8n the certificate authority through NODE_EXTRA_CA_CERTS, or turn on 'Ignore SSL Issues' in the credential",
		);
		expect(details).toEqual({ kind: 'settings', code });
	});

	test('of a name with several addresses is that of the first', () => {
		const both = [withCode('ECONNREFUSED'), withCode('ENETUNREACH')];
		const { message, details } = toConnectionError(new AggregateError(both), 'localhost:1');
		expect(message).toBe('No answer came: localhost:1 refused the connection');
		expect(details.code).toBe('ECONNREFUSED');
	});

	test('by a proxy names the status that the proxy gave', () => {
		const error = Object.assign(new Error('Proxy response (407) !== 200 when HTTP Tunneling'), {
			name: 'AbortError',
			code: 'UND_ERR_ABORTED',
		});
		const { message, details } = toConnectionError(error, 'host:443');
		expect(message).toBe('No answer came: the proxy refused the connection to host:443 (HTTP 407)');
		expect(details.kind).toBe('connection');
	});

	test("by n8n's egress filter is a matter of settings", () => {
		const error = Object.assign(new Error('restricted'), { name: 'SsrfBlockedIpError' });
		const { message, details } = toConnectionError(error, '10.0.0.1');
		expect(message).toBe("n8n's protection against server-side request forgery refuses 10.0.0.1");
		expect(details).toEqual({ kind: 'settings', code: 'SsrfBlockedIpError' });
	});

	test.each<[unknown, string]>([
		['a text', 'a text'],
		[undefined, 'undefined'],
		[null, 'null'],
		[7, '7'],
		[new AggregateError([]), 'undefined'],
		[new AggregateError(['a text']), 'a text'],
		[{ code: 7 }, '[object Object]'],
		// as an abort has it
		[Object.assign(new Error('aborted'), { code: 20 }), 'aborted'],
		[Object.assign(new Error('no code'), { code: '' }), 'no code'],
		[Object.create(null), 'nothing says why'],
	])('has words for what is no ordinary error: %p', (error, reason) => {
		const { message, details } = toConnectionError(error, 'host');
		expect(message).toBe(`No answer came: the connection to host failed (${reason})`);
		expect(details).toEqual({ kind: 'connection', code: undefined });
	});

	test.each([
		parserError('Expected HTTP/'),
		withCode('UND_ERR_HEADERS_OVERFLOW', 'Expected HTTP/'),
		withCode('UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Expected HTTP/'),
	])('is none where something came that is not HTTP: %p', (error) => {
		const { message, details } = toConnectionError(error, 'host:443');
		expect(message).toBe('The answer is not HTTP: host:443 sent something else (Expected HTTP/)');
		expect(details).toEqual({ kind: 'answer' });
	});
});

describe('An answer that breaks before its headers are whole', () => {
	test.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])(
		'by the connection is told with its code: %s',
		(code) => {
			const { message, details } = toBrokenHead(withCode(code), 'host:443');
			expect(message).toBe(
				'The answer broke off within its headers: host:443 closed the connection',
			);
			expect(details).toEqual({ kind: 'answer', code });
		},
	);

	test.each([
		['what the parser says', parserError('Invalid header'), 'Invalid header'],
		[
			'that there is too much of them',
			withCode('UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error'),
			'Headers Overflow Error',
		],
		[
			'no more than that, where undici is surprised itself',
			withCode('ERR_ASSERTION', 'false == true'),
			'its headers cannot be read',
		],
		['no more than that, where nothing is said', undefined, 'its headers cannot be read'],
	])('by its own bytes is not HTTP: %s', (_what, error, reason) => {
		const { message, details } = toBrokenHead(error, 'host:443');
		expect(message).toBe(`The answer is not HTTP: host:443 sent something else (${reason})`);
		expect(details).toEqual({ kind: 'answer' });
	});
});

describe('An answer that breaks after its headers', () => {
	const answer = { status: 200, requestId: 'req_1' };
	const failed = 'the connection to host:443 failed (details of Node)';
	const undone = 'what host:443 sent cannot be decompressed (details of Node)';
	const noHttp = 'what host:443 sent breaks the rules of HTTP (details of Node)';

	test.each([
		['ECONNRESET', CLOSED],
		['UND_ERR_SOCKET', CLOSED],
		['Z_DATA_ERROR', undone],
		['ERR_BROTLI_INVALID', undone],
		['ERR_ZLIB_INITIALIZATION_FAILED', undone],
		['ERR__ERROR_FORMAT_PADDING_1', undone],
		['UND_ERR_RES_EXCEEDED_MAX_SIZE', noHttp],
		['MY_Z_ERROR', failed],
		['ERR_OTHER', failed],
	])('with the code %s is put into words', (code, words) => {
		const { message, details } = toBrokenAnswer(withCode(code), 'host:443', answer);
		expect(message).toBe(`The answer broke off: ${words}`);
		expect(details).toEqual({ kind: 'answer', ...answer, code });
	});

	test('by bytes that the parser does not know breaks the rules of HTTP', () => {
		const error = parserError('details of Node');
		const { message, details } = toBrokenAnswer(error, 'host:443', answer);
		expect(message).toBe(`The answer broke off: ${noHttp}`);
		expect(details).toEqual({ kind: 'answer', ...answer, code: undefined });
	});

	test('by what cannot be read has words all the same', () => {
		const { message, details } = toBrokenAnswer(Object.create(null), 'host:443', {});
		expect(message).toBe(
			'The answer broke off: the connection to host:443 failed (nothing says why)',
		);
		expect(details).toEqual({ kind: 'answer', code: undefined });
	});
});
