import { isDeepStrictEqual } from 'node:util';
import type { ISupplyDataFunctions } from 'n8n-workflow';

import type { JsonObject } from '../shared/client/json';
import type { Options } from '../shared/form/options';
import { type Settings, buildSettings, problemsOf } from '../shared/form/settings';
import type { FormWords } from '../shared/host/advice';
import type { Connection } from '../shared/host/connection';
import { invalidFields } from '../shared/host/errors';

/** This form has one request at a time, and the agent decides whether it streams. */
export const CHAT_MODEL_FORM: FormWords = {
	slowDown: "raise 'Delay Between Requests'",
	stopStreaming: "turn off 'Enable Streaming' in the options of the agent",
	startStreaming: "turn on 'Enable Streaming' in the options of the agent",
};

const NOT_YET = 'The messages';

/** Fields without a fault: n8n's agent makes a model for each of its rounds, of the same form. */
let lastGood: Settings | undefined;

/** @throws NodeOperationError naming the fields */
export function readSettings(
	context: ISupplyDataFunctions,
	item: number,
	findViolations: Connection['findViolations'],
): ModelSettings {
	const parameters = {
		model: context.getNodeParameter('model', item, '', { extractValue: true }) as unknown,
		options: context.getNodeParameter('options', item, {}) as Options,
	};
	const problems: string[] = [];
	const { fields, additional } = buildSettings(parameters, (problem) => problems.push(problem));
	if (!isDeepStrictEqual(fields, lastGood)) {
		// the messages are not known yet
		const violations = findViolations({ ...fields, input: NOT_YET });
		problems.push(...problemsOf(violations, additional));
		if (violations.length === 0) lastGood = fields;
	}
	if (problems.length > 0) throw invalidFields(context.getNode(), problems);
	const { sendToolPictures, responseFormat, sessionId } = parameters.options;
	return {
		fields,
		additional,
		arePicturesSent: sendToolPictures === true,
		isJson: responseFormat === 'json',
		sessionId,
	};
}

export interface ModelSettings {
	fields: Settings;
	/** Of 'Additional Fields (JSON)': they are sent as they are, and go over all others. */
	additional: JsonObject;
	/** Those in the results of tools. */
	arePicturesSent: boolean;
	/** Each answer is to be a JSON object and nothing else. */
	isJson: boolean;
	/** As the user set it. */
	sessionId: unknown;
}
