import { createHash } from 'node:crypto';
import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';

import type { GradientResponse, ResponseRequest } from '../../shared/client';
import { nodeOf, perExecution } from '../../shared/host/perExecution';
import { LostSession } from './mcpTool';
import type { ConnectedTool, Toolbox } from './toolbox';

/** Characters of answers and tool outputs that are kept for one run of a node. */
const KEPT_LIMIT = 64 * 2 ** 20;

/** What is kept for each entry beside its text, in characters. */
const ENTRY_SIZE = 500;

/** How a connected tool ended: what it gave, or what it threw. */
type ToolOutcome = { output: string } | { error: string };

/**
 * What one run of a node has had, for n8n's 'Retry On Fail': that runs the node anew for all items, the
 * answered and paid ones too.
 */
export class EarlierTries {
	private readonly entries = new Map<string, string>();
	private size = 0;
	/** Something was too much to be kept, and is asked for again. */
	isFull = false;

	constructor(private readonly limit = KEPT_LIMIT) {}

	/** A copy, as what was done with the first is nothing to the next. */
	recall<T>(key: string): T | undefined {
		const kept = this.entries.get(key);
		return kept === undefined ? undefined : (JSON.parse(kept) as T);
	}

	keep(key: string, value: object) {
		const text = asJson(value);
		const size = this.size + (text?.length ?? 0) + ENTRY_SIZE;
		if (text === undefined || size > this.limit) {
			this.isFull = true;
			return;
		}
		this.size = size;
		this.entries.set(key, text);
	}
}

/** undefined where it is nested too deep for JSON: no reason to lose an answer that is there. */
function asJson(value: object): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}

/**
 * By what n8n (1.123 to 2.41: workflow-execute.js) hands to each try of one run of a node, and to nothing
 * else; it lets go of it when the run is over, and so do we.
 */
const byRun = new WeakMap<IExecuteData, EarlierTries>();

/** undefined where n8n runs the node only once. */
export const earlierTries = perExecution((context: IExecuteFunctions) => {
	const { name, retryOnFail } = nodeOf(context);
	const run = retryOnFail ? context.getExecuteData() : undefined;
	// as a tool the node gets what belongs to its agent
	if (run?.node?.name !== name) return undefined;
	const tries = byRun.get(run) ?? new EarlierTries();
	byRun.set(run, tries);
	return tries;
});

export interface Exchange {
	create(request: ResponseRequest): Promise<GradientResponse>;
	toolbox: Toolbox;
}

/**
 * The requests and tools of one unit of items, where each that an earlier try has had is not made again:
 * the same request, byte for byte, at the same place; in it, the same call.
 * @param item the first of the unit
 */
export function withoutRepetition(
	tries: EarlierTries,
	item: number,
	{ create, toolbox }: Exchange,
): Exchange {
	let round = 0;
	const calls = new Map<string, number>();
	/** The same call may stand in an answer more than once. */
	const keyOfCall = (name: string, args: unknown) => {
		const call = `${item}/${round}/${name}/${digest(args)}`;
		const count = (calls.get(call) ?? 0) + 1;
		calls.set(call, count);
		return `${call}/${count}`;
	};
	return {
		async create(request) {
			const key = `${item}/${++round}/${digest(request)}`;
			const known = tries.recall<GradientResponse>(key);
			if (known) return known;
			const response = await create(request);
			tries.keep(key, response);
			return response;
		},
		toolbox: toolbox.map((tool) => ({
			...tool,
			async invoke(...parameters: Parameters<ConnectedTool['invoke']>) {
				const key = keyOfCall(tool.definition.name, parameters[0]);
				const known = tries.recall<ToolOutcome>(key);
				if (!known) return await run(tries, key, tool.invoke(...parameters));
				if ('error' in known) throw new Error(known.error);
				return known.output;
			},
		})),
	};
}

/** Texts are kept, which is what the tools of n8n give. */
async function run(tries: EarlierTries, key: string, work: Promise<unknown>): Promise<unknown> {
	const output = await work.catch((error: unknown) => {
		// a lost session says nothing of the tool: it is connected anew, and called again
		if (!(error instanceof LostSession)) {
			tries.keep(key, { error: error instanceof Error ? error.message : String(error) });
		}
		throw error;
	});
	if (typeof output === 'string') tries.keep(key, { output });
	return output;
}

const digest = (value: unknown) =>
	createHash('sha256').update(JSON.stringify(value)).digest('base64');
