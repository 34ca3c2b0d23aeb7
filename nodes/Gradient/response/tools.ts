import { withArrayItems } from '../../shared/client/arrayItems';
import type { JsonObject } from '../../shared/client/json';
import { plainSchema } from '../../shared/client/structured/plainSchema';
import { type Report, asScalar, asText } from '../../shared/form/values';
import { schemaOf } from './formSchema';
import type { McpServer } from './mcpServer';
import type { ToolRow } from './parameters';
import { buildServerTool, deferred } from './serverTools';

/**
 * The rows of 'Functions and Server Tools' as the request's `tools`. `report` is told what cannot be built.
 * @param mcpServer that of the credential, where there is one
 */
export function buildTools(rows: ToolRow[], report: Report, mcpServer?: McpServer): JsonObject[] {
	const tools = rows.map((row, index) => {
		const complain: Report = (problem) =>
			report(`'Functions and Server Tools' row ${index + 1} ${problem}`);
		return row.type === 'function'
			? buildFunction(row, complain)
			: buildServerTool(row, complain, mcpServer);
	});
	const isTokenUsed = tools.some(({ authorization }) => authorization !== undefined);
	if (mcpServer && !isTokenUsed) {
		report(
			`'MCP Server Credential' is for ${mcpServer.url}, which no 'Server URL' of 'Functions and Server Tools' is: leave one empty, or choose another credential`,
		);
	}
	return tools;
}

function buildFunction(row: ToolRow, report: Report): JsonObject {
	const name = asText(row.name).trim();
	const description = asText(row.description);
	const parameters = parametersOf(row, report);
	const isStrict = asScalar(row.strict) === true;
	return {
		type: row.type,
		...(name && { name }),
		...(description && { description }),
		...(isStrict
			? strictParameters(parameters, report)
			: parameters && { parameters: withArrayItems(parameters) }),
		...deferred(row),
	};
}

/** A JSON Schema; undefined for a function without parameters, which needs none. */
export const parametersOf = (row: ToolRow, report: Report): JsonObject | undefined =>
	schemaOf(
		{
			mode: row.parametersMode,
			rows: row.parameters?.parameter,
			example: row.parametersExample,
			schema: row.parametersSchema,
		},
		"'Parameter List'",
		report,
	);

/** As OpenAI's models want them: each parameter is required, and null where it may be left out. */
function strictParameters(parameters: JsonObject | undefined, report: Report): JsonObject {
	const none = { type: 'object', properties: {}, additionalProperties: false };
	const { schema, isStrict, isWrapped } = plainSchema(parameters ?? none);
	if (!isStrict || isWrapped) report(NOT_STRICT);
	return { parameters: schema, strict: true };
}

const NOT_STRICT =
	"'Strict' needs parameters that name all that they may hold: no object without fields, no list of anything, no further keys. Name them, or turn it off";
