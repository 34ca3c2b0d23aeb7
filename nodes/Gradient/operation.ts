import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../shared/host/connection';
import type { ChatTurn } from './chunkSender';

/** The items that share a request, and what their operation may do beside its output. */
export interface Unit {
	items: number[];
	chat: ChatTurn;
	/** Shows the user a hint about the items. */
	hint(message: string): void;
}

/** An n8n item but for its link to what it comes from, which the router knows. */
export interface OutputItem {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** What an operation file gives beside its properties. */
export interface Operation {
	groupItems(context: IExecuteFunctions, count: number): number[][];
	readLimits(context: IExecuteFunctions): {
		maxConcurrentRequests?: number;
		delayBetweenRequests?: number;
		finishesPaid?: boolean;
	};
	/** What the incoming items of a unit give to its output, also where it fails. */
	keptOf?(context: IExecuteFunctions, items: number[]): OutputItem;
	/** @returns the items of each output */
	execute(this: IExecuteFunctions, unit: Unit, connection: Connection): Promise<OutputItem[][]>;
}
