/** n8n's root nodes read the text of a model: which of them get their JSON, by which chat model, however it is written. */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { IConnections, IDataObject, INode } from 'n8n-workflow';

import { json } from '../../../test/support/answers.js';
import {
	MANUAL_TRIGGER,
	chain,
	loadPackage,
	node,
	runWorkflow,
} from '../../../test/support/engine.js';
import { startGradientServer } from '../../../test/support/gradientServer.js';
import type { RunResult } from '../../../test/support/runResult.js';
import { textResponse } from '../../../test/support/responses.js';
import { asChat } from './chat.mjs';
import { LANGCHAIN, MODEL, loadPeer } from './peer.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const ROW = { city: 'Oslo', amount: 12.5 };
const SCHEMA = JSON.stringify({
	type: 'object',
	properties: { city: { type: 'string' }, amount: { type: 'number' } },
	required: ['city', 'amount'],
});

interface Root {
	/** Below the folder of n8n's nodes. */
	file: string;
	type: string;
	typeVersion: number;
	parameters: IDataObject;
	hasParser?: true;
	/** What a good model answers. */
	answer: object;
	isRight(result: RunResult): boolean;
}

const hasRow = (result: RunResult) => isDeepStrictEqual(result.json('Node')[0]?.output, ROW);
const isFirst = (result: RunResult) => result.json('Node', 0).length === 1;

/** By what the model answered, and so on the second output. */
function hasTripped(result: RunResult) {
	const checks = result.json('Node', 1)[0]?.checks as IDataObject[] | undefined;
	return checks?.length === 1 && checks[0].confidenceScore === 0.9 && !checks[0].executionFailed;
}

const ROOTS: Record<string, Root> = {
	'Information Extractor 1.2': {
		file: 'chains/InformationExtractor/InformationExtractor.node.js',
		type: 'informationExtractor',
		typeVersion: 1.2,
		parameters: { text: 'A mail', schemaType: 'manual', inputSchema: SCHEMA },
		answer: ROW,
		isRight: hasRow,
	},
	'Text Classifier 1.1': {
		file: 'chains/TextClassifier/TextClassifier.node.js',
		type: 'textClassifier',
		typeVersion: 1.1,
		parameters: {
			inputText: 'A mail',
			categories: {
				categories: [
					{ category: 'billing', description: 'Money' },
					{ category: 'outage', description: 'Down' },
				],
			},
		},
		answer: { billing: true, outage: false },
		isRight: isFirst,
	},
	'Sentiment Analysis 1.1': {
		file: 'chains/SentimentAnalysis/SentimentAnalysis.node.js',
		type: 'sentimentAnalysis',
		typeVersion: 1.1,
		parameters: { inputText: 'A mail' },
		answer: { sentiment: 'Positive', strength: 0.9, confidence: 0.8 },
		isRight: isFirst,
	},
	'Guardrails 2': {
		file: 'Guardrails/Guardrails.node.js',
		type: 'guardrails',
		typeVersion: 2,
		// of its checks, some ask no model, as that of keys
		parameters: { text: 'A mail', guardrails: { jailbreak: { value: { threshold: 0.7 } } } },
		answer: { confidenceScore: 0.9, flagged: true },
		isRight: hasTripped,
	},
	'Basic LLM Chain 1.7, Structured Output Parser 1.3': {
		file: 'chains/ChainLLM/ChainLlm.node.js',
		type: 'chainLlm',
		typeVersion: 1.7,
		parameters: { promptType: 'define', text: 'A mail', hasOutputParser: true },
		hasParser: true,
		answer: { output: ROW },
		isRight: hasRow,
	},
	'Basic LLM Chain 1.7 alone, for an object': {
		file: 'chains/ChainLLM/ChainLlm.node.js',
		type: 'chainLlm',
		typeVersion: 1.7,
		parameters: { promptType: 'define', text: 'A mail' },
		answer: ROW,
		isRight: (result) =>
			isDeepStrictEqual(result.json('Node')[0]?.output ?? result.json('Node')[0], ROW),
	},
};

const WRITTEN: Record<string, (text: string) => string> = {
	alone: (text) => text,
	'in a fence in capitals': (text) => `\`\`\`JSON\n${text}\n\`\`\``,
	'in a fence within a line': (text) => `Here: \`\`\`${text}\`\`\` Bye`,
	'after a preamble': (text) => `Sure, here it is: ${text}`,
	'after thoughts in tags': (text) => `<think>Which {one}?</think>${text}`,
};

interface ChatModel {
	isOurs?: true;
	parameters: IDataObject;
}

const MODELS: Record<string, ChatModel> = {
	'this Chat Model, JSON': { isOurs: true, parameters: { options: { responseFormat: 'json' } } },
	'this Chat Model, Text': { isOurs: true, parameters: {} },
	'n8n OpenAI Chat Model 1.3': { parameters: { responsesApiEnabled: false } },
};

const PARSER = 'output_parser/OutputParserStructured/OutputParserStructured.node.js';

/** As a table in Markdown. */
export async function rootNodes(): Promise<string> {
	const rows: string[] = [];
	for (const [name, root] of Object.entries(ROOTS)) {
		process.stderr.write(`${name} `);
		const cells: string[] = [];
		for (const model of Object.values(MODELS)) cells.push(await cellOf(root, model));
		process.stderr.write('\n');
		rows.push(`| ${name} | ${cells.join(' | ')} |`);
	}
	const names = Object.keys(MODELS);
	return [
		`| | ${names.join(' | ')} |`,
		`| --- | ${names.map(() => '---').join(' | ')} |`,
		...rows,
	].join('\n');
}

async function cellOf(root: Root, model: ChatModel): Promise<string> {
	let requests = 0;
	const failed: string[] = [];
	for (const [how, write] of Object.entries(WRITTEN)) {
		const server = await startGradientServer();
		const body = textResponse(write(JSON.stringify(root.answer)));
		server.answer(({ path: place }) => json(place.includes('/chat/') ? asChat(body) : body));
		const isRight = await ask(root, model, server.url).finally(async () => await server.close());
		requests += server.bodies.length;
		if (!isRight) failed.push(how);
		process.stderr.write('.');
	}
	const all = Object.keys(WRITTEN).length;
	const but = failed.length > 0 ? `, not ${failed.join(', ')}` : '';
	return `${all - failed.length} of ${all}, ${requests} requests${but}`;
}

async function ask(root: Root, { isOurs, parameters }: ChatModel, url: string): Promise<boolean> {
	const peer = loadPeer([root.file, PARSER, 'llms/LMChatOpenAi/LmChatOpenAi.node.js']);
	const loader = isOurs ? await loadPackage(ROOT) : peer;
	const credential = isOurs ? 'gradientApi' : 'openAiApi';
	const model = node(
		'Model',
		isOurs ? `${loader.packageName}.lmChatGradient` : `${LANGCHAIN}.lmChatOpenAi`,
		{ model: MODEL, ...parameters } as INode['parameters'],
		{
			typeVersion: isOurs ? 1 : 1.3,
			credentials: { [credential]: { id: credential, name: credential } },
		},
	);
	const parser = node(
		'Parser',
		`${LANGCHAIN}.outputParserStructured`,
		{ schemaType: 'manual', inputSchema: SCHEMA },
		{ typeVersion: 1.3 },
	);
	const main = chain(
		node('Start', MANUAL_TRIGGER),
		node('Node', `${LANGCHAIN}.${root.type}`, root.parameters as INode['parameters'], {
			typeVersion: root.typeVersion,
		}),
	);
	const connections: IConnections = {
		...main.connections,
		Model: { ai_languageModel: [[{ node: 'Node', type: 'ai_languageModel', index: 0 }]] },
		...(root.hasParser && {
			Parser: { ai_outputParser: [[{ node: 'Node', type: 'ai_outputParser', index: 0 }]] },
		}),
	};
	const types = [root.type, ...(root.hasParser ? ['outputParserStructured'] : [])];
	const result = await runWorkflow({
		loader,
		nodes: [...main.nodes, model, ...(root.hasParser ? [parser] : [])],
		connections,
		credentials: {
			[credential]: isOurs
				? { apiKey: 'none', baseUrl: url }
				: { apiKey: 'none', url: `${url}/v1` },
		},
		...(isOurs && {
			extraNodeTypes: Object.fromEntries(
				types.map((type) => [`${LANGCHAIN}.${type}`, peer.getNode(type).type as never]),
			),
		}),
		items: [{ json: {} }],
	}).result;
	return !result.error && root.isRight(result);
}
