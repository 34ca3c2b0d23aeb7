import type { INode, ISupplyDataFunctions } from 'n8n-workflow';

import type { ExecutionMemory } from '../chatModel';
import { nameOfParent } from './agentStart';
import { Answers } from './answers';
import { Rounds } from './rounds';

/** By the signal that ends the execution, which is the same for all its nodes, and forgotten with it. */
const memories = new WeakMap<AbortSignal, Map<string, ExecutionMemory>>();

const newMemory = (): ExecutionMemory => ({
	rounds: new Rounds(),
	answers: new Answers(),
	notes: new Set(),
	sessions: new Map(),
});

/**
 * What the models that a node gives to one other node know together: n8n makes a new one for each start of the agent.
 * @param start of the agent, as `startOf` tells it
 */
export function memoryOf(
	context: ISupplyDataFunctions,
	{ name }: INode,
	start: string,
): ExecutionMemory {
	const signal = context.getExecutionCancelSignal();
	const byNode = (signal && memories.get(signal)) ?? new Map<string, ExecutionMemory>();
	const key = JSON.stringify([name, nameOfParent(context)]);
	const memory = byNode.get(key) ?? newMemory();
	// it runs once more: what it asks then is to be answered then
	if (start === '') memory.answers = new Answers();
	byNode.set(key, memory);
	if (signal) memories.set(signal, byNode);
	return memory;
}
