import { toConnectionError } from '../../../../../nodes/shared/client/transport/connectionFailure';

const withCode = (code: string, message = 'details of Node') =>
	Object.assign(new Error(message), { code });

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

	test.each([['a text'], [undefined], [new AggregateError([])]])(
		'has words for what is no ordinary error: %p',
		(error) => {
			const { message, details } = toConnectionError(error, 'host');
			expect(message).toMatch(/^No answer came: the connection to host failed/);
			expect(details).toEqual({ kind: 'connection', code: undefined });
		},
	);
});
