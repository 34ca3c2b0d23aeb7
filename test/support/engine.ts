/**
 * Runs real workflows without an n8n server: n8n-core's WorkflowExecute, and the package under test
 * loaded from its built files by n8n's own loader. Written for n8n 2.41.
 */
import './environment'; // before n8n-core
import 'reflect-metadata'; // n8n's dependency injection wants it before any @n8n/* package
import { readFileSync } from 'node:fs';
import { ExecutionLifecycleHooks, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import { Expression, Workflow } from 'n8n-workflow';
import type {
	ExecutionStatus,
	IConnections,
	INode,
	INodeExecutionData,
	IPinData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	StructuredChunk,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import { InMemoryCredentials, type CredentialStore } from './credentials';
import { createRunExecutionData } from './host';
import { TestNodeTypes, type NodeTypeMap } from './nodeTypes';
import { RunResult } from './runResult';
import { STICKY_NOTE } from './standIns';

export { RunResult } from './runResult';
export { MANUAL_TRIGGER, defineNodeType } from './standIns';

/** A workflow as the editor exports it; other keys of the file do not matter here. */
export interface WorkflowDefinition {
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

export interface RunOptions extends WorkflowDefinition {
	loader: PackageDirectoryLoader;
	credentials?: CredentialStore;
	/** Where the run starts; without it, the trigger, else the first node without an input. */
	startNode?: string;
	/** What the start node gets; one empty item if left out. */
	items?: INodeExecutionData[];
	mode?: WorkflowExecuteMode;
	/** Fills `chunks`; `isStreaming()` also wants the mode manual, webhook, integrated or chat. */
	streaming?: boolean;
	extraNodeTypes?: NodeTypeMap;
	additionalData?: Partial<IWorkflowExecuteAdditionalData>;
}

export type RunEvent =
	| { kind: 'before'; node: string }
	| { kind: 'after'; node: string; status?: ExecutionStatus }
	| { kind: 'ai'; event: string; node?: string }
	| { kind: 'ui'; type: string; data: unknown };

export interface WorkflowRun {
	/** Settles when the run ends. Rejects with WorkflowHasIssuesError if n8n refuses to start it. */
	result: Promise<RunResult>;
	/** What the Stop button does. */
	cancel(): void;
	/** What nodes sent by `sendChunk`, so far. */
	chunks: StructuredChunk[];
	/** What happened, so far. */
	events: RunEvent[];
}

/**
 * Loads a built package by the `n8n` block of its package.json, as n8n does at its start.
 * @throws if a file is missing or a class does not load
 */
export async function loadPackage(directory: string): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(directory);
	await loader.loadAll();
	return loader;
}

/** Starts a run on n8n's engine. */
export function runWorkflow(options: RunOptions): WorkflowRun {
	const { loader, mode = 'manual', streaming = false, items = [{ json: {} }] } = options;
	const definition = createDefinition(options);
	const nodeTypes = new TestNodeTypes(loader, options.extraNodeTypes);
	const workflow = new Workflow({ ...definition, nodeTypes });

	const chunks: StructuredChunk[] = [];
	const events: RunEvent[] = [];
	const executionId = '1';
	const hooks = new ExecutionLifecycleHooks(mode, executionId, definition);
	hooks.addHandler('nodeExecuteBefore', (node) => void events.push({ kind: 'before', node }));
	hooks.addHandler('nodeExecuteAfter', (node, { executionStatus }) => {
		events.push({ kind: 'after', node, status: executionStatus });
	});
	if (streaming) hooks.addHandler('sendChunk', (chunk) => void chunks.push(chunk));

	const additionalData = createAdditionalData({
		credentialsHelper: new InMemoryCredentials(loader, options.credentials ?? {}),
		hooks,
		executionId,
		workflowId: definition.id,
		streamingEnabled: streaming,
		logAiEvent: (event, { nodeName }) => void events.push({ kind: 'ai', event, node: nodeName }),
		sendDataToUI: (type, data) => void events.push({ kind: 'ui', type, data }),
		...options.additionalData,
	});
	const start = findStart(options);
	const runData = createRunExecutionData({
		resultData: { pinData: options.pinData },
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }],
		},
	});

	const engine = new WorkflowExecute(additionalData, mode, runData);
	let cancel = () => {};
	const execute = async () => {
		const execution = engine.processRunExecutionData(workflow);
		cancel = () => execution.cancel();
		return new RunResult(await execution);
	};
	return { result: execute(), cancel: () => cancel(), chunks, events };
}

/**
 * Starts a workflow that the editor exported, given as JSON file or object. Each node gets the stored
 * credential of each type it can use, as a user selects one after an import.
 */
export function runExportedWorkflow(
	workflow: string | WorkflowDefinition,
	options: Omit<RunOptions, keyof WorkflowDefinition>,
): WorkflowRun {
	const definition =
		typeof workflow === 'string'
			? (JSON.parse(readFileSync(workflow, 'utf8')) as WorkflowDefinition)
			: workflow;
	const nodeTypes = new TestNodeTypes(options.loader, options.extraNodeTypes);
	const nodes = definition.nodes.map((node) => {
		const usable = nodeTypes.getByNameAndVersion(node.type, node.typeVersion).description
			.credentials;
		const stored = (usable ?? []).filter(({ name }) => options.credentials?.[name]);
		const selected = stored.map(({ name }) => [name, { id: name, name }]);
		return { ...node, credentials: { ...node.credentials, ...Object.fromEntries(selected) } };
	});
	return runWorkflow({ ...definition, nodes, ...options });
}

/** A node of a workflow; give `credentials` as `{ gradientApi: { id: 'gradientApi', name: '…' } }`. */
export function node(
	name: string,
	type: string,
	parameters: INode['parameters'] = {},
	extra: Partial<INode> = {},
): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...extra };
}

/** The nodes, each connected to the next by their first main output and input. */
export function chain(
	...nodes: INode[]
): Required<Pick<WorkflowDefinition, 'nodes' | 'connections'>> {
	const connections: IConnections = {};
	nodes.slice(1).forEach((target, i) => {
		connections[nodes[i].name] = { main: [[{ node: target.name, type: 'main', index: 0 }]] };
	});
	return { nodes, connections };
}

/**
 * Evaluates expressions in a sandbox, as n8n does in production, until the returned function is called.
 * `vm` (isolated-vm) is n8n 2.41's default and runs on Node 24 only, `quickjs` on Node 20 too. Under Jest,
 * Node must have been started with --experimental-vm-modules.
 */
export async function useSandboxedExpressions(
	engine: 'vm' | 'quickjs',
): Promise<() => Promise<void>> {
	await Expression.initExpressionEngine({
		engine,
		poolSize: 1,
		maxCodeCacheSize: 1024,
		bridgeTimeout: 5000, // ms
		bridgeMemoryLimit: 128, // MB
	});
	return async () => await Expression.disposeExpressionEngine();
}

function createDefinition({ nodes, connections, settings }: WorkflowDefinition): IWorkflowBase {
	const now = new Date();
	return {
		id: 'workflow-under-test',
		name: 'Workflow under test',
		active: false,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		activeVersionId: null,
		nodes,
		connections,
		settings: { executionOrder: 'v1', ...settings },
	};
}

function findStart({ nodes, connections, startNode }: RunOptions): INode {
	const notFirst = new Set<string>();
	for (const [source, outputs] of Object.entries(connections)) {
		// a sub-node, such as a tool, hangs on a root node by a connection that is not `main`
		if (Object.keys(outputs).some((type) => type !== 'main')) notFirst.add(source);
		for (const target of outputs.main?.flat() ?? []) if (target) notFirst.add(target.node);
	}
	const candidates = nodes.filter(({ name, type, disabled }) =>
		startNode ? name === startNode : !disabled && type !== STICKY_NOTE && !notFirst.has(name),
	);
	const start = candidates.find(({ type }) => /trigger$/i.test(type)) ?? candidates[0];
	if (!start) throw new Error(`No node to start from: ${startNode ?? 'each has an input'}`);
	return start;
}
