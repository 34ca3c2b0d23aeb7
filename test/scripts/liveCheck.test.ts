/** What `npm run live-check` finds out of servers whose behaviour is known. */
import { startAimock } from '../support/aimock';
import { json } from '../support/answers';
import { errorBodies, rateLimited } from '../support/errorBodies';
import { GradientServer, startGradientServer } from '../support/gradientServer';
import { gradientApi } from './gradientApi';
import { SECRET, reportOf, runLiveCheck } from './runLiveCheck';

const BASIC_CALLS = [
	'plain',
	'instructions',
	'messages with every role',
	'stream',
	'function tool',
	'named tool choice',
	'web search',
	'wrong model',
];

let server: GradientServer;
beforeAll(async () => {
	server = await startGradientServer();
});
beforeEach(() => {
	server.reset();
	server.requireKey(SECRET);
});
afterAll(async () => await server.close());

type Environment = Record<string, string | undefined>;

const run = async (args: string[] = [], env: Environment = {}) =>
	await runLiveCheck(args, { GRADIENT_BASE_URL: server.url, ...env });

const report = async (env: Environment = {}, ...args: string[]) =>
	await reportOf(args, { GRADIENT_BASE_URL: server.url, ...env });

describe('Against an API that takes everything', () => {
	beforeEach(() => server.answer(gradientApi()));

	test('the eight calls come first, and no more requests are made than were announced', async () => {
		const { code, told, printed } = await run();
		expect(code).toBe(0);
		const [, announced] = /about (\d+) small requests/.exec(told) ?? [];
		expect(server.requests).toHaveLength(Number(announced));
		const rows = printed.split('\n').slice(2, 10);
		expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual(BASIC_CALLS);
		for (const { max_output_tokens: limit, max_tokens: alias } of server.bodies) {
			expect(Number(limit ?? alias)).toBeLessThanOrEqual(512);
		}
	});

	test('each question has its answer', async () => {
		const { finding, models, error } = await report();
		expect(finding('stream: dialect')).toMatch(/^seen: typed events \(\d+ types\)$/);
		expect(finding('stream: [DONE] at the end')).toBe('seen: not sent');
		expect(finding('stream_options')).toBe('accepted: accepted: usage came in the last event');
		expect(finding('instructions')).toMatch(/^works/);
		expect(finding('role developer')).toMatch(/^works.*names PAPAYA$/);
		expect(finding('field temperature')).toMatch(/the response repeats temperature: 0.2$/);
		expect(finding('function tool')).toMatch(/^works.*called get_weather, get_weather$/);
		expect(finding('named tool_choice, nested {type, function: {name}}')).toMatch(/^works/);
		expect(finding('named tool_choice, flat {type, name}')).toBe(
			'refused: refused, HTTP 400: Unsupported: tool_choice',
		);
		expect(finding('parallel_tool_calls: false')).toMatch(/^works.*1, and 2 without/);
		expect(finding('max_tokens')).toMatch(/^works.*status incomplete/);
		expect(finding('reasoning.effort')).toMatch(/repeats reasoning: {"effort":"low"}$/);
		expect(finding('reasoning.max_tokens')).toMatch(/repeats reasoning: {"max_tokens":128}$/);
		expect(finding('prompt_cache_retention')).toMatch(/^accepted: .* cached tokens/);
		expect(finding('tool web_search with max_uses and max_results')).toMatch(/^works.*web_search/);
		expect(finding('tool web_fetch')).toMatch(/^works.*output of web_fetch_call, message$/);
		expect(finding('tool knowledge_base_retrieval')).toBe('accepted: accepted: output of message');
		expect(finding('tool mcp')).toBe('accepted: accepted: output of message');
		expect(finding('tool tool_search, and a function with defer_loading')).toMatch(/^not shown/);
		expect(finding('router with X-Model-Affinity')).toBe(
			'seen: no route, answered by router:balanced',
		);
		expect(finding('text.format with a JSON Schema')).toMatch(/^works/);
		expect(finding('tool web_search')).toMatch(/^works.*1 web_search_call/);
		expect(finding('image as input_image')).toMatch(/^works/);
		expect(finding('file as input_file')).toMatch(/^works/);
		expect(finding("conversation (the node's) as the next input")).toMatch(/^works.*20 °C/);
		expect(finding('Retry-After on HTTP 429')).toMatch(/no 429 came/);
		expect(models).toEqual({ count: 8, listed: true });
		expect(error('wrong model')).toMatchObject({ status: 404, type: 'not_found_error' });
		expect(error('wrong key')).toMatchObject({
			status: 401,
			envelope: '{id, message, request_id}',
			message: 'Unable to authenticate you.',
		});
	});

	test('the next turn has the output for each call, cleaned and as it came', async () => {
		await run();
		const turns = server.bodies.filter(({ input }) =>
			JSON.stringify(input).includes('function_call_output'),
		);
		expect(turns).toHaveLength(2);
		for (const { input } of turns) {
			expect(input).toMatchObject([
				{ role: 'user' },
				{ type: 'function_call', call_id: 'call_1' },
				{ type: 'function_call', call_id: 'call_2' },
				{ type: 'function_call_output', call_id: 'call_1' },
				{ type: 'function_call_output', call_id: 'call_2' },
			]);
		}
	});

	test('the model is that of --model, of GRADIENT_MODEL, or a default', async () => {
		expect((await report({ GRADIENT_MODEL: 'kimi-k2.6' })).model).toBe('kimi-k2.6');
		expect((await report({ GRADIENT_MODEL: 'kimi-k2.6' }, '--model', 'x')).model).toBe('x');
		const { model, models } = await report();
		expect(model).toBe('openai-gpt-oss-20b');
		expect(models).toMatchObject({ listed: true });
	});
});

test('what DigitalOcean documents beside its reference may be refused, each for itself', async () => {
	const tools = ['web_fetch', 'knowledge_base_retrieval', 'model_synthesis', 'tool_search'];
	server.answer(
		gradientApi({ refused: ['prompt_cache_retention'], refusedValues: [...tools, 'mcp'] }),
	);
	const { finding } = await report();
	for (const tool of ['web_fetch', 'knowledge_base_retrieval', 'mcp', 'model_synthesis']) {
		expect(finding(`tool ${tool}`)).toBe(`refused: refused, HTTP 400: Unsupported: ${tool}`);
	}
	expect(finding('prompt_cache_retention')).toMatch(/^refused/);
	expect(finding('reasoning.max_tokens')).toMatch(/^accepted/);
});

test('a router is asked for with its header, and the way that it took is told', async () => {
	const api = gradientApi();
	server.answer(async (request, index) => {
		const { model } = (request.body ?? {}) as { model?: string };
		const answer = await api(request, index);
		const isRouter = model?.startsWith('router:') && request.headers['x-model-affinity'];
		return isRouter && answer
			? { ...answer, headers: { ...answer.headers, 'x-model-router-selected-route': 'cheap' } }
			: answer;
	});
	const { finding } = await report();
	expect(finding('router with X-Model-Affinity')).toBe(
		'seen: the route cheap, answered by router:balanced',
	);
	const sent = server.requests.filter(({ headers }) => headers['x-model-affinity']);
	expect(sent.map(({ body }) => (body as { model: string }).model)).toEqual(['router:balanced']);
});

test('without a router, none is asked for', async () => {
	const api = gradientApi();
	server.answer((request, index) =>
		request.path === '/v1/models'
			? json({ data: [{ id: 'openai-gpt-oss-20b' }] })
			: api(request, index),
	);
	const { finding } = await report();
	expect(finding('router with X-Model-Affinity')).toMatch(/^unclear: not asked/);
});

test('the other dialect of streams, and the flat tool choice, are told apart', async () => {
	server.answer(gradientApi({ dialect: 'chat chunks', namedToolChoice: 'flat' }));
	const { finding } = await report();
	expect(finding('stream: dialect')).toMatch(/^seen: chat chunks \(\d+\)$/);
	expect(finding('stream: [DONE] at the end')).toBe('seen: sent');
	expect(finding('stream_options')).toBe('accepted: accepted: usage came in a chunk');
	expect(finding('named tool_choice, nested {type, function: {name}}')).toMatch(/^refused/);
	expect(finding('named tool_choice, flat {type, name}')).toMatch(/^works/);
});

test('fields that are refused together are sent again, each alone', async () => {
	server.answer(
		gradientApi({
			refused: ['modalities', 'stream_options', 'reasoning'],
			refusedValues: ['developer', 'input_image'],
		}),
	);
	const { finding, code } = await report();
	expect(code).toBe(0);
	expect(finding('field modalities')).toBe('refused: refused, HTTP 400: Unsupported: modalities');
	expect(finding('field temperature')).toMatch(/^accepted/);
	expect(finding('role developer')).toMatch(/^refused/);
	expect(finding('role tool')).toMatch(/^works/);
	expect(finding('stream_options')).toMatch(/^refused/);
	expect(finding('stream: dialect')).toMatch(/typed events/);
	expect(finding('reasoning.effort')).toMatch(/^refused/);
	expect(finding('image as input_image')).toMatch(/^refused/);
	expect(finding('file as input_file')).toMatch(/^works/);
});

describe('When calls fail', () => {
	test('a wrong key is said of each call, and decides nothing else', async () => {
		const { code, finding, models, calls } = await report({ GRADIENT_MODEL_ACCESS_KEY: 'sk-no' });
		expect(code).toBe(1);
		expect(models).toEqual({ failure: 'Unable to authenticate you.' });
		expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([401]));
		expect(calls.map(({ name }) => name)).toEqual(expect.arrayContaining(BASIC_CALLS));
		expect(finding('instructions')).toBe('unclear: HTTP 401: Unable to authenticate you.');
		expect(finding("conversation (the node's) as the next input")).toMatch(/^unclear: not asked/);
	});

	test('a model that does not exist refuses no field', async () => {
		server.answer(gradientApi());
		const { code, finding } = await report({}, '--model', 'no-such-model');
		expect(code).toBe(1);
		expect(finding('reasoning.effort')).toBe(
			'unclear: HTTP 404: The model `nope` does not exist. (and the plain call failed as well)',
		);
	});

	test('a server that is down is said of each call', async () => {
		const down = await startGradientServer();
		const gone = { GRADIENT_BASE_URL: down.url };
		await down.close();
		const { code, finding, calls } = await report(gone);
		expect(code).toBe(1);
		expect(finding('stream: dialect')).toMatch(
			/^unclear: No answer came: .* refused the connection/,
		);
		expect(calls.every(({ status }) => status === null)).toBe(true);
	});

	test('one that fails in the middle leaves the others alone', async () => {
		const api = gradientApi();
		server.answer((request, index) =>
			JSON.stringify(request.body ?? '').includes('input_image')
				? { send: 'nothing', then: 'reset' }
				: JSON.stringify(request.body ?? '').includes('input_file')
					? errorBodies.maintenance503
					: api(request, index),
		);
		const { code, finding, error } = await report();
		expect(code).toBe(0);
		expect(finding('image as input_image')).toMatch(/^unclear: No answer came/);
		expect(finding('file as input_file')).toMatch(/^unclear: HTTP 503/);
		expect(error('file')).toMatchObject({ envelope: 'HTML' });
		expect(finding("conversation (the node's) as the next input")).toMatch(/^works.*20 °C/);
	});

	test('a call that is silent ends at the time limit', async () => {
		const api = gradientApi();
		server.answer((request, index) =>
			JSON.stringify(request.body ?? '').includes('input_file')
				? { json: {}, send: 'half', then: 'hang' }
				: api(request, index),
		);
		const { finding } = await report({}, '--timeout', '0.5');
		expect(finding('file as input_file')).toBe('unclear: No answer came within 0.5 s');
	});

	test('a rate limit is waited for once, and its headers are an answer', async () => {
		const api = gradientApi();
		let refused = false;
		server.answer((request, index) => {
			if (refused || request.method !== 'POST') return api(request, index);
			refused = true;
			return rateLimited({ 'retry-after': '1', 'x-ratelimit-remaining-requests': '0' });
		});
		const { code, finding } = await report();
		expect(code).toBe(0);
		expect(finding('Retry-After on HTTP 429')).toBe('seen: on 1 of 1');
		expect(finding('rate limit headers')).toBe('seen: retry-after, x-ratelimit-remaining-requests');
	});
});

describe('The key', () => {
	test('is asked for, in one sentence', async () => {
		for (const key of [undefined, '', '  ']) {
			const { code, told, printed } = await run([], { GRADIENT_MODEL_ACCESS_KEY: key });
			expect([code, printed]).toEqual([1, '']);
			expect(told).toMatch(/^No key: set the environment variable GRADIENT_MODEL_ACCESS_KEY/);
		}
		expect(server.requests).toEqual([]);
	});

	test('is never shown, even if the server repeats it anywhere', async () => {
		const echo = {
			[SECRET]: SECRET,
			error: { message: `Bad key ${SECRET}`, type: SECRET, code: `x${SECRET}` },
		};
		server.answer(({ body }) => {
			const status = (body as { stream?: boolean })?.stream ? 500 : 401;
			return json(echo, { status, headers: { 'x-request-id': SECRET } });
		});
		for (const args of [[], ['--json']]) {
			const { printed, told } = await run(args);
			expect(printed).toContain('Bad key ***');
			expect(printed + told).not.toContain(SECRET);
		}
	});

	test('is not needed to be told of a mistake in the arguments', async () => {
		for (const args of [
			['--modle', 'x'],
			['--timeout', 'long'],
		]) {
			const { code, told } = await run(args);
			expect(code).toBe(1);
			expect(told).toMatch(/^Unknown option '--modle'|^--timeout must be/);
		}
		expect(server.requests).toEqual([]);
	});

	test('does not go to an address that is not safe', async () => {
		const unsafe = { GRADIENT_BASE_URL: 'http://inference.do-ai.run' };
		const { code, told } = await run([], unsafe);
		expect(code).toBe(1);
		expect(told).toMatch(/must start with https/);
	});
});

test('aimock, which others wrote, is understood', async () => {
	const aimock = await startAimock({ apiKeys: [SECRET] });
	aimock.onPrompt(/.*/, 'Hello from aimock.');
	const { code, finding, calls } = await report({ GRADIENT_BASE_URL: aimock.url });
	await aimock.close();
	expect(code).toBe(0);
	expect(finding('stream: dialect')).toMatch(/^seen: typed events/);
	expect(calls.find(({ name }) => name === 'wrong key')?.status).toBe(401);
	expect(finding('instructions')).toMatch(/^not followed.*"Hello from aimock\."/);
});
