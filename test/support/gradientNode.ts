/** Runs the built Gradient node in a workflow of its own: trigger, then the node, against a local server. */
import path from 'node:path';
import type { PackageDirectoryLoader } from 'n8n-core';
import type {
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
} from 'n8n-workflow';

import type * as Client from '../../nodes/shared/client';
import {
	MANUAL_TRIGGER,
	chain,
	loadPackage,
	node,
	runWorkflow,
	type RunOptions,
	type RunResult,
	type WorkflowRun,
} from './engine';
import { startGradientServer, type GradientServer } from './gradientServer';

export const GRADIENT = 'n8n-nodes-digitalocean-gradient.gradient';
/** The name of the node in the workflows of these tests. */
export const NODE = 'Gradient';
/** Begins like a real one, so that a search for it in run data finds nothing else. */
export const API_KEY = 'sk-do-only-for-tests';
/** Of the MCP server's credential. */
export const MCP_URL = 'https://mcp.example.com/mcp';
export const MCP_TOKEN = 'mcp-token-only-for-tests';
export const MODEL = 'openai-gpt-oss-20b';

/** As n8n gives it to a node that is new on the canvas. */
export const VERSION = 1.1;

export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value }) as IDataObject;

/** The form with its shortest input. */
export const TEXT: IDataObject = { model: byId(MODEL), inputType: 'text', prompt: 'Hello' };

/** The same, with the conversation in the output item. */
export const SAID: IDataObject = { ...TEXT, options: { includeInOutput: ['conversation'] } };

export interface GradientRun extends Partial<Omit<RunOptions, 'items' | 'credentials'>> {
	/** The `json` of the items that the node gets; one empty item if left out. */
	items?: IDataObject[];
	/** The binary fields of each item. */
	binaries?: IBinaryKeyData[];
	/** Over those of the server. */
	credential?: ICredentialDataDecryptedObject;
	/** Settings of the node beside its parameters: onError, retryOnFail. */
	nodeSettings?: Partial<INode>;
	/** Nodes behind it, one after the other. */
	next?: INode[];
}

/** A node of the package, with the stored credential selected. */
export const gradientNode = (
	parameters: IDataObject,
	settings: Partial<INode> = {},
	name = NODE,
): INode =>
	node(name, GRADIENT, parameters as INode['parameters'], {
		typeVersion: VERSION,
		credentials: {
			gradientApi: { id: 'gradientApi', name: 'Gradient' },
			gradientMcpServerApi: { id: 'gradientMcpServerApi', name: 'Gradient MCP Server' },
		},
		...settings,
	});

export class GradientBench {
	server!: GradientServer;

	loader!: PackageDirectoryLoader;

	/** @param parameters of the node; what is left out has its default */
	start(parameters: IDataObject, options: GradientRun = {}): WorkflowRun {
		const { items = [{}], binaries = [], credential, nodeSettings, next = [], ...rest } = options;
		return runWorkflow({
			loader: this.loader,
			...chain(node('Start', MANUAL_TRIGGER), gradientNode(parameters, nodeSettings), ...next),
			credentials: {
				gradientApi: { ...this.credential, ...credential },
				gradientMcpServerApi: { serverUrl: MCP_URL, token: MCP_TOKEN },
			},
			items: items.map((json, index) => ({ json, binary: binaries[index] })),
			...rest,
		});
	}

	async run(parameters: IDataObject, options?: GradientRun): Promise<RunResult> {
		return await this.start(parameters, options).result;
	}

	/** The body of the one request that the node sent. */
	async bodyOf(parameters: IDataObject, options?: GradientRun): Promise<IDataObject> {
		const result = await this.run(parameters, options);
		if (result.error) throw new Error(`The run failed: ${result.error.message}`);
		expect(this.server.bodies).toHaveLength(1);
		return this.server.bodies[0];
	}

	get credential(): ICredentialDataDecryptedObject {
		return { apiKey: API_KEY, baseUrl: this.server.url };
	}
}

/** As the built nodes load it. */
const builtClient = () =>
	jest.requireActual<typeof Client>(path.resolve(__dirname, '../../dist/nodes/shared/client'));

/** Starts a server and loads the built package for the tests of one file. */
export function useGradient(): GradientBench {
	const bench = new GradientBench();
	beforeAll(async () => {
		bench.server = await startGradientServer();
		bench.loader = await loadPackage(path.resolve(__dirname, '../..'));
	});
	beforeEach(async () => {
		bench.server.reset();
		// connections and the pace of a key outlive an execution, and a test must not find those of the last
		await builtClient().forgetKeys();
	});
	afterAll(async () => await bench.server.close());
	return bench;
}
