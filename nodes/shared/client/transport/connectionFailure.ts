import { GradientApiError, type GradientApiErrorDetails } from '../errors';
import { isObject } from '../json';

/** What to say for an error code of Node or undici. `{host}` is where the request went. */
const WORDS = new Map(
	Object.entries({
		ECONNREFUSED: '{host} refused the connection',
		ECONNRESET: '{host} closed the connection before the whole answer had come',
		UND_ERR_SOCKET: '{host} closed the connection before the whole answer had come',
		EPIPE: '{host} closed the connection before the whole answer had come',
		ENOTFOUND: "the host name {host} is not known. Check 'Base URL' in the credential",
		EAI_AGAIN: 'the host name {host} could not be looked up',
		ETIMEDOUT: '{host} did not accept the connection in time',
		UND_ERR_CONNECT_TIMEOUT: '{host} did not accept the connection in time',
		EHOSTUNREACH: '{host} cannot be reached from here',
		ENETUNREACH: '{host} cannot be reached from here',
	}),
);

/** No TLS came about: mostly https:// for a server that speaks http. */
const NO_TLS = /^(ERR_SSL_|EPROTO$)/;

/** OpenSSL's verdicts on a certificate. No retry changes them. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS/;

/** undici's words for what breaks the rules of HTTP; its parser's errors have no code (7.30). */
const isNoHttp = ({ code, name }: { code: string; name: string }) =>
	name === 'HTTPParserError' || /^UND_ERR_(HEADERS_OVERFLOW|RES_)/.test(code);

/**
 * Names a failure that came without an HTTP answer. `error` is what undici's `request` rejected with. Never throws.
 * @returns of kind `answer` where something came: then the request was worked on, and may be billed
 */
export function toConnectionError(error: unknown, host: string): GradientApiError {
	const { code, message, name } = described(error);
	if (CERTIFICATE.test(code)) {
		return new GradientApiError(
			`The certificate of ${host} could not be verified. Give n8n the certificate authority through NODE_EXTRA_CA_CERTS, or turn on 'Ignore SSL Issues' in the credential`,
			{ kind: 'settings', code },
		);
	}
	if (name.startsWith('Ssrf')) {
		return new GradientApiError(
			`n8n's protection against server-side request forgery refuses ${host}`,
			{
				kind: 'settings',
				code: name,
			},
		);
	}
	if (isNoHttp({ code, name })) return noHttp(host, message);
	// undici's only word for it is an error that looks like an abort
	const proxy = /Proxy response \((\d+)\)/.exec(message);
	const words = proxy
		? `the proxy refused the connection to {host} (HTTP ${proxy[1]})`
		: NO_TLS.test(code)
			? "{host} does not speak https. Check 'Base URL' in the credential"
			: (WORDS.get(code) ?? `the connection to {host} failed (${message})`);
	return new GradientApiError(`No answer came: ${words.replace('{host}', host)}`, {
		kind: 'connection',
		code: code || undefined,
	});
}

const noHttp = (host: string, reason: string) =>
	new GradientApiError(`The answer is not HTTP: ${host} sent something else (${reason})`, {
		kind: 'answer',
	});

/**
 * Names what an answer broke with after its first byte, before its headers were whole. Its status is not
 * known, but the server has worked, so this is never a lost connection, which would be tried again.
 */
export function toBrokenHead(error: unknown, host: string): GradientApiError {
	const { code, message, name } = described(error);
	if (isNoHttp({ code, name })) return noHttp(host, message);
	// undici (7.30) answers a 101 or 100 that nobody asked for with an assertion of its own
	if (!WORDS.has(code)) return noHttp(host, 'its headers cannot be read');
	const words = 'The answer broke off within its headers';
	return new GradientApiError(`${words}: ${host} closed the connection`, { kind: 'answer', code });
}

/** Node's zlib; its codes for brotli begin with ERR_ and an empty name. */
const NOT_COMPRESSED = /^(Z_|ERR_(BROTLI|ZLIB|_))/;

/** Names what a good answer broke with after its headers: no lost connection, for the same reason. */
export function toBrokenAnswer(
	error: unknown,
	host: string,
	answer: Pick<GradientApiErrorDetails, 'status' | 'requestId'>,
): GradientApiError {
	const { code, message, name } = described(error);
	const words = NOT_COMPRESSED.test(code)
		? `what {host} sent cannot be decompressed (${message})`
		: isNoHttp({ code, name })
			? `what {host} sent breaks the rules of HTTP (${message})`
			: (WORDS.get(code) ?? `the connection to {host} failed (${message})`);
	return new GradientApiError(`The answer broke off: ${words.replace('{host}', host)}`, {
		kind: 'answer',
		...answer,
		code: code || undefined,
	});
}

function described(error: unknown) {
	try {
		return describe(error);
	} catch {
		// what an egress filter gives is n8n's, and what a lookup throws is anybody's
		return { code: '', message: 'nothing says why', name: '' };
	}
}

function describe(error: unknown) {
	// several addresses of one name: the first failure stands for all
	const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
	const code = isObject(first) && typeof first.code === 'string' ? first.code : '';
	if (!(first instanceof Error)) return { code, message: String(first), name: '' };
	return { code, message: first.message, name: first.name };
}
