/**
 * The client of DigitalOcean Gradient's API. Knows nothing of n8n. It brings undici and zod, so the
 * nodes load it on first use: `await import('./')`.
 */
export { GradientClient, type CallOptions, type GradientClientOptions } from './client';
export { forgetKeys } from './pacing/sharedKey';
export type { EgressFilter } from './transport/dispatcher';
export { GradientApiError, isGradientApiError } from './errors';
export { toJsonSchema } from './jsonSchema';
/** On first use: it brings Ajv, which most executions do not need. */
export const loadStructuredOutput = async () => await import('./structured/structuredOutput');
export type { StructuredOutput } from './structured/structuredOutput';
export type { GradientResponse } from './response/response';
export type { ResponseCreateParams } from './schema/createParams';
export type { Model } from './schema/model';
export type { InputItem, Message, ResponseRequest, Tool } from './schema/request';
export { type Violation, findViolations } from './schema/violations';
export type { ToolCall } from './response/toolCall';
export type { Usage } from './response/usage';
