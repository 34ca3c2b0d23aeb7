import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../shared/host/connection';
import type { ChatTurn } from './chunkSender';

/** The items that share a request, and what their operation may do beside its output. */
export interface Unit {
	items: number[];
	chat: ChatTurn;
	/** Shows the user a hint about the items. */
	hint(message: string): void;
}

/** What an operation file gives beside its properties. */
export interface Operation {
	groupItems(context: IExecuteFunctions, count: number): number[][];
	readLimits(context: IExecuteFunctions): {
		maxConcurrentRequests?: number;
		delayBetweenRequests?: number;
	};
	/** @returns the items of each output */
	execute(this: IExecuteFunctions, unit: Unit, connection: Connection): Promise<IDataObject[][]>;
}
