import type { StructuredOutput } from '../../shared/client';
import type { JsonObject } from '../../shared/client/json';
import { ownName } from '../../shared/client/response/toolName';
import type { ResponseRequest } from '../../shared/client/schema/request';
import type { Known } from '../../shared/client/structured/memory';
import type { ChosenWay } from '../../shared/client/structured/wanted';
import type { Report } from '../../shared/form/values';
import type { Connection } from '../../shared/host/connection';
import { emptyLists, schemaOf } from './formSchema';
import type { CreateParameters } from './parameters';

/** What the function is called that takes the output, unless another one has the name. */
const NAME = 'output';

interface OutputSettings {
	maxRepairs?: number;
	/** What was known before, for a repetition of the same requests. */
	known?: Known;
	report: Report;
	hint(words: string): void;
}

/**
 * The output that the form asks for.
 * @returns undefined for text, and where what is wrong is reported
 */
export async function wantedOutput(
	{ outputFormat, outputSchema = {}, options }: CreateParameters,
	request: ResponseRequest,
	{ client, loadStructuredOutput }: Connection,
	{ maxRepairs, known, report, hint }: OutputSettings,
): Promise<StructuredOutput | undefined> {
	if (outputFormat !== 'json' && outputFormat !== 'schema') return undefined;
	const { StructuredOutput: Output, schemaProblem } = await loadStructuredOutput();
	let schema: JsonObject | undefined;
	if (outputFormat === 'schema') {
		let isReported = false;
		schema = schemaOf(outputSchema, "'Output Fields'", (problem) => {
			isReported = true;
			report(problem);
		});
		if (isReported) return undefined;
		if (!schema) {
			report("'Output Fields' is empty: add the fields that you want");
			return undefined;
		}
		const problem = schemaProblem(schema);
		if (problem) {
			report(`${outputSchema.mode === 'schema' ? "'JSON Schema'" : "'Output Schema'"} ${problem}`);
			return undefined;
		}
		const empty = emptyLists(outputSchema);
		if (empty.length > 0) hint(unknownItems(empty));
	}
	const taken = new Set((request.tools ?? []).flatMap(({ name }) => name ?? []));
	const way = options.structuredOutputBy as ChosenWay | undefined;
	return new Output(
		{ name: ownName(NAME, taken), ...(schema && { schema }) },
		{ way, maxRepairs, server: client.baseUrl, model: request.model, known },
	);
}

const unknownItems = (lists: string[]) =>
	`'Example (JSON)' has empty lists, so nothing is known of what they hold, and it is not checked: ${lists.join(', ')}. Give each an entry`;
