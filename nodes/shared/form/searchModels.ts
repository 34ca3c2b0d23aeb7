import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { connect } from '../host/connection';
import { toNodeError } from '../host/errors';
import { toListItems } from './modelList';

/** A user waits for the list, in front of the editor: ms, and one more try. */
const PATIENCE = { timeout: 15_000, maxRetries: 1 };

/** The list of the 'Model' field: the whole catalogue, narrowed only by what the user types. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { listModels, close } = await connect(this).catch((error: unknown) => {
		throw toNodeError(this.getNode(), error);
	});
	const models = await listModels(PATIENCE)
		.catch((error: unknown) => {
			throw toNodeError(this.getNode(), error);
		})
		.finally(close);
	const words = filter.toLowerCase().split(/\s+/);
	const results = toListItems(models).filter(({ name }) => {
		const shown = name.toLowerCase();
		return words.every((word) => shown.includes(word));
	});
	return { results };
}
