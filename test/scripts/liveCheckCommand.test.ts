/** The command line of the live check, its saved reports, and what differs between two of them. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Report } from '../../scripts/live-check/report';
import { json } from '../support/answers';
import { GradientServer, startGradientServer } from '../support/gradientServer';
import { type Behaviour, gradientApi } from './gradientApi';
import { SECRET, runLiveCheck } from './runLiveCheck';

let server: GradientServer;
let folder: string;
beforeAll(async () => {
	server = await startGradientServer();
	folder = await mkdtemp(path.join(tmpdir(), 'live-check-'));
});
beforeEach(() => {
	server.reset();
	server.answer(gradientApi());
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true });
});

const fileOf = (name: string) => path.join(folder, name);

const run = async (...args: string[]) =>
	await runLiveCheck(args, { GRADIENT_BASE_URL: server.url });

async function save(name: string, behaviour: Behaviour, ...args: string[]): Promise<string> {
	server.answer(gradientApi(behaviour));
	await run('--json', fileOf(name), ...args);
	return fileOf(name);
}

const readReport = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Report;

describe('Where and what', () => {
	test('--base-url says where, whatever the environment says', async () => {
		const args = ['--base-url', `${server.url}/v1`, '--model', 'mine'];
		const { code, told } = await runLiveCheck(args, { GRADIENT_BASE_URL: 'http://127.0.0.1:9' });
		expect(code).toBe(0);
		expect(told).toContain(`${server.url}/v1, model mine,`);
		expect(server.bodies.length).toBeGreaterThan(20);
	});

	test('a model that the server has is taken, where none is named and the default is not there', async () => {
		const one = { object: 'list', data: [{ id: 'scripted' }] };
		const api = gradientApi();
		server.answer((request, i) => (request.method === 'GET' ? json(one) : api(request, i)));
		const { printed, told } = await run();
		expect(told).toContain('model scripted,');
		expect(printed).toContain('1 model, this one is among them');
		await run('--model', 'other');
		expect(new Set(server.bodies.map(({ model }) => model))).toEqual(
			new Set(['scripted', 'other', 'no-such-model-live-check']),
		);
	});

	test.each([
		[['--base-url', 'http://inference.do-ai.run'], /^The base URL must start with https/],
		[['--base-url', ' '], /^--base-url is empty/],
		[['--base-url'], /'--base-url <value>' argument missing/],
		[['out.json'], /^Unknown argument 'out.json'/],
		[['--compare', 'a.json'], /^--compare needs two reports/],
		[['--compare', 'a.json', 'b.json', 'c.json'], /^--compare needs two reports/],
		[['--compare', 'a.json', 'b.json', '--model', 'x'], /^--compare sends nothing/],
		[['--json', '/no/such/folder/out.json'], /^The report cannot be written: ENOENT/],
	])('%j is a mistake that is told before anything is sent', async (args, complaint) => {
		const { code, told, printed } = await run(...args);
		expect([code, printed]).toEqual([1, '']);
		expect(told).toMatch(complaint);
		expect(server.requests).toEqual([]);
	});

	test('--help tells all options', async () => {
		const { code, printed } = await run('--help');
		expect(code).toBe(0);
		for (const option of ['--base-url', '--model', '--json', '--compare', '--timeout']) {
			expect(printed).toContain(option);
		}
	});
});

describe('A report', () => {
	test('is saved where --json says, beside the tables', async () => {
		server.requireKey(SECRET);
		const file = await save('out.json', {});
		const { findings, calls, baseUrl, model } = await readReport(file);
		expect({ baseUrl, model }).toEqual({
			baseUrl: `${server.url}/v1`,
			model: 'openai-gpt-oss-20b',
		});
		expect(findings.length).toBeGreaterThan(30);
		expect(calls[0]).toMatchObject({ name: 'plain', status: 200, body: { status: 'completed' } });
		const { printed, told } = await run('--json', file);
		expect(printed).toMatch(/^Call +HTTP/);
		expect(told).toContain(`Saved in ${file}.`);
	});

	test('is printed without a file, and with = as well', async () => {
		const { printed } = await run('--json', '--model', 'x');
		expect(JSON.parse(printed)).toMatchObject({ liveCheck: 1, model: 'x' });
		await run(`--json=${fileOf('equals.json')}`);
		expect(existsSync(fileOf('equals.json'))).toBe(true);
	});

	test('of a local server keeps its words, though the key may be one of their letters', async () => {
		const env = { GRADIENT_BASE_URL: server.url, GRADIENT_MODEL_ACCESS_KEY: 'e' };
		const { printed } = await runLiveCheck(['--json'], env);
		expect(printed).toContain('Hello.');
		server.answer(json({ error: { message: 'Bad key: e!' } }, { status: 401 }));
		const { printed: refused } = await runLiveCheck(['--json'], env);
		expect(refused).toContain('Bad key: ***!');
		expect(refused).not.toContain('Bad key: e');
	});
});

describe('--compare', () => {
	test('shows the rows that differ, and no others', async () => {
		const one = await save('one.json', {});
		const other = await save('other.json', {
			namedToolChoice: 'flat',
			ignored: ['text'],
			refused: ['metadata'],
			streams: 'unless told not to',
			saysCut: false,
		});
		const { code, printed } = await run('--compare', one, other);
		expect(code).toBe(0);
		const rows = printed.split('\n').filter((line) => line && !/^ |^[ab] |rows differ/.test(line));
		expect(rows).toEqual([
			'no stream unless it is asked for',
			'field metadata',
			'named tool_choice, nested {type, function: {name}}',
			'named tool_choice, flat {type, name}',
			'max_output_tokens',
			'max_tokens',
			'text.format with a JSON Schema',
		]);
		expect(printed).toContain(
			[
				'text.format with a JSON Schema',
				'  a  accepted, and it works: the answer is "{"capital":"Paris"}"',
				'  b  accepted, but without effect: the answer is "Paris."',
			].join('\n'),
		);
		expect(printed).toMatch(/\n7 of \d+ rows differ\.$/);
		expect(printed).toMatch(/^a {2}.*one\.json: http:.*, model openai-gpt-oss-20b, 20\d\d-/);
	});

	test('of two runs against one server, whatever the model says, shows none', async () => {
		const says = (word: string): Behaviour => ({
			says: ({ tools, text, input, instructions }) =>
				!tools && !text && !instructions && input === 'Say hello.' ? word : undefined,
			refused: ['reasoning'],
		});
		const one = await save('one.json', says('Hello!'));
		const other = await save('other.json', says('Good day to you.'));
		const { printed } = await run('--compare', one, other);
		expect(printed).toMatch(/\n\n0 of \d+ rows differ\.$/);
	});

	test('says where the models differ, or a question was asked of one only', async () => {
		const one = await save('one.json', {}, '--model', 'a');
		const other = await save('other.json', {}, '--model', 'b');
		const report = await readReport(other);
		report.findings = report.findings.filter(({ question }) => question !== 'instructions');
		await writeFile(other, JSON.stringify(report));
		const { printed } = await run('--compare', one, other);
		expect(printed).toContain('The models differ');
		expect(printed).toMatch(/instructions\n {2}a {2}accepted.*\n {2}b {2}not asked\n/);
	});

	test('sends nothing and needs no key', async () => {
		const file = await save('one.json', {});
		server.reset();
		const args = ['--compare', file, file];
		expect(await runLiveCheck(args, { GRADIENT_MODEL_ACCESS_KEY: undefined })).toMatchObject({
			code: 0,
			told: '',
		});
		expect(server.requests).toEqual([]);
	});

	test.each([
		['missing.json', undefined, /^The report cannot be read: ENOENT/],
		['text.json', 'no JSON', /text\.json is no report of this live-check: make one with --json/],
		['other.json', '{"name": "x"}', /is no report of this live-check \(liveCheck: /],
		['newer.json', '{"liveCheck": 2}', /is no report of this live-check \(liveCheck: /],
	])('says of %s that it is no report', async (name, text, complaint) => {
		const file = await save('one.json', {});
		if (text !== undefined) await writeFile(fileOf(name), text);
		const { code, told, printed } = await run('--compare', file, fileOf(name));
		expect([code, printed]).toEqual([1, '']);
		expect(told).toMatch(complaint);
	});
});
