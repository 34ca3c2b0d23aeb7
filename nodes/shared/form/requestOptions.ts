import type { IDataObject } from 'n8n-workflow';

import { invalidFields } from '../host/errors';
import type { Context } from '../host/perExecution';
import { readParameter } from '../host/readParameter';
import { requestOptionFields } from './requestOptions.fields';
import { asScalar, isUnset } from './values';

export interface RequestOptions {
	/** ms; 0: no limit. */
	timeout?: number;
	maxRetries?: number;
	/** How often the model is told what is wrong with its structured output. */
	maxRepairs?: number;
	maxConcurrentRequests?: number;
	maxToolIterations?: number;
	/** Whether pictures in the results of connected tools go to the model. */
	sendToolPictures?: boolean;
	/** Whether connected tools are offered as `strict`. */
	strictTools?: boolean;
	/** ms */
	delayBetweenRequests?: number;
	/** Whether a failure lets the requests in flight come to their end. */
	finishesPaid?: boolean;
}

type NumberOption = Exclude<
	keyof RequestOptions,
	'finishesPaid' | 'sendToolPictures' | 'strictTools'
>;

/** Requests at the same time, and tools of one request, where the user did not add the field. */
export const DEFAULT_CONCURRENCY = 5;

/**
 * How requests are sent, checked; fields that the user did not add are absent.
 * @throws NodeOperationError naming the field
 */
export function readRequestOptions(context: Context, item: number): RequestOptions {
	const options = readParameter(context, 'requestOptions', item, {}) as IDataObject;
	const read = (name: NumberOption, least: number) => {
		const value = asScalar(options[name]);
		if (isUnset(value)) return undefined;
		if (typeof value === 'number' && value >= least) return value;
		const { displayName } = requestOptionFields.find((field) => field.name === name)!;
		const problem = `'${displayName}' must be a number of at least ${least}`;
		throw invalidFields(context.getNode(), [problem]);
	};
	return {
		timeout: read('timeout', 0),
		maxRetries: read('maxRetries', 0),
		maxRepairs: read('maxRepairs', 0),
		maxConcurrentRequests: read('maxConcurrentRequests', 1),
		maxToolIterations: read('maxToolIterations', 1),
		delayBetweenRequests: read('delayBetweenRequests', 0),
		sendToolPictures: asScalar(options.sendToolPictures) === true,
		finishesPaid: options.onFailure === 'finish',
		strictTools: asScalar(options.strictTools) === true,
	};
}
