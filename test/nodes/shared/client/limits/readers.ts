/** Every reader of what a server sends, as `costOf` calls it. */
import type { GradientApiError } from '../../../../../nodes/shared/client';
import { isGradientApiError } from '../../../../../nodes/shared/client/errors';
import { Secrets, withoutSecret } from '../../../../../nodes/shared/client/redact';
import { readCatalogue, withFacts } from '../../../../../nodes/shared/client/response/catalogue';
import { readModels } from '../../../../../nodes/shared/client/response/models';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { readStream } from '../../../../../nodes/shared/client/stream/readStream';
import { Deadline } from '../../../../../nodes/shared/client/transport/abort';
import { readBeginning, readText } from '../../../../../nodes/shared/client/transport/body';
import { parseJson } from '../../../../../nodes/shared/client/json';
import { JSON_LIMIT } from '../../../../../nodes/shared/client/limits';
import { describeFailure } from '../../../../../nodes/shared/client/transport/failure';
import { asFromSocket } from '../../../../support/cost';
import { KEY } from '../support';

const secrets = new Secrets(KEY);

/** As the client ends a call. */
const failed = (error: unknown): GradientApiError => {
	if (!isGradientApiError(error)) throw error;
	return withoutSecret(error, secrets);
};

/** A stream that comes to this text, whole or broken off. */
export async function readEvents(text: string) {
	const deadline = new Deadline();
	const options = { deadline, secrets, nameFailure: (error: unknown) => error };
	try {
		return readResponse(await readStream(asFromSocket(text), options), {}, secrets);
	} catch (error) {
		return failed(error);
	} finally {
		deadline.release();
	}
}

/** An answer in one piece. */
export async function readBody(text: string) {
	try {
		return readResponse(parseJson(await readText(asFromSocket(text), JSON_LIMIT)), {}, secrets);
	} catch (error) {
		return failed(error);
	}
}

/** The body of an error. */
export async function readErrorBody(text: string) {
	const said = await readBeginning(asFromSocket(text));
	return describeFailure(parseJson(said) ?? said, 'It failed', secrets);
}

/** What the control plane says of the models of the list. */
export async function readCatalogueOf(text: string) {
	const body = parseJson(await readText(asFromSocket(text), JSON_LIMIT));
	const listed = readModels({ data: (body as { models: unknown }).models });
	return withFacts(listed, readCatalogue(body));
}

/** The list of models. */
export async function readModelList(text: string) {
	try {
		return readModels(parseJson(await readText(asFromSocket(text), JSON_LIMIT)), secrets);
	} catch (error) {
		return failed(error);
	}
}
