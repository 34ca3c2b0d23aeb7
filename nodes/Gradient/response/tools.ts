import { withArrayItems } from '../../shared/client/arrayItems';
import type { JsonObject } from '../../shared/client/json';
import { plainSchema } from '../../shared/client/structured/plainSchema';
import { type Report, asScalar, asText } from '../../shared/form/values';
import { schemaOf } from './formSchema';
import type { ToolRow } from './parameters';

/** The rows of 'Tools' as the request's `tools`. `report` is told what cannot be built. */
export const buildTools = (rows: ToolRow[], report: Report): JsonObject[] =>
	rows.map((row, index) =>
		buildTool(row, (problem) => report(`'Tools' row ${index + 1} ${problem}`)),
	);

function buildTool(row: ToolRow, report: Report): JsonObject {
	// the API's reference gives web search no fields of its own
	if (row.type !== 'function') return { type: row.type };
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
