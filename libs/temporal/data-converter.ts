/** The data converter that every client and every worker uses; a process without it would write plain histories. */
import { extname, join } from 'node:path';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { createPayloadCodec, type KeyedPayloadCodec } from './payload-codec.js';
import { payloadKeyringStamp, readPayloadKeyring, type PayloadKeyPlace } from './payload-keyring.js';

/** Path of the failure converter: also for `bundleWorkflowCode({ failureConverterPath })`. Works from source and from dist. */
export const failureConverterPath = join(__dirname, `failure-converter${extname(__filename)}`);

/** Data converter over a codec. */
export function createDataConverter(codec: PayloadCodec): DataConverter {
  return { payloadCodecs: [codec], failureConverterPath };
}

/** The codec over the local payload keyring; it reads the keyring again when its file was replaced or a payload names an unknown key. */
export function localPayloadCodec(place: PayloadKeyPlace): KeyedPayloadCodec {
  return createPayloadCodec({
    keyring: readPayloadKeyring(place),
    reload: () => readPayloadKeyring(place),
    stamp: () => payloadKeyringStamp(place),
  });
}
