import { GradientApiError } from '../errors';
import { isObject } from '../json';
import { MAX_ENTRIES } from '../limits';
import { NO_SECRETS, type Secrets } from '../redact';
import { type Model, modelSchema } from '../schema/model';
import { describeFailure } from '../transport/failure';

/**
 * Reads the body of `GET /models`, sorted by id. Nothing is filtered out but entries without an id: no rule about
 * names knows which models a key may use.
 * @param secrets what must not be seen of a failure
 * @throws GradientApiError `answer`, if the body holds no list, or one of more than 10,000 entries
 */
export function readModels(body: unknown, secrets: Secrets = NO_SECRETS): Model[] {
	const list = isObject(body) ? body.data : undefined;
	if (!Array.isArray(list)) {
		const { message, ...details } = describeFailure(
			body,
			'The API answered without a list of models',
			secrets,
		);
		throw new GradientApiError(message, { kind: 'answer', status: 200, ...details });
	}
	if (list.length > MAX_ENTRIES) {
		const most = MAX_ENTRIES.toLocaleString('en-US');
		throw new GradientApiError(`The list of models has more than ${most} entries`, {
			kind: 'answer',
			status: 200,
		});
	}
	// an entry without an id is no model; zod would make an error of each
	const named = list.filter((entry) => isObject(entry) && typeof entry.id === 'string');
	return named
		.flatMap((entry) => modelSchema.safeParse(entry).data ?? [])
		.sort((one, other) => one.id.localeCompare(other.id));
}
