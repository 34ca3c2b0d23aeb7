import { createSchema } from 'genson-js';

import { withArrayItems } from '../../shared/client/arrayItems';
import type { JsonObject } from '../../shared/client/json';
import { type Report, asJsonObject, asText } from '../../shared/form/values';
import type { McpServer } from './mcpServer';
import type { ParameterRow, ToolRow } from './parameters';
import { buildServerTool, deferred } from './serverTools';

/**
 * The rows of 'Tools' as the request's `tools`. `report` is told what cannot be built.
 * @param mcpServer that of the credential, where there is one
 */
export function buildTools(rows: ToolRow[], report: Report, mcpServer?: McpServer): JsonObject[] {
	const tools = rows.map((row, index) => {
		const complain: Report = (problem) => report(`'Tools' row ${index + 1} ${problem}`);
		return row.type === 'function'
			? buildFunction(row, complain)
			: buildServerTool(row, complain, mcpServer);
	});
	const isTokenUsed = tools.some(({ authorization }) => authorization !== undefined);
	if (mcpServer && !isTokenUsed) {
		report(
			`'MCP Server Credential' is for ${mcpServer.url}, which no 'Server URL' of 'Tools' is: leave one empty, or choose another credential`,
		);
	}
	return tools;
}

function buildFunction(row: ToolRow, report: Report): JsonObject {
	const name = asText(row.name).trim();
	const description = asText(row.description);
	const parameters = buildParameters(row, report);
	return {
		type: row.type,
		...(name && { name }),
		...(description && { description }),
		...(parameters && { parameters: withArrayItems(parameters) }),
		...deferred(row),
	};
}

/** A JSON Schema; undefined for a function without parameters, which needs none. */
function buildParameters(row: ToolRow, report: Report): JsonObject | undefined {
	switch (row.parametersMode) {
		case 'fields':
			return fromRows(row.parameters?.parameter ?? [], report);
		case 'example': {
			const example = asJsonObject(row.parametersExample, "'Example (JSON)'", report);
			return example && { ...createSchema(example) };
		}
		case 'schema':
			return asJsonObject(row.parametersSchema, "'JSON Schema'", report);
		default:
			return undefined;
	}
}

function fromRows(rows: ParameterRow[], report: Report): JsonObject | undefined {
	if (rows.length === 0) return undefined;
	const names = rows.map(({ name }) => name.trim());
	names.forEach((name, index) => {
		if (name === '') report(`'Parameter List' row ${index + 1} 'Name' is empty`);
		else if (names.indexOf(name) < index) report(`'Parameter List' has '${name}' twice`);
	});
	const required = names.filter((_, index) => rows[index].required ?? true);
	return {
		type: 'object',
		properties: Object.fromEntries(rows.map((row, index) => [names[index], parameterSchema(row)])),
		...(required.length > 0 && { required }),
	};
}

function parameterSchema({ type, description, allowedValues }: ParameterRow): JsonObject {
	const values = (allowedValues ?? '')
		.split(',')
		.map((value) => value.trim())
		.filter(Boolean);
	const one = { type: type.replace('[]', ''), ...(values.length > 0 && { enum: values }) };
	return {
		...(type.endsWith('[]') ? { type: 'array', items: one } : one),
		...(description && { description }),
	};
}
