import type { IExecuteData, IExecuteFunctions, INode } from 'n8n-workflow';

import {
	EarlierTries,
	earlierTries,
	withoutRepetition,
} from '../../../../nodes/Gradient/response/earlierTries';
import { Toolbox } from '../../../../nodes/Gradient/response/toolbox';
import type { GradientResponse, ResponseRequest } from '../../../../nodes/shared/client';

const answer = (text: string) => ({ text, toolCalls: [] }) as unknown as GradientResponse;

const REQUEST = { model: 'm', input: 'Hello' } as ResponseRequest;

/** As n8n hands it to a node: a new one for each try of a run. */
const contextOf = (run: object | undefined, node: Partial<INode> = {}) =>
	({
		getNode: () => ({ name: 'Gradient', retryOnFail: true, ...node }),
		getExecuteData: () => run,
	}) as unknown as IExecuteFunctions;

const runOf = (name: string) => ({ node: { name } }) as IExecuteData;

describe('What earlier tries had', () => {
	test('is the same for all tries of one run', () => {
		const run = runOf('Gradient');
		expect(earlierTries(contextOf(run))).toBe(earlierTries(contextOf(run)));
	});

	test('is apart from that of another run', () => {
		const [one, other] = [runOf('Gradient'), runOf('Gradient')];
		expect(earlierTries(contextOf(one))).not.toBe(earlierTries(contextOf(other)));
	});

	test.each<[string, object | undefined, Partial<INode>]>([
		['where Retry On Fail is off', runOf('Gradient'), { retryOnFail: false }],
		['where n8n gives the run of an agent, whose tool the node is', runOf('AI Agent'), {}],
		['where n8n gives none', undefined, {}],
	])('is nothing %s', (_, run, node) => {
		expect(earlierTries(contextOf(run, node))).toBeUndefined();
	});

	test('is a copy each time', () => {
		const tries = new EarlierTries();
		const kept = answer('Hi');
		tries.keep('a', kept);
		kept.text = 'changed';
		const first = tries.recall<GradientResponse>('a')!;
		first.text = 'changed too';
		expect(tries.recall('a')).toMatchObject({ text: 'Hi' });
	});

	test('is bounded: what is too much is not kept, and it says so', () => {
		const tries = new EarlierTries(2_000);
		tries.keep('a', answer('x'.repeat(1_000)));
		expect(tries.isFull).toBe(false);
		tries.keep('b', answer('y'.repeat(1_000)));
		expect(tries.isFull).toBe(true);
		expect(tries.recall('a')).toBeDefined();
		expect(tries.recall('b')).toBeUndefined();
	});

	test('counts entries too, be they ever so small', () => {
		const tries = new EarlierTries(100_000);
		for (let i = 0; i < 1_000; i++) tries.keep(String(i), answer(''));
		expect(tries.isFull).toBe(true);
	});

	test('does not fail for an answer that is nested too deep to be kept', () => {
		let deep: unknown = 0;
		for (let i = 0; i < 100_000; i++) deep = [deep];
		const tries = new EarlierTries();
		tries.keep('a', { ...answer('Hi'), body: deep } as unknown as GradientResponse);
		expect(tries.recall('a')).toBeUndefined();
		expect(tries.isFull).toBe(true);
	});
});

describe('A request', () => {
	/** Asks in a new try. */
	const ask = async (tries: EarlierTries, item: number, ...requests: ResponseRequest[]) => {
		const sent: ResponseRequest[] = [];
		const create = async (request: ResponseRequest) => {
			sent.push(request);
			return answer(`${sent.length}`);
		};
		const exchange = withoutRepetition(tries, item, { create, toolbox: new Toolbox([]) });
		for (const request of requests) await exchange.create(request);
		return sent;
	};

	test('is not made again at the same place', async () => {
		const tries = new EarlierTries();
		expect(await ask(tries, 0, REQUEST)).toHaveLength(1);
		expect(await ask(tries, 0, REQUEST)).toEqual([]);
	});

	test.each<[string, number, ResponseRequest[]]>([
		['for another item', 1, [REQUEST]],
		['with another input', 0, [{ ...REQUEST, input: 'Hello!' }]],
		['with its keys in another order', 0, [{ input: 'Hello', model: 'm' }]],
		['in a later round', 0, [{ ...REQUEST, input: 'first' }, REQUEST]],
	])('is made again %s', async (_, item, requests) => {
		const tries = new EarlierTries();
		await ask(tries, 0, REQUEST);
		expect(await ask(tries, item, ...requests)).toEqual(requests);
	});

	test('that failed is made again', async () => {
		const tries = new EarlierTries();
		const create = async () => {
			throw new Error('No');
		};
		const exchange = withoutRepetition(tries, 0, { create, toolbox: new Toolbox([]) });
		await expect(exchange.create(REQUEST)).rejects.toThrow('No');
		expect(await ask(tries, 0, REQUEST)).toHaveLength(1);
	});
});
