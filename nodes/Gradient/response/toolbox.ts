import type { Tool } from '../../shared/client';
import type { JsonObject } from '../../shared/client/json';

/** A tool that is plugged into the node's Tools port. */
export interface ConnectedTool {
	/** As the model sees it, under a legal name that no other tool has. */
	definition: Tool & { name: string };
	/** Its own name. */
	name: string;
	/** The node that gave it. Calls through one node are run in their order. */
	source: string;
	/** Whether its source has to be asked again for each round, as it may change. */
	isFromToolkit: boolean;
	/** @throws whatever the tool throws; LostSession, where its server has not run it */
	invoke(args: JsonObject): Promise<unknown>;
}

/** The tools of an item, while its request is worked on: those of toolkits may change between two rounds. */
export class Toolbox {
	private renewing: Promise<boolean> | undefined;

	/** @param supply asks the toolkits again */
	constructor(
		public tools: readonly ConnectedTool[],
		private readonly supply: () => Promise<ConnectedTool[]> = async () => [],
	) {}

	/** The same tools, those to come too, each as `change` makes it. */
	map(change: (tool: ConnectedTool) => ConnectedTool): Toolbox {
		return new Toolbox(this.tools.map(change), async () => (await this.supply()).map(change));
	}

	/** By the name that the model knows it by. */
	find(name: string): ConnectedTool | undefined {
		return this.tools.find(({ definition }) => definition.name === name);
	}

	/**
	 * Connects toolkits anew and takes what they have now, as n8n's AI Agent does for each round: a server may have
	 * been restarted, or have got another tool. Where that fails, all stays as it is: the model will hear of it when
	 * it calls a tool. Tools of other nodes cannot change, and nobody asks for them again.
	 * @returns whether it worked
	 */
	async renew(): Promise<boolean> {
		if (!this.tools.some(({ isFromToolkit }) => isFromToolkit)) return false;
		this.renewing ??= this.supply()
			.then(
				(fresh) => this.replace(fresh),
				() => false,
			)
			.finally(() => (this.renewing = undefined));
		return await this.renewing;
	}

	/** In their places, so that the list looks the same to the model where nothing is new. */
	private replace(fresh: ConnectedTool[]): boolean {
		const byName = new Map(fresh.map((tool) => [tool.definition.name, tool]));
		const known = this.tools.flatMap((tool) =>
			tool.isFromToolkit ? (byName.get(tool.definition.name) ?? []) : tool,
		);
		this.tools = [...new Set([...known, ...fresh])];
		return true;
	}
}
