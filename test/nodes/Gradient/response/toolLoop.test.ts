import type { ConnectedTool } from '../../../../nodes/Gradient/response/toolbox';
import { Toolbox } from '../../../../nodes/Gradient/response/toolbox';
import { runToolLoop } from '../../../../nodes/Gradient/response/toolLoop';
import type { GradientResponse, ResponseRequest } from '../../../../nodes/shared/client';
import { readResponse } from '../../../../nodes/shared/client/response/response';
import { functionCall, responseOf, textResponse } from '../../../support/responses';

const tool = (name: string): ConnectedTool => ({
	definition: { type: 'function', name },
	name,
	source: name,
	isFromToolkit: false,
	invoke: async (args) => args,
});

const box = (...tools: ConnectedTool[]) => new Toolbox(tools);

const request: ResponseRequest = { model: 'm', input: 'Hello' };

/** Runs the loop against these bodies, and tells what was asked. */
async function loop(bodies: object[], options: Partial<Parameters<typeof runToolLoop>[1]> = {}) {
	const asked: ResponseRequest[] = [];
	const create = async (round: ResponseRequest): Promise<GradientResponse> => {
		// as it is at that moment: the loop goes on adding to its own list
		asked.push(structuredClone(round));
		const body = bodies[asked.length - 1];
		if (body instanceof Error) throw body;
		return readResponse(body);
	};
	const result = await runToolLoop(
		{ ...request, tools: [{ type: 'function', name: 'own' }] },
		{ create, toolbox: box(tool('a')), maxIterations: 3, concurrency: 5, ...options },
	);
	return { asked, result };
}

const call = (name: string, id: string) => functionCall(name, '{}', id);

test('Without connected tools all calls are left, made up or not, after one request', async () => {
	const bodies = [responseOf([call('own', 'call_1'), call('made_up', 'call_2')])];
	const { asked, result } = await loop(bodies, { toolbox: box() });
	expect(asked).toHaveLength(1);
	expect(result.toolCalls.map(({ name }) => name)).toEqual(['own', 'made_up']);
	expect(result).toMatchObject({ toolRuns: [], failure: undefined });
});

test('With connected tools a made-up call is answered here, and a function of the form is left', async () => {
	const bodies = [responseOf([call('made_up', 'call_1'), call('own', 'call_2')])];
	const { result } = await loop(bodies);
	expect(result.toolCalls.map(({ name }) => name)).toEqual(['own']);
	expect(result.toolRuns).toEqual([
		expect.objectContaining({ name: 'made_up', error: expect.stringContaining('no tool') }),
	]);
});

test('The request that is given is not changed', async () => {
	const input = Object.freeze([Object.freeze({ role: 'user' as const, content: 'Hello' })]);
	const frozen = Object.freeze({ model: 'm', input: input as never });
	const create = async () => readResponse(textResponse('Hi'));
	const { conversation } = await runToolLoop(frozen, {
		create,
		toolbox: box(),
		maxIterations: 1,
		concurrency: 5,
	});
	expect(conversation).toEqual([
		{ type: 'message', role: 'user', content: 'Hello' },
		{ type: 'message', role: 'assistant', content: 'Hi' },
	]);
});

test('Each round is a request of its own, which later rounds do not change', async () => {
	const rounds: ResponseRequest[] = [];
	const bodies = [
		responseOf([call('a', 'call_1')]),
		responseOf([call('a', 'call_2')]),
		textResponse('Hi'),
	];
	const create = async (round: ResponseRequest) => {
		rounds.push(round);
		return readResponse(bodies[rounds.length - 1]);
	};
	await runToolLoop(request, { create, toolbox: box(tool('a')), maxIterations: 3, concurrency: 5 });
	expect(rounds.map(({ input }) => input.length)).toEqual([5, 3, 5]);
});

test('Ids that an earlier conversation has are not given again', async () => {
	const earlier = [
		{ role: 'user' as const, content: 'Hello' },
		{ type: 'function_call' as const, call_id: 'call_1', name: 'a', arguments: '{}' },
		{ type: 'function_call_output' as const, call_id: 'call_1', output: 'x' },
	];
	const bodies = [responseOf([call('a', 'call_1')]), textResponse('Hi')];
	const create = async () => readResponse(bodies.shift());
	const result = await runToolLoop(
		{ model: 'm', input: earlier },
		{ create, toolbox: box(tool('a')), maxIterations: 3, concurrency: 5 },
	);
	expect(result.toolRuns.map(({ call_id }) => call_id)).toEqual(['call_1_2']);
});

test('A name that the API leaves out is a call of no tool', async () => {
	const bodies = [responseOf([call('', 'call_1')]), textResponse('Hi')];
	const { result } = await loop(bodies);
	expect(result.toolRuns[0].error).toContain("There is no tool ''. The tools are: a");
});

describe('A toolkit that is asked again for a later round', () => {
	const fromToolkit = (name: string): ConnectedTool => ({ ...tool(name), isFromToolkit: true });
	const bodies = () => [responseOf([call('a', 'call_1')]), textResponse('Hi')];
	const offered = (asked: ResponseRequest[]) =>
		asked.map(({ tools }) => (tools ?? []).map(({ name }) => name));

	/** Runs the loop with a connected tool that changes to what `supply` gives. */
	async function loopWith(supply: () => Promise<ConnectedTool[]>, options = {}) {
		const kit = fromToolkit('a');
		const asked: ResponseRequest[] = [];
		const answers = bodies();
		const result = await runToolLoop(
			{ ...request, tools: [{ type: 'function', name: 'own' }, kit.definition] },
			{
				create: async (round) => {
					asked.push(structuredClone(round));
					return readResponse(answers.shift());
				},
				toolbox: new Toolbox([kit], supply),
				maxIterations: 3,
				concurrency: 5,
				...options,
			},
		);
		return { asked, result };
	}

	test('has its new tools offered in the place of the old ones', async () => {
		const { asked } = await loopWith(async () => [fromToolkit('a'), fromToolkit('b')]);
		expect(offered(asked)).toEqual([
			['own', 'a'],
			['own', 'a', 'b'],
		]);
	});

	test('does not take the name of a function of the form', async () => {
		const { asked } = await loopWith(async () => [fromToolkit('a'), fromToolkit('own')]);
		expect(offered(asked)[1]).toEqual(['own', 'a']);
	});

	test('and does not answer in time keeps its tools, and the run goes on', async () => {
		const forEver = async () => await new Promise<never>(() => {});
		const { asked, result } = await loopWith(forEver, { timeout: 5 });
		expect(offered(asked)[1]).toEqual(['own', 'a']);
		expect(result.response.text).toBe('Hi');
	});

	test('does not hold up Stop', async () => {
		const controller = new AbortController();
		const supply = async () => {
			controller.abort(new Error('Stopped'));
			return await new Promise<never>(() => {});
		};
		await expect(loopWith(supply, { signal: controller.signal })).rejects.toThrow('Stopped');
	});
});

test('An error that is none of the API stays as it is', async () => {
	const bodies = [responseOf([call('a', 'call_1')]), new Error('Broken')];
	await expect(loop(bodies)).rejects.toStrictEqual(new Error('Broken'));
});
