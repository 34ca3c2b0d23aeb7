import { createSchema } from 'genson-js';

import { withArrayItems } from '../../shared/client/arrayItems';
import type { JsonObject } from '../../shared/client/json';
import { type Report, asJsonObject, asText } from '../../shared/form/values';
import type { ParameterRow, ToolRow } from './parameters';

/** The rows of 'Functions and Server Tools' as the request's `tools`. `report` is told what cannot be built. */
export const buildTools = (rows: ToolRow[], report: Report): JsonObject[] =>
	rows.map((row, index) =>
		buildTool(row, (problem) => report(`'Functions and Server Tools' row ${index + 1} ${problem}`)),
	);

function buildTool(row: ToolRow, report: Report): JsonObject {
	// the API's reference gives web search no fields of its own
	if (row.type !== 'function') return { type: row.type };
	const name = asText(row.name).trim();
	const description = asText(row.description);
	const parameters = buildParameters(row, report);
	return {
		type: row.type,
		...(name && { name }),
		...(description && { description }),
		...(parameters && { parameters: withArrayItems(parameters) }),
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
