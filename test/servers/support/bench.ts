/** The package under test beside one server: the software itself, or what was recorded of it. */
import path from 'node:path';
import type { IDataObject, ICredentialDataDecryptedObject } from 'n8n-workflow';

import { loadPackage } from '../../support/engine';
import { GradientBench } from '../../support/gradientNode';
import type { ServerName } from './case';
import type { Exchange } from './exchange';

/** What of a server the tables need to know; kept with its fixtures. */
export interface ServerFacts {
	name: ServerName;
	/** As its makers call it. */
	software: string;
	version: string;
	/** The id of its one model. */
	model: string;
	/** By script: after how many tokens it is to be cut. */
	limits: Record<string, number>;
}

/** Between the nodes and the server: sees what is asked and answered. */
export interface Line {
	/** With /v1; another for each case, as the nodes remember what a server refuses. */
	baseUrl: string;
	/** What went over it since the case began. */
	exchanges: Exchange[];
	/** Resolves when so many requests have arrived. */
	untilAsked(count: number): Promise<void>;
}

export class ServerBench extends GradientBench {
	constructor(
		readonly facts: ServerFacts,
		readonly line: Line,
		private readonly apiKey: string,
		/** How many requests the server works on, where it tells; undefined: only recorded, or it does not tell. */
		readonly running?: () => Promise<number>,
	) {
		super();
	}

	async load() {
		this.loader = await loadPackage(path.resolve(__dirname, '../../..'));
		return this;
	}

	override get credential(): ICredentialDataDecryptedObject {
		return { apiKey: this.apiKey, baseUrl: this.line.baseUrl };
	}

	/**
	 * After how many tokens this script is cut where it should be.
	 * @throws if the model has no such script
	 */
	limitOf(script: string): number {
		const limit = this.facts.limits[script];
		if (limit === undefined) throw new Error(`No limit is known for the script '${script}'`);
		return limit;
	}

	/** Requests for an answer since the case began. */
	get requests(): number {
		return this.line.exchanges.filter(({ request }) => request.method === 'POST').length;
	}

	/**
	 * Options with Additional Fields, in which stands what a user of this server has to say to get plain
	 * answers at all.
	 */
	options({ additionalFields = {}, ...options }: AskedOptions, thinks: boolean): IDataObject {
		const own = this.facts.name === 'vllm-qwen3' && !thinks ? NOT_THINKING : {};
		const fields = { ...own, ...additionalFields };
		return {
			...options,
			...(Object.keys(fields).length > 0 && { additionalFields: JSON.stringify(fields) }),
		};
	}
}

/** To the server itself: what is said there is not kept. */
export const directLine = (baseUrl: string): Line => ({
	baseUrl,
	exchanges: [],
	untilAsked: async () => await Promise.reject(new Error('Nobody listens on a direct line')),
});

export interface AskedOptions extends IDataObject {
	additionalFields?: IDataObject;
}

/** With a reasoning parser, vLLM takes all for thought that no `</think>` ends; this turns the parser off. */
const NOT_THINKING = { reasoning: { effort: 'none' } };
