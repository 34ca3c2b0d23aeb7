import { inspect } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import { LoggerProxy } from 'n8n-workflow';

import {
	eventStream,
	halfThenReset,
	hang,
	json,
	raw,
	reset,
	type Answer,
} from '../support/answers';
import { API_KEY, NODE, TEXT, useGradient, type GradientRun } from '../support/gradientNode';
import { startGradientServer, type GradientServer } from '../support/gradientServer';
import { functionCall, responseOf, responses, textResponse } from '../support/responses';
import { frame, typedEvents } from '../support/streams';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

/** Another host, to which nothing may go. */
let other: GradientServer;
beforeAll(async () => {
	other = await startGradientServer();
});
beforeEach(() => other.reset());
afterAll(async () => await other.close());

const logged: unknown[] = [];
beforeEach(() => {
	logged.length = 0;
	const log = (...said: unknown[]) => void logged.push(said);
	LoggerProxy.init({ error: log, warn: log, info: log, debug: log } as never);
});

const LISTENED: GradientRun = { mode: 'webhook', streaming: true };
/** A 429 fails at once, which otherwise would be repeated for a minute. */
const AT_ONCE = { 'x-should-retry': 'false' };

const ONCE: IDataObject = { ...TEXT, requestOptions: { maxRetries: 0, timeout: 1000 } };

/** All that n8n keeps, shows, sends or logs, with what hides in errors: stack, cause, context. */
const all = (value: unknown) =>
	`${inspect(value, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null })} ${JSON.stringify(value)}`;

type Run = ReturnType<typeof gradient.start>;

async function expectNoKey(run: Run) {
	const result = await run.result;
	const { error } = result.task(NODE);
	const everything = [
		result.run,
		error,
		error?.stack,
		error?.cause,
		run.chunks,
		run.events,
		logged,
	];
	const text = everything.map(all).join('\n');
	expect(text).not.toContain(API_KEY);
	expect(text).not.toContain('Bearer');
	expect(other.requests).toEqual([]);
	// or the run would show nothing
	expect(logged.length).toBeGreaterThan(0);
	for (const { headers } of gradient.server.requests) {
		expect(headers.authorization).toBe(`Bearer ${API_KEY}`);
	}
	return result;
}

const typed = (text: string) => typedEvents(textResponse(text)).map(frame);

/** A stream that says something, then fails with this event. */
const failing = (event: IDataObject): Answer =>
	eventStream([...typed('Hello').slice(0, 5), frame(event)]);

const ECHO = {
	message: `Wrong key ${API_KEY}`,
	code: API_KEY,
	headers: { authorization: API_KEY },
};

describe('The key is nowhere but in the requests', () => {
	test.each<[string, IDataObject, GradientRun]>([
		['of a text', TEXT, {}],
		['of a raw response', { ...TEXT, simplify: false }, {}],
		['of a stream to a chat', TEXT, LISTENED],
		['of the list of models', { resource: 'model', operation: 'getMany' }, {}],
	])('after the success %s', async (_what, form, options) => {
		const result = await expectNoKey(gradient.start(form, options));
		expect(result.status).toBe('success');
		expect(gradient.server.requests).toHaveLength(1);
	});

	test.each<[string, Answer]>([
		['a JSON error', json({ error: ECHO }, { status: 401 })],
		['a JSON error of the control plane', json({ id: API_KEY, ...ECHO }, { status: 403 })],
		['a list of errors', json({ detail: [{ msg: API_KEY }] }, { status: 422 })],
		['a text', raw(`Key ${API_KEY}`, 'text/plain', { status: 500 })],
		['a page', raw(`<html><title>${API_KEY}</title></html>`, 'text/html', { status: 503 })],
		['a page with HTTP 200', raw(`<html><title>${API_KEY}</title></html>`, 'text/html')],
		['JSON that breaks off', raw(`{"key":"${API_KEY}","x`, 'application/json')],
		['a failed response', json({ ...responses.failed, error: ECHO })],
		['a request id', json({}, { status: 400, headers: { 'x-request-id': API_KEY } })],
		['a content type', raw('x', `text/${API_KEY}`, { status: 400 })],
		['Retry-After', json({}, { status: 429, headers: { ...AT_ONCE, 'retry-after': API_KEY } })],
		[
			'a rate limit header',
			json({}, { status: 429, headers: { ...AT_ONCE, [`x-ratelimit-reset-${API_KEY}`]: '1' } }),
		],
	])('after a failure in which the server repeats it: %s', async (_what, answer) => {
		gradient.server.answer(answer);
		for (const onError of [
			'stopWorkflow',
			'continueRegularOutput',
			'continueErrorOutput',
		] as const) {
			await expectNoKey(gradient.start(ONCE, { nodeSettings: { onError } }));
		}
		expect(gradient.server.requests).toHaveLength(3);
	});

	test.each([301, 302, 303, 307, 308])(
		'after a redirect with %i to another host',
		async (status) => {
			const location = `${other.url}/v1/responses?key=${API_KEY}`;
			gradient.server.answer({ status, headers: { location } });
			const { error } = await expectNoKey(gradient.start(ONCE));
			expect(error?.description).toContain(`${other.url}/v1/responses?key=***`);
		},
	);

	test.each<[string, Answer]>([
		['a lost connection', reset()],
		['a connection lost within the body', halfThenReset({ ...responses.text, echo: API_KEY })],
		['no answer in time', hang()],
	])('after %s', async (_what, answer) => {
		gradient.server.answer(answer);
		expect((await expectNoKey(gradient.start(ONCE))).status).toBe('error');
	});

	test.each<[string, Answer]>([
		['an error event', failing({ type: 'error', ...ECHO })],
		['a failed response', failing({ type: 'response.failed', response: { error: ECHO } })],
		[
			'an event that is not JSON',
			eventStream([...typed('Hi').slice(0, 3), `data: {${API_KEY}\n\n`]),
		],
		['an end too early', eventStream(typed('Hello there').slice(0, 6))],
		['a lost connection', eventStream(typed('Hello there'), { send: 'half', then: 'reset' })],
	])('after a stream that fails by %s', async (_what, answer) => {
		gradient.server.answer(answer);
		const form = { ...ONCE, options: { stream: 'on' } };
		for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
			const result = await expectNoKey(gradient.start(form, { nodeSettings: { onError } }));
			expect(all(result.run)).toMatch(/stream|Wrong key \*\*\*|closed the connection/);
		}
	});

	test('after rounds of tools, of which the last fails', async () => {
		const given: unknown[] = [];
		const tools = {
			Weather: () => ({
				...echoTool('get_weather'),
				invoke: (args: unknown) => {
					given.push(args);
					return 'sunny';
				},
			}),
		};
		gradient.server.answer([
			json(responseOf([functionCall('get_weather', '{"city":"Paris"}')])),
			json({ error: ECHO }, { status: 400 }),
		]);
		const run = startWithTools(gradient, ONCE, { tools, ...LISTENED });
		const { error } = await expectNoKey(run);
		expect(error?.message).toContain('Wrong key ***');
		expect(given).toEqual([{ city: 'Paris' }]);
		expect(gradient.server.requests).toHaveLength(2);
	});
});

describe('Nothing is sent', () => {
	test.each([
		['a line break in the key', { apiKey: `${API_KEY}\r\nx-evil: 1` }],
		['a NUL in the key', { apiKey: `${API_KEY}\u0000` }],
		['a character in the key that no header can have', { apiKey: `${API_KEY}…x` }],
	])('with %s, which the error does not show', async (_what, credential) => {
		const run = gradient.start(TEXT, { credential });
		const result = await expectNoKey(run);
		expect(result.error?.message).toContain("'Model Access Key' in the credential");
		expect(gradient.server.connectionsOpened).toBe(0);
	});

	test.each([
		['a line break', (url: string) => `${url}/\r\nx-evil: 1`],
		['a tab', (url: string) => `${url}/\tv1`],
		['a NUL', (url: string) => `${url}/\u0000`],
		['a user and password', (url: string) => url.replace('://', `://user:${API_KEY}@`)],
	])('with %s in the base URL', async (_what, changed) => {
		const run = gradient.start(TEXT, { credential: { baseUrl: changed(gradient.server.url) } });
		const result = await expectNoKey(run);
		expect(result.error?.message).toContain("'Base URL' in the credential");
		expect(gradient.server.connectionsOpened).toBe(0);
	});
});
