/** Who takes part, each as a user would set it up for ten mails: with all that it offers for structured output. */
import path from 'node:path';
import type { IConnections, IDataObject, INode, INodeType } from 'n8n-workflow';

import { COLUMNS, COLUMN_ROWS } from '../../../test/support/columns.js';
import {
	MANUAL_TRIGGER,
	type RunOptions,
	chain,
	loadPackage,
	node,
	runWorkflow,
} from '../../../test/support/engine.js';
import { LANGCHAIN, MODEL, loadPeer } from './peer.mjs';

/** The row, or what a user reads where there is none. */
export interface Result {
	row?: unknown;
	error?: string;
}

export interface Contestant {
	/** On the canvas, from mail to row. */
	nodes: number;
	load(): Promise<(mail: string, url: string) => Promise<Result>>;
}

const ROOT = path.resolve(import.meta.dirname, '../../..');
const OUTPUT_FIELDS = { field: COLUMN_ROWS };

const ours = (options: IDataObject): Contestant => ({
	nodes: 1,
	async load() {
		const loader = await loadPackage(ROOT);
		return async (mail, url) =>
			await run(mail, {
				loader,
				nodes: [
					node(
						'Node',
						`${loader.packageName}.gradient`,
						{
							model: MODEL,
							prompt: '={{ $json.mail }}',
							outputFormat: 'schema',
							outputFields: OUTPUT_FIELDS,
							options,
						} as INode['parameters'],
						{
							typeVersion: 1.1,
							credentials: { gradientApi: { id: 'gradientApi', name: 'gradientApi' } },
						},
					),
				],
				credentials: { gradientApi: { apiKey: 'none', baseUrl: url } },
				rowOf: ({ output }) => output,
			});
	},
});

export const own: Record<string, Contestant> = {
	'this node, Automatic': ours({}),
	'this node, Text Format': ours({ structuredOutputBy: 'textFormat' }),
};

export const peers: Record<string, Contestant> = {
	'n8n OpenAI 2.3, JSON Schema': {
		nodes: 1,
		async load() {
			const loader = loadPeer(['vendors/OpenAi/OpenAi.node.js']);
			const textOptions = {
				type: 'json_schema',
				name: 'row',
				schema: JSON.stringify({ ...COLUMNS, additionalProperties: false }),
				strict: true,
			};
			return async (mail, url) =>
				await run(mail, {
					loader,
					nodes: [
						node(
							'Node',
							`${LANGCHAIN}.openAi`,
							{
								resource: 'text',
								operation: 'response',
								modelId: MODEL,
								responses: {
									values: [{ type: 'text', role: 'user', content: '={{ $json.mail }}' }],
								},
								options: { textFormat: { textOptions } },
							} as INode['parameters'],
							{
								typeVersion: 2.3,
								credentials: { openAiApi: { id: 'openAiApi', name: 'openAiApi' } },
							},
						),
					],
					credentials: { openAiApi: { apiKey: 'none', url: `${url}/v1` } },
					rowOf: textOfOpenAi,
				});
		},
	},
	'n8n Information Extractor 1.2, OpenAI Chat Model 1.3': {
		nodes: 2,
		async load() {
			const loader = loadPeer([
				'chains/InformationExtractor/InformationExtractor.node.js',
				'llms/LMChatOpenAi/LmChatOpenAi.node.js',
			]);
			return async (mail, url) =>
				await run(mail, {
					loader,
					nodes: [
						node(
							'Node',
							`${LANGCHAIN}.informationExtractor`,
							{
								text: '={{ $json.mail }}',
								schemaType: 'manual',
								inputSchema: JSON.stringify(COLUMNS),
							},
							{ typeVersion: 1.2 },
						),
					],
					subNodes: [
						node(
							'Model',
							`${LANGCHAIN}.lmChatOpenAi`,
							{
								model: MODEL,
								responsesApiEnabled: false,
								options: { maxRetries: 0 },
							} as INode['parameters'],
							{
								typeVersion: 1.3,
								credentials: { openAiApi: { id: 'openAiApi', name: 'openAiApi' } },
							},
						),
					],
					connections: {
						Model: { ai_languageModel: [[{ node: 'Node', type: 'ai_languageModel', index: 0 }]] },
					},
					credentials: { openAiApi: { apiKey: 'none', url: `${url}/v1` } },
					rowOf: ({ output }) => output,
				});
		},
	},
};

/** What its item has for the row: the node parses a text that is JSON, and hands on any other. */
function textOfOpenAi({ output }: IDataObject): unknown {
	const [first] = (output ?? []) as Array<{ content?: Array<{ text?: unknown }> }>;
	return first?.content?.[0]?.text;
}

interface Setup extends Pick<RunOptions, 'loader' | 'credentials' | 'connections'> {
	nodes: INode[];
	subNodes?: INode[];
	extraNodeTypes?: Record<string, INodeType>;
	rowOf(item: IDataObject): unknown;
}

async function run(
	mail: string,
	setup: Partial<Setup> & Omit<Setup, 'connections'>,
): Promise<Result> {
	const { nodes, subNodes = [], connections = {}, rowOf, ...options } = setup;
	const [main] = nodes;
	const all = chain(node('Start', MANUAL_TRIGGER), { ...main, onError: 'continueRegularOutput' });
	const result = await runWorkflow({
		...options,
		nodes: [...all.nodes, ...subNodes],
		connections: { ...all.connections, ...connections } as IConnections,
		items: [{ json: { mail } }],
	}).result;
	if (result.error) return { error: result.error.message };
	const [item = {}] = result.json('Node');
	if (item.error !== undefined) return { error: textOf(item.error) };
	const row = rowOf(item);
	return row === undefined ? {} : { row };
}

const textOf = (error: unknown): string =>
	typeof error === 'string' ? error : String((error as { message?: unknown } | null)?.message);
