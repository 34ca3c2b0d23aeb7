/** Who takes part, each as a user would set it up for one prompt per item. */
import '../../../test/support/environment.js'; // before n8n-core
import path from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	type IDataObject,
	type INode,
	type INodeExecutionData,
	NodeConnectionTypes,
} from 'n8n-workflow';

import {
	MANUAL_TRIGGER,
	type RunOptions,
	chain,
	defineNodeType,
	loadPackage,
	node,
	runWorkflow,
} from '../../../test/support/engine.js';
import { runFloor, runKept } from './floor.mjs';
import { PEERS_FOLDER } from './peers.mjs';
import { redirectTls } from './redirectTls.mjs';

export interface Task {
	prompts: INodeExecutionData[];
	concurrency: number;
	/** Without a path. */
	url: string;
	/** Where `url` would not do: DigitalOcean's node has a fixed host, so always TLS. */
	tlsPort: number;
	isStreaming: boolean;
}

export interface Outcome {
	/** One for each prompt, in order. */
	outputs: unknown[];
	/** All that n8n keeps of the execution until it is saved. */
	execution: unknown;
}

const ROOT = path.resolve(import.meta.dirname, '../../..');

interface Invokable {
	invoke(prompt: unknown): Promise<unknown>;
}

type Run = (task: Task) => Promise<Outcome>;

/** By name; each loads what it needs and gives what is then run again and again. */
export const contestants: Record<string, () => Promise<Run>> = {
	floor: async () => runFloor,

	kept: async () => runKept,

	/** What is left to a node: the engine, one expression per item, and the floor. */
	async engine() {
		const loader = await loadPackage(ROOT);
		return async (task) =>
			await runNode(task, {
				loader,
				type: 'floor',
				parameters: { prompt: '={{ $json.prompt }}' },
				extraNodeTypes: { [`${loader.packageName}.floor`]: floorNode(task) },
			});
	},

	async ours() {
		const loader = await loadPackage(ROOT);
		return async ({ url, concurrency, isStreaming, ...task }) =>
			await runNode(task, {
				loader,
				type: 'gradient',
				typeVersion: 1.1,
				parameters: {
					model: { __rl: true, mode: 'id', value: 'bench' },
					prompt: '={{ $json.prompt }}',
					requestOptions: { maxConcurrentRequests: concurrency },
				},
				credentials: { gradientApi: { apiKey: 'none', baseUrl: url } },
				...(isStreaming && { mode: 'webhook', streaming: true }),
			});
	},

	/** One prompt after the other, by the chat model in the hands of a root node. */
	async oursInTurns() {
		const loader = await loadPackage(ROOT);
		return async ({ prompts, url }) => {
			const outputs: unknown[] = [];
			const type = NodeConnectionTypes.AiLanguageModel;
			const root = defineNodeType(
				'root',
				async function () {
					const model = (await this.getInputConnectionData(type, 0)) as Invokable;
					for (const { json } of prompts) outputs.push(await model.invoke(json.prompt));
					return [[]];
				},
				{ inputs: [{ type: NodeConnectionTypes.Main }, { type, maxConnections: 1 }] },
			);
			const execution = await runWorkflow({
				loader,
				nodes: [
					node('Start', MANUAL_TRIGGER),
					node('Root', 'bench.root'),
					node(
						'Model',
						`${loader.packageName}.lmChatGradient`,
						{ model: { __rl: true, mode: 'id', value: 'bench' } },
						{ credentials: { gradientApi: { id: 'gradientApi', name: 'gradientApi' } } },
					),
				],
				connections: {
					Start: { main: [[{ node: 'Root', type: 'main', index: 0 }]] },
					Model: { [type]: [[{ node: 'Root', type, index: 0 }]] },
				},
				extraNodeTypes: { 'bench.root': root },
				credentials: { gradientApi: { apiKey: 'none', baseUrl: url } },
			}).result;
			return { outputs, execution };
		};
	},

	async httpRequest() {
		const loader = loadPeer('n8n-nodes-base', 'dist/nodes/HttpRequest/HttpRequest.node.js', [
			'dist/credentials/HttpBearerAuth.credentials.js',
		]);
		return async ({ url, ...task }) =>
			await runNode(task, {
				loader,
				type: 'httpRequest',
				typeVersion: 4.5,
				parameters: {
					method: 'POST',
					url: `${url}/v1/responses`,
					authentication: 'genericCredentialType',
					genericAuthType: 'httpBearerAuth',
					sendBody: true,
					bodyParameters: {
						parameters: [
							{ name: 'model', value: 'bench' },
							{ name: 'input', value: '={{ $json.prompt }}' },
						],
					},
				},
				credentials: { httpBearerAuth: { token: 'none' } },
			});
	},

	async openAi() {
		const loader = loadPeer(
			'@n8n/n8n-nodes-langchain',
			'dist/nodes/vendors/OpenAi/OpenAi.node.js',
			['../../n8n-nodes-base/dist/credentials/OpenAiApi.credentials.js'],
		);
		return async ({ url, ...task }) =>
			await runNode(task, {
				loader,
				type: 'openAi',
				typeVersion: 2.3,
				parameters: {
					resource: 'text',
					operation: 'response',
					modelId: { __rl: true, mode: 'id', value: 'bench' },
					responses: { values: [{ type: 'text', role: 'user', content: '={{ $json.prompt }}' }] },
				},
				credentials: { openAiApi: { apiKey: 'none', url: `${url}/v1` } },
			});
	},

	async digitalOcean() {
		const folder = 'dist/nodes/ServerlessInference';
		const loader = loadPeer(
			'@digitalocean/n8n-nodes-digitalocean-gradient-serverless-inference',
			`${folder}/DigitalOceanGradientServerlessInference.node.js`,
			['dist/credentials/DigitalOceanServerlessInferenceApi.credentials.js'],
		);
		return async ({ tlsPort, ...task }) => {
			redirectTls('inference.do-ai.run', tlsPort);
			return await runNode(task, {
				loader,
				type: 'digitalOceanGradientServerlessInference',
				parameters: { model: 'bench', prompt: '={{ $json.prompt }}' },
				credentials: { digitalOceanServerlessInferenceApi: { key: 'none' } },
			});
		};
	},
};

const floorNode = (task: Task) =>
	defineNodeType(
		'floor',
		async function () {
			const prompts = this.getInputData().map((_item, index) => ({
				json: { prompt: this.getNodeParameter('prompt', index) as string },
			}));
			const { outputs } = await runFloor({ ...task, prompts });
			return [outputs.map((json, item) => ({ json: toJson(json), pairedItem: { item } }))];
		},
		{ properties: [{ displayName: 'Prompt', name: 'prompt', type: 'string', default: '' }] },
	);

/** A stream is text. */
const toJson = (output: unknown) =>
	(typeof output === 'string' ? { text: output } : output) as IDataObject;

/** One node of an installed package, by n8n's own loader; all nodes would take minutes. */
function loadPeer(packageName: string, nodeFile: string, credentialFiles: string[]) {
	const loader = new PackageDirectoryLoader(path.join(PEERS_FOLDER, 'node_modules', packageName));
	loader.loadNodeFromFile(nodeFile);
	credentialFiles.forEach((file) => loader.loadCredentialFromFile(file));
	return loader;
}

interface NodeUnderTest
	extends Pick<INode, 'parameters' | 'type'>,
		Pick<RunOptions, 'loader' | 'credentials' | 'mode' | 'streaming' | 'extraNodeTypes'> {
	typeVersion?: number;
}

async function runNode(
	{ prompts }: Pick<Task, 'prompts'>,
	{ loader, type, typeVersion = 1, parameters, credentials = {}, ...options }: NodeUnderTest,
): Promise<Outcome> {
	const selected = Object.keys(credentials).map((name) => [name, { id: name, name }]);
	const execution = await runWorkflow({
		loader,
		...chain(
			node('Start', MANUAL_TRIGGER),
			node('Node', `${loader.packageName}.${type}`, parameters, {
				typeVersion,
				credentials: Object.fromEntries(selected),
			}),
		),
		credentials,
		items: prompts,
		...options,
	}).result;
	return { outputs: execution.json('Node'), execution };
}
