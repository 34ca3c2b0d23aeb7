import type { JsonObject } from '../../shared/client/json';
import {
	type Report,
	asJsonObject,
	asScalar,
	asText,
	isUnset,
	listOf,
} from '../../shared/form/values';
import type { McpServer } from './mcpServer';
import type { ServerToolRow } from './parameters';

/**
 * A row of 'Tools' that is no function. Only what the user set is in it.
 * @param mcpServer the server of the credential, whose token goes to it alone
 */
export function buildServerTool(
	row: ServerToolRow,
	report: Report,
	mcpServer: McpServer | undefined,
): JsonObject {
	const { type } = row;
	switch (type) {
		case 'knowledge_base_retrieval':
			return { type, knowledge_base_id: asText(row.knowledgeBaseId).trim() };
		case 'mcp':
			return buildMcp(row, mcpServer);
		case 'model_synthesis':
			return { type, ...buildSynthesis(row) };
		case 'web_fetch':
			return { type, ...numbers({ max_uses: row.fetchLimits?.maxUses }) };
		case 'web_search': {
			const { maxUses, maxResults } = row.searchLimits ?? {};
			return { type, ...numbers({ max_uses: maxUses, max_results: maxResults }) };
		}
		case 'other': {
			const fields = asJsonObject(row.otherFields ?? {}, "'Fields (JSON)'", report);
			return { type: asText(row.otherType).trim(), ...fields };
		}
		default:
			return { type };
	}
}

function buildMcp(row: ServerToolRow, mcpServer: McpServer | undefined): JsonObject {
	const url = asText(row.serverUrl).trim() || mcpServer?.url;
	const tools = listOf(row.allowedTools);
	const token = url !== undefined && mcpServer?.isAt(url) ? mcpServer.token : undefined;
	return {
		type: row.type,
		server_label: asText(row.serverLabel).trim(),
		...(url && { server_url: url }),
		...(token && { authorization: token }),
		...(tools.length > 0 && { allowed_tools: tools }),
		...deferred(row),
	};
}

function buildSynthesis(row: ServerToolRow): JsonObject {
	const { maxTokens, maxToolCalls, reasoningEffort, allowedDomains, blockedDomains } =
		row.synthesisLimits ?? {};
	const [allowed, blocked] = [listOf(allowedDomains), listOf(blockedDomains)];
	const preset = asText(row.preset).trim();
	const model = asText(row.synthesisModel).trim();
	const analysts = listOf(row.analysisModels);
	return {
		...(row.synthesisMode === 'models'
			? { ...(model && { model }), ...(analysts.length > 0 && { analysis_models: analysts }) }
			: { ...(preset && { preset }) }),
		...(!isUnset(reasoningEffort) && { reasoning_effort: asText(reasoningEffort).trim() }),
		...numbers({ max_tool_calls: maxToolCalls, max_tokens: maxTokens }),
		...(allowed.length > 0 && { allowed_domains: allowed }),
		...(blocked.length > 0 && { blocked_domains: blocked }),
	};
}

/** `defer_loading`, where it is on: the API's default is off. */
export const deferred = ({ deferLoading }: { deferLoading?: unknown }): JsonObject =>
	asScalar(deferLoading) === true ? { defer_loading: true } : {};

const numbers = (fields: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(fields).flatMap(([key, value]) =>
			isUnset(value) ? [] : [[key, asScalar(value)]],
		),
	);
