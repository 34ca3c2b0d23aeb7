import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeOf } from '../shared/host/perExecution';

/** For `displayOptions` of fields that version 1 of the node does not have. */
export const SINCE_1_1 = [{ _cnd: { gte: 1.1 } }];

/** Whether the node was put into its workflow before version 1.1: then it keeps the keys and defaults of then. */
export const isFirstVersion = (context: IExecuteFunctions) => nodeOf(context).typeVersion < 1.1;
