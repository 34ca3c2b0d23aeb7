import {
	DEFAULT_BASE_URL,
	isSafe,
	normalizeBaseUrl,
} from '../../../../../nodes/shared/client/transport/baseUrl';
import { thrownBy } from '../support';

describe('The base URL', () => {
	test.each([
		['', DEFAULT_BASE_URL],
		['   ', DEFAULT_BASE_URL],
		['https://inference.do-ai.run', 'https://inference.do-ai.run/v1'],
		['https://inference.do-ai.run/', 'https://inference.do-ai.run/v1'],
		['https://inference.do-ai.run/v1', 'https://inference.do-ai.run/v1'],
		['https://inference.do-ai.run/v1/', 'https://inference.do-ai.run/v1'],
		['https://inference.do-ai.run/v1//', 'https://inference.do-ai.run/v1'],
		['  https://inference.do-ai.run/v1\n', 'https://inference.do-ai.run/v1'],
		['HTTPS://Inference.DO-AI.run', 'https://inference.do-ai.run/v1'],
		['https://host.example:8443', 'https://host.example:8443/v1'],
		['https://host.example:443/v1', 'https://host.example/v1'],
		['https://gateway.example/gradient', 'https://gateway.example/gradient/v1'],
		['https://gateway.example/gradient/', 'https://gateway.example/gradient/v1'],
		['https://gateway.example/gradient/v1', 'https://gateway.example/gradient/v1'],
		['https://gateway.example/v1/gradient', 'https://gateway.example/v1/gradient/v1'],
		['https://gateway.example/api-v1', 'https://gateway.example/api-v1/v1'],
		['https://gateway.example/v2', 'https://gateway.example/v2/v1'],
		['https://gateway.example/models/v1', 'https://gateway.example/models/v1'],
		['https://gateway.example/responses/eu', 'https://gateway.example/responses/eu/v1'],
		['https://gateway.example/my-models', 'https://gateway.example/my-models/v1'],
		[
			'https://1a2b-public-dedicated-inference.do-infra.ai',
			'https://1a2b-public-dedicated-inference.do-infra.ai/v1',
		],
	])('reads %j as %s', (typed, expected) => {
		expect(normalizeBaseUrl(typed)).toBe(expected);
	});

	test.each([
		['http://localhost:8000', 'http://localhost:8000/v1'],
		['http://LOCALHOST', 'http://localhost/v1'],
		['http://vllm.localhost', 'http://vllm.localhost/v1'],
		['http://127.0.0.1', 'http://127.0.0.1/v1'],
		['http://127.255.255.254', 'http://127.255.255.254/v1'],
		['http://10.0.0.1:8000/v1', 'http://10.0.0.1:8000/v1'],
		['http://172.16.0.1', 'http://172.16.0.1/v1'],
		['http://172.31.255.254', 'http://172.31.255.254/v1'],
		['http://192.168.1.5', 'http://192.168.1.5/v1'],
		['http://[::1]:8000', 'http://[::1]:8000/v1'],
		['http://[fc00::1]', 'http://[fc00::1]/v1'],
		['http://[fd12:3456::1]', 'http://[fd12:3456::1]/v1'],
	])('may be http:// where nobody outside can listen: %s', (typed, expected) => {
		expect(normalizeBaseUrl(typed)).toBe(expected);
	});

	test.each(['http://0x7f.1', 'http://2130706433', 'http://127.1', 'http://0177.0.0.1'])(
		'is judged and called as the address that is meant: %s',
		(typed) => {
			expect(normalizeBaseUrl(typed)).toBe('http://127.0.0.1/v1');
		},
	);

	test.each([
		['http://inference.do-ai.run/v1', 'inference.do-ai.run'],
		['http://8.8.8.8', '8.8.8.8'],
		['http://134744072', '8.8.8.8'],
		['http://172.15.255.255', '172.15.255.255'],
		['http://172.32.0.1', '172.32.0.1'],
		['http://169.254.169.254', '169.254.169.254'],
		['http://[2001:db8::1]', '[2001:db8::1]'],
		['http://[fe80::1]', '[fe80::1]'],
		['http://[::ffff:8.8.8.8]', '[::ffff:808:808]'],
		['http://127.0.0.1.nip.io', '127.0.0.1.nip.io'],
		['http://10.0.0.1.example.com', '10.0.0.1.example.com'],
		['http://localhost.example.com', 'localhost.example.com'],
		['http://mylocalhost', 'mylocalhost'],
		['http://vllm.internal', 'vllm.internal'],
	])('is refused where the key would travel unencrypted: %s', async (typed, host) => {
		const error = await thrownBy(() => normalizeBaseUrl(typed));
		expect(error.message).toBe(
			`'Base URL' in the credential must start with https://, or the key would travel unencrypted. http:// is only possible for localhost and private IP addresses, and '${host}' is neither`,
		);
		expect(error.details).toEqual({ kind: 'settings' });
	});

	test.each([
		'inference.do-ai.run',
		'localhost:8000',
		'/v1',
		'ftp://inference.do-ai.run',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'https://',
		'https://host.example:99999',
		'https://inference.do-ai.run /v1',
		'https://inference.\ndo-ai.run',
		'https://inference.do-ai.run/\tv1',
		'https://inference.do-ai.run/\u0000',
		'https://host example',
		'https://gateway.example/my gateway/v1',
	])('is refused where it is no web address: %j', async (typed) => {
		const error = await thrownBy(() => normalizeBaseUrl(typed));
		expect(error.message).toBe(
			`'Base URL' in the credential is not a web address. It must look like ${DEFAULT_BASE_URL}`,
		);
		expect(error.details).toEqual({ kind: 'settings' });
	});

	test.each([
		'https://user:password@inference.do-ai.run',
		'https://user@inference.do-ai.run',
		'https://:password@inference.do-ai.run',
		'http://user:password@localhost',
	])('must not hold a user: %s', async (typed) => {
		const error = await thrownBy(() => normalizeBaseUrl(typed));
		expect(error.message).toBe(
			"'Base URL' in the credential must not hold a user name or password",
		);
		expect(error.message + error.stack).not.toContain('password@');
	});

	test.each([
		'https://inference.do-ai.run/v1?key=1',
		'https://inference.do-ai.run?x',
		'https://inference.do-ai.run/v1#models',
	])('must end with its path: %s', async (typed) => {
		const error = await thrownBy(() => normalizeBaseUrl(typed));
		expect(error.message).toBe(
			"'Base URL' in the credential must end with its path: remove the part from ? or # on",
		);
	});

	test.each([
		'https://inference.do-ai.run/v1/responses',
		'https://inference.do-ai.run/v1/models',
		'https://inference.do-ai.run/v1/responses/',
		'https://inference.do-ai.run/v1/models//',
		'https://inference.do-ai.run/responses',
	])('must end before what the node adds: %s', async (typed) => {
		const error = await thrownBy(() => normalizeBaseUrl(typed));
		expect(error.message).toBe(
			"'Base URL' in the credential must end before /responses or /models: the node adds those itself",
		);
		expect(error.details).toEqual({ kind: 'settings' });
	});
});

describe('A secret may travel', () => {
	test.each(['https://inference.do-ai.run', 'https://8.8.8.8', 'http://localhost'])(
		'to %s',
		(url) => {
			expect(isSafe(new URL(url))).toBe(true);
		},
	);

	test.each(['http://inference.do-ai.run', 'ftp://localhost', 'ws://127.0.0.1'])(
		'not to %s',
		(url) => {
			expect(isSafe(new URL(url))).toBe(false);
		},
	);
});
