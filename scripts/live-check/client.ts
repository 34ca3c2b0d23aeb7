/** All that the check takes from the nodes: their client's transport, and its way of reading an answer. */
export { GradientClient, GradientApiError, isGradientApiError } from '../../nodes/shared/client';
export { Deadline } from '../../nodes/shared/client/transport/abort';
export { toConnectionError } from '../../nodes/shared/client/transport/connectionFailure';
export { createDispatcher } from '../../nodes/shared/client/transport/dispatcher';
export { describeFailure } from '../../nodes/shared/client/transport/failure';
export { type JsonObject, isObject, parseJson } from '../../nodes/shared/client/json';
export { retryAfter } from '../../nodes/shared/client/pacing/rateLimit';
export { fitHistory } from '../../nodes/shared/client/response/history';
export { type GradientResponse, readResponse } from '../../nodes/shared/client/response/response';
export { ResponseStream } from '../../nodes/shared/client/stream/responseStream';
export { EventDecoder } from '../../nodes/shared/client/stream/sse';
