import type { ChatModelConfig, GenerateResult } from '@n8n/ai-node-sdk';

/** What a caller wants the answer to be. */
export interface WantedByCaller {
	name: string;
	/** JSON Schema, or of any copy of zod. */
	schema: unknown;
}

/** What LangChain and the bridge to it add to the SDK's options of a call. */
export interface CallConfig extends ChatModelConfig {
	signal?: AbortSignal;
	stop?: string[];
	tool_choice?: unknown;
	/** What the answer must be. */
	wanted?: WantedByCaller;
	/** Learns of the response, whole. */
	onResult?: (result: GenerateResult) => void;
}
