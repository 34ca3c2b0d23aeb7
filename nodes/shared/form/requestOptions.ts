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
	maxConcurrentRequests?: number;
	maxToolIterations?: number;
	/** ms */
	delayBetweenRequests?: number;
}

/**
 * How requests are sent, checked; fields that the user did not add are absent.
 * @throws NodeOperationError naming the field
 */
export function readRequestOptions(context: Context, item: number): RequestOptions {
	const options = readParameter(context, 'requestOptions', item, {}) as IDataObject;
	const read = (name: keyof RequestOptions, least: number) => {
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
		maxConcurrentRequests: read('maxConcurrentRequests', 1),
		maxToolIterations: read('maxToolIterations', 1),
		delayBetweenRequests: read('delayBetweenRequests', 0),
	};
}
