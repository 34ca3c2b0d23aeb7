import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { Model } from '../client';
import { connect } from '../host/connection';
import { toNodeError } from '../host/errors';

/** A user waits for the list, in front of the editor: ms, and one more try. */
const PATIENCE = { timeout: 15_000, maxRetries: 1 };

/** The list of the 'Model' field: the whole catalogue, narrowed only by what the user types. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { client, close } = await connect(this).catch((error: unknown) => {
		throw toNodeError(this.getNode(), error);
	});
	const models = await client
		.listModels(PATIENCE)
		.catch((error: unknown) => {
			throw toNodeError(this.getNode(), error);
		})
		.finally(close);
	const words = filter.toLowerCase().split(/\s+/);
	const found = models.filter(({ id, owned_by }) => {
		const text = `${id} ${owned_by ?? ''}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	return { results: found.map(toSearchItem) };
}

const toSearchItem = ({ id, owned_by, context_length }: Model): INodeListSearchItems => ({
	name: id,
	value: id,
	description: [
		owned_by && `By ${owned_by}`,
		context_length && `context of ${context_length.toLocaleString('en-US')} tokens`,
	]
		.filter(Boolean)
		.join(', '),
});
