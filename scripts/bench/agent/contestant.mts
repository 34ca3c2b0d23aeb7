/** n8n's AI Agent with one chat model, in a process of its own, where it is measured. `argv`: the name of the model. */
import '../../../test/support/environment.js'; // before n8n-core
import { createRequire } from 'node:module';
import path from 'node:path';
import type { INode, INodeType, INodeTypeBaseDescription } from 'n8n-workflow';

import {
	MANUAL_TRIGGER,
	type RunOptions,
	type RunResult,
	chain,
	loadPackage,
	node,
	runWorkflow,
} from '../../../test/support/engine.js';
import { LANGCHAIN, MODEL, loadPeer } from '../columns/peer.mjs';
import type { Run } from '../throughput/contestant.mjs';
import { PEERS_FOLDER } from '../throughput/peers.mjs';
import { answerCalls } from '../throughput/worker.mjs';
import { floorNode } from './floor.mjs';
import { FINAL_TEXT, TOOL } from './rounds.mjs';

export interface Order {
	/** Without a path. */
	url: string;
	/** One after the other. */
	executions: number;
}

type Setup = Pick<RunOptions, 'loader' | 'credentials' | 'extraNodeTypes'> & { model: INode };

const ROOT = path.resolve(import.meta.dirname, '../../..');

const peer = loadPeer([
	'tools/ToolCalculator/ToolCalculator.node.js',
	'llms/LMChatOpenAi/LmChatOpenAi.node.js',
]);
const own = await loadPackage(ROOT);

/** The rest of all workflows. */
const others = {
	[`${LANGCHAIN}.agent`]: loadAgent(),
	[`${LANGCHAIN}.toolCalculator`]: peer.getNode('toolCalculator').type as INodeType,
};

/** Its newest version alone: the first one wants sqlite3, which the peers have no build of. */
function loadAgent(): INodeType {
	const nodes = path.join(PEERS_FOLDER, 'node_modules', LANGCHAIN, 'dist/nodes');
	const { AgentV3 } = createRequire(import.meta.url)(
		path.join(nodes, 'agents/Agent/V3/AgentV3.node.js'),
	) as {
		AgentV3: new (description: INodeTypeBaseDescription) => INodeType;
	};
	return new AgentV3({
		displayName: 'AI Agent',
		name: 'agent',
		group: ['transform'],
		description: '',
		defaultVersion: 3.1,
	});
}

const modelNode = (
	type: string,
	typeVersion: number,
	credential: string,
	parameters: INode['parameters'] = {},
) =>
	node(
		'Model',
		type,
		{ model: MODEL, ...parameters },
		{ typeVersion, credentials: { [credential]: { id: credential, name: credential } } },
	);

const ours = (url: string): Setup => ({
	loader: own,
	model: modelNode(`${own.packageName}.lmChatGradient`, 1, 'gradientApi'),
	credentials: { gradientApi: { apiKey: 'none', baseUrl: url } },
});

const openAi =
	(responsesApiEnabled: boolean) =>
	(url: string): Setup => ({
		loader: peer,
		model: modelNode(`${LANGCHAIN}.lmChatOpenAi`, 1.3, 'openAiApi', { responsesApiEnabled }),
		credentials: { openAiApi: { apiKey: 'none', url: `${url}/v1` } },
	});

/** Nothing is asked: what is left to a chat model. */
const floor = (): Setup => ({
	loader: peer,
	model: node('Model', 'bench.floor'),
	extraNodeTypes: { 'bench.floor': floorNode() },
});

const SETUPS: Record<string, (url: string) => Setup> = {
	floor,
	ours,
	openAi: openAi(false),
	openAiResponses: openAi(true),
};

const setupFor = SETUPS[process.argv[2]];

function execute({ model, extraNodeTypes, ...setup }: Setup): Promise<RunResult> {
	const main = chain(
		node('Start', MANUAL_TRIGGER),
		node(
			'Agent',
			`${LANGCHAIN}.agent`,
			{
				promptType: 'define',
				text: 'How large are four rooms of 11, 22, 33 and 44 square metres?',
			},
			{ typeVersion: 3.1 },
		),
	);
	return runWorkflow({
		...setup,
		extraNodeTypes: { ...others, ...extraNodeTypes },
		nodes: [...main.nodes, model, node(TOOL, `${LANGCHAIN}.toolCalculator`)],
		connections: {
			...main.connections,
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			[TOOL]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	}).result;
}

/** @throws Error, if it is not the answer of the last round */
function check(result: RunResult) {
	if (result.error) throw new Error(`${result.error.message}: ${result.error.description}`);
	const output = result.json('Agent');
	if (output.length === 1 && output[0].output === FINAL_TEXT) return;
	throw new Error(`The agent answered ${JSON.stringify(output)}`);
}

answerCalls({
	async run({ url, executions }: Order): Promise<Run> {
		const setup = setupFor(url);
		const results: RunResult[] = [];
		const cpu = process.cpuUsage();
		const started = performance.now();
		for (let one = 0; one < executions; one++) results.push(await execute(setup));
		const ms = performance.now() - started;
		const { user, system } = process.cpuUsage(cpu);
		results.forEach(check);
		return { ms, cpuMs: (user + system) / 1000 };
	},
});
