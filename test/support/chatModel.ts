/** Gives tests the chat model that the built sub-node supplies, as a root node such as n8n's agent gets it. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { IDataObject, IExecuteFunctions, INode } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { MANUAL_TRIGGER, defineNodeType, node, runWorkflow, type WorkflowRun } from './engine';
import { MODEL, byId, type GradientBench, type GradientRun } from './gradientNode';

export const CHAT_MODEL = 'n8n-nodes-digitalocean-gradient.lmChatGradient';
/** The names of the nodes in the workflows of these tests. */
export const MODEL_NODE = 'Gradient Chat Model';
export const ROOT = 'Root';

export const FORM: IDataObject = { model: byId(MODEL) };

/** What a root node does with the model; its outcome is the item's `result`. */
export type Work = (model: BaseChatModel, context: IExecuteFunctions) => Promise<unknown>;

/** One question. */
export const ask: Work = async (model) => (await model.invoke('Hello')).content;

export const chatModelNode = (parameters: IDataObject = FORM, settings: Partial<INode> = {}) =>
	node(MODEL_NODE, CHAT_MODEL, parameters as INode['parameters'], {
		credentials: { gradientApi: { id: 'gradientApi', name: 'Gradient' } },
		...settings,
	});

/** Starts a root node with the sub-node plugged into it. */
export function startWithModel(
	bench: GradientBench,
	work: Work,
	parameters: IDataObject = FORM,
	{ items = [{}], credential, nodeSettings, ...options }: GradientRun = {},
): WorkflowRun {
	const type = NodeConnectionTypes.AiLanguageModel;
	const root = defineNodeType(
		'root',
		async function () {
			const model = (await this.getInputConnectionData(type, 0)) as BaseChatModel;
			return [[{ json: { result: (await work(model, this)) as IDataObject } }]];
		},
		{ inputs: [{ type: NodeConnectionTypes.Main }, { type, maxConnections: 1 }] },
	);
	return runWorkflow({
		loader: bench.loader,
		nodes: [
			node('Start', MANUAL_TRIGGER),
			node(ROOT, 'test.root'),
			chatModelNode(parameters, nodeSettings),
		],
		connections: {
			Start: { main: [[{ node: ROOT, type: 'main', index: 0 }]] },
			[MODEL_NODE]: { [type]: [[{ node: ROOT, type, index: 0 }]] },
		},
		extraNodeTypes: { 'test.root': root },
		credentials: { gradientApi: { ...bench.credential, ...credential } },
		items: items.map((json) => ({ json })),
		...options,
	});
}

/**
 * What the root node's work gave.
 * @throws what the run failed with
 */
export async function withModel<T>(
	bench: GradientBench,
	work: (model: BaseChatModel, context: IExecuteFunctions) => Promise<T>,
	parameters?: IDataObject,
	options?: GradientRun,
): Promise<T> {
	let outcome: { value: T } | undefined;
	const keep: Work = async (model, context) => {
		outcome = { value: await work(model, context) };
		return {};
	};
	const run = await startWithModel(bench, keep, parameters, options).result;
	if (!outcome) throw run.error ?? new Error('The root node did not run');
	return outcome.value;
}
