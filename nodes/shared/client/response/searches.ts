import { type JsonObject, isObject } from '../json';
import type { Output } from './outputItems';

/** What the server searched for on its own, the web or files. A search of the web is paid for each time. */
export interface Searches {
	count: number;
	/** What was asked, where the server tells. */
	queries: string[];
}

const SEARCH = /^(web|file)_search(_preview)?(_call)?$|^knowledge_base_retrieval(_call)?$/;

/** undefined where the answer has none. */
export function readSearches(output: Output[]): Searches | undefined {
	const searches = output.filter(isSearch).filter(({ item }) => {
		const { type = 'search' } = isObject(item.action) ? item.action : {};
		// OpenAI's models also open and look through what was found
		return type === 'search';
	});
	if (searches.length === 0) return undefined;
	const queries = searches.flatMap(({ item }) => queriesOf(item));
	return { count: searches.length, queries };
}

/** What several responses searched for together. */
export function addSearches(one: Searches | undefined, other: Searches | undefined) {
	if (!one || !other) return one ?? other;
	return { count: one.count + other.count, queries: [...one.queries, ...other.queries] };
}

export const isSearch = ({ item }: Output): boolean => SEARCH.test(String(item.type));

/** OpenAI's newer items have both names for the same. */
function queriesOf(item: JsonObject): string[] {
	const action = isObject(item.action) ? item.action : {};
	for (const { queries, query } of [action, item]) {
		if (Array.isArray(queries) && queries.length > 0) return queries.filter(isText);
		if (isText(query)) return [query];
	}
	return [];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
