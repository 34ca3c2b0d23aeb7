import { type Answer, hang, json, raw, reset } from '../../../support/answers';
import { responses } from '../../../support/responses';
import { KEY, allOf, failureOf, useServer } from './support';

const bench = useServer();

describe('The key', () => {
	test.each<[string, Answer]>([
		['JSON', json({ error: { message: `Incorrect key ${KEY}`, code: KEY } }, { status: 401 })],
		['deep JSON', json({ message: 'No', headers: [{ auth: `Bearer ${KEY}` }] }, { status: 400 })],
		['text', raw(`Bearer ${KEY} is unknown`, 'text/plain', { status: 403 })],
		['a page', raw(`<html><title>${KEY}</title>${KEY}`, 'text/html', { status: 404 })],
		['a page with 200', raw(`<html><title>${KEY}</title>${KEY}`, 'text/html')],
		['text with 200', raw(KEY, 'text/plain')],
		['a failed response', json({ ...responses.failed, error: { message: KEY }, echo: KEY })],
		['a response without output', json({ id: KEY, note: KEY })],
		['a long body', json({ message: KEY.repeat(2_000) }, { status: 400 })],
		['a redirect', { status: 302, headers: { location: `https://x.invalid/?key=${KEY}` } }],
		['a request id', json({ message: 'm', request_id: KEY }, { status: 400 })],
		['a property', json({ error: { message: 'No', headers: { [KEY]: 1 } } }, { status: 400 })],
		['base64', json({ message: Buffer.from(`:${KEY}`).toString('base64') }, { status: 401 })],
		['an address', raw(`/login?key=${encodeURIComponent(KEY)}`, 'text/plain', { status: 403 })],
		['a code', json({ error: { message: 'No', code: KEY, type: KEY } }, { status: 400 })],
		['a header', json({ message: 'm' }, { status: 400, headers: { 'x-request-id': KEY } })],
	])('is in no error, though the server repeats it in %s', async (_what, answer) => {
		bench.server.answer(answer);
		const error = await failureOf(bench.call());
		expect(allOf(error)).not.toContain(KEY);
		expect(allOf(error)).not.toContain('Bearer sk-');
		expect(allOf(error)).toContain('***');
	});

	test.each([
		['the message', json({ message: `${'x'.repeat(592)}${KEY} and so on` }, { status: 400 })],
		['the body', raw(`${'x'.repeat(3_992)}${KEY} and so on`, 'text/plain', { status: 400 })],
	])(
		'is in no error, not even the beginning of it, where %s is cut within it',
		async (_what, answer) => {
			bench.server.answer(answer);
			const error = await failureOf(bench.call());
			expect(allOf(error)).not.toContain(KEY.slice(0, 5));
			expect(allOf(error)).toContain('x***…');
		},
	);

	test('is in no error, though the server repeats it in the list of models', async () => {
		bench.server.answer(json({ note: KEY }));
		expect(allOf(await failureOf(bench.client().listModels()))).not.toContain(KEY);
	});

	test.each<[string, Answer]>([
		['a lost connection', reset()],
		['a deadline', hang()],
		['an answer that is no HTTP', { send: 'nothing', then: 'close' }],
	])('is in no error after %s', async (_what, answer) => {
		bench.server.answer(answer);
		expect(allOf(await failureOf(bench.call({ timeout: 50 })))).not.toContain(KEY);
	});
});
