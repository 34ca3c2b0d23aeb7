/** All that the check takes from the nodes: their client's transport, and its way of reading an answer. */
export { GradientClient, GradientApiError, isGradientApiError } from '../../nodes/Gradient/client';
export { Deadline } from '../../nodes/Gradient/client/abort';
export { toConnectionError } from '../../nodes/Gradient/client/connectionFailure';
export { createDispatcher } from '../../nodes/Gradient/client/dispatcher';
export { describeFailure } from '../../nodes/Gradient/client/failure';
export { type JsonObject, isObject, parseJson } from '../../nodes/Gradient/client/json';
export { retryAfter } from '../../nodes/Gradient/client/rateLimit';
export { type GradientResponse, readResponse } from '../../nodes/Gradient/client/response';
export { ResponseStream } from '../../nodes/Gradient/client/stream/responseStream';
export { EventDecoder } from '../../nodes/Gradient/client/stream/sse';
