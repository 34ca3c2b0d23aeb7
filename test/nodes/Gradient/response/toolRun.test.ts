import type { ConnectedTool } from '../../../../nodes/Gradient/response/toolbox';
import { Toolbox } from '../../../../nodes/Gradient/response/toolbox';
import { type ToolLimits, runTool } from '../../../../nodes/Gradient/response/toolRun';

const toolOf = (invoke: ConnectedTool['invoke'], name = 'tool'): ConnectedTool => ({
	definition: { type: 'function', name },
	name,
	source: name,
	isFromToolkit: false,
	invoke,
});

const runCall = async (call: typeof CALL, tools: ConnectedTool[], limits: ToolLimits) =>
	(await runTool(call, new Toolbox(tools), limits)).run;

const CALL = { call_id: 'call_1', name: 'tool', arguments: { city: 'Paris' } };
const forEver = async () => await new Promise<never>(() => {});

describe('A call of a tool', () => {
	test('is answered with what the tool returns, and how long that took', async () => {
		const run = await runCall(CALL, [toolOf(async (args) => ({ ...args, sky: 'clear' }))], {});
		expect(run).toEqual({
			call_id: 'call_1',
			name: 'tool',
			arguments: { city: 'Paris' },
			output: '{"city":"Paris","sky":"clear"}',
			ms: expect.any(Number) as number,
		});
	});

	test('goes to the tool of that very name', async () => {
		const tools = ['too', 'tool', 'tool2'].map((name) => toolOf(async () => name, name));
		expect((await runCall(CALL, tools, {})).output).toBe('tool');
	});

	test('of several at once each has its own answer', async () => {
		const tool = toolOf(async ({ city }) => await Promise.resolve(city));
		const runs = ['a', 'b'].map(
			async (city) => await runCall({ ...CALL, arguments: { city } }, [tool], {}),
		);
		expect((await Promise.all(runs)).map(({ output }) => output)).toEqual(['a', 'b']);
	});

	test.each([
		['400,000 characters go whole', 400_000, 400_000],
		['of one more, what is missing is said', 400_001, 400_034],
	])('%s', async (_, length, sent) => {
		const run = await runCall(CALL, [toolOf(async () => 'x'.repeat(length))], {});
		// not toHaveLength, which would print all of it
		expect(run.output.length).toBe(sent);
		expect(run.output.endsWith('(1 more characters were cut off)')).toBe(sent > length);
	});

	test('of a tool that throws null is answered all the same', async () => {
		const run = await runCall(CALL, [toolOf(async () => await Promise.reject(null))], {});
		expect(run).toMatchObject({ output: 'Error: null', error: 'null' });
	});

	test('of a value that JSON cannot hold says why', async () => {
		const value = {
			toJSON: () => {
				throw new Error('Not me');
			},
		};
		const run = await runCall(CALL, [toolOf(async () => value)], {});
		expect(run.output).toBe('The tool ran, but what it returned is not JSON: Not me');
		expect(run).not.toHaveProperty('error');
	});
});

describe('The time of a tool', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test.each([
		['is the Timeout', { timeout: 5000 }, 5000, '5 s'],
		['is five minutes where the form says nothing', {}, 300_000, '300 s'],
	])('%s', async (_, options, ms, words) => {
		let hasEnded = false;
		const run = runCall(CALL, [toolOf(forEver)], options).finally(() => (hasEnded = true));
		await jest.advanceTimersByTimeAsync(ms - 1);
		expect(hasEnded).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect((await run).error).toBe(`The tool did not answer within ${words}`);
	});

	test('has no end where the Timeout is 0, and no timer is left behind', async () => {
		let answer: (value: string) => void = () => {};
		const tool = toolOf(async () => await new Promise((resolve) => (answer = resolve)));
		const run = runCall(CALL, [tool], { timeout: 0 });
		await jest.advanceTimersByTimeAsync(10 ** 9);
		answer('At last');
		expect((await run).output).toBe('At last');
		expect(jest.getTimerCount()).toBe(0);
	});

	test('leaves no timer behind', async () => {
		await runCall(CALL, [toolOf(async () => 'x')], {});
		expect(jest.getTimerCount()).toBe(0);
	});
});

describe('Stop', () => {
	let controller: AbortController;

	test('before a call keeps the tool from running', async () => {
		const invoke = jest.fn(forEver);
		const signal = AbortSignal.abort(new Error('Stopped'));
		await expect(runCall(CALL, [toolOf(invoke)], { signal })).rejects.toThrow('Stopped');
		expect(invoke).not.toHaveBeenCalled();
	});

	test.each([
		['hangs', forEver],
		[
			'gives up with words of its own',
			async () => {
				controller.abort(new Error('Stopped'));
				throw new Error('I was ended');
			},
		],
	])('ends a tool that %s with the reason of the signal', async (_, invoke) => {
		controller = new AbortController();
		const run = runCall(CALL, [toolOf(invoke)], { signal: controller.signal });
		controller.abort(new Error('Stopped'));
		await expect(run).rejects.toThrow('Stopped');
	});
});
