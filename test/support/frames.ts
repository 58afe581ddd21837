/**
 * Frames on a link, for tests that kill "before and after frame k". A frame is one message of the wire protocol: a MongoDB
 * message, a gRPC message (HTTP/2 DATA), the head of an HTTP request or answer. What a link says by itself (heartbeats of the
 * MongoDB driver, long polls that bring nothing) is no frame: the action under test did not cause it.
 */
export type WireProtocol = 'mongo' | 'grpc' | 'http';
export type Direction = 'to_server' | 'to_client';

/** Bytes that belong together, in the order of the wire. `frame` names the frame that they are; null = not counted. */
export interface Piece {
  bytes: Buffer;
  frame: string | null;
}

export type ReadPieces = (chunk: Buffer, direction: Direction) => Piece[];

/** A reader for one connection of a link. It gives back every byte that it takes; bytes of an unfinished frame wait for the rest. */
export function createFrameReader(protocol: WireProtocol): ReadPieces {
  if (protocol === 'http') return (chunk, direction) => [{ bytes: chunk, frame: httpFrame(chunk, direction) }];
  const rest: Record<Direction, Buffer> = { to_server: Buffer.alloc(0), to_client: Buffer.alloc(0) };
  const cut = protocol === 'mongo' ? mongoCutter() : grpcCutter();
  return (chunk, direction) => {
    let left = Buffer.concat([rest[direction], chunk]);
    const pieces: Piece[] = [];
    for (let next = cut(left, direction); next !== null; next = cut(left, direction)) {
      pieces.push({ bytes: left.subarray(0, next.size), frame: next.frame });
      left = left.subarray(next.size);
    }
    rest[direction] = left;
    return pieces;
  };
}

/** The first message in a buffer: its size and its name; null = it is not whole yet. */
type Cut = (buffer: Buffer, direction: Direction) => { size: number; frame: string | null } | null;

function httpFrame(chunk: Buffer, direction: Direction): string | null {
  const head = chunk.subarray(0, 200).toString('latin1');
  const found =
    direction === 'to_server' ? /^([A-Z]+ [^ ?]+)[^ ]* HTTP\/1\.1\r\n/.exec(head) : /^HTTP\/1\.1 (\d{3})/.exec(head);
  return found?.[1] ?? null;
}

const OP_MSG = 2013;
/** The driver's own talk. What our processes tell of themselves every few seconds (`processes`) is none of the action's either. */
const MONGO_NOISE = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'ping',
  'endSessions',
  'saslStart',
  'saslContinue',
  'buildInfo',
]);

/** MongoDB wire protocol: int32 length, request id, response to, opcode; OP_MSG: flags, section kind, then a document whose first key is the command. */
function mongoCutter(): Cut {
  const asked = new Map<number, string>();
  return (buffer, direction) => {
    if (buffer.length < 16) return null;
    const size = buffer.readInt32LE(0);
    if (buffer.length < size) return null;
    if (direction === 'to_client') {
      const responseTo = buffer.readInt32LE(8);
      const command = asked.get(responseTo);
      asked.delete(responseTo);
      return { size, frame: command === undefined ? null : `${command} answered` };
    }
    if (buffer.readInt32LE(12) !== OP_MSG || buffer[20] !== 0) return { size, frame: null };
    const keyEnd = buffer.indexOf(0, 26);
    const command = buffer.subarray(26, keyEnd).toString('latin1');
    // The first value of a command names its collection: a type byte, the key, an int32 length, the text.
    const collection =
      buffer[25] === 2 ? buffer.subarray(keyEnd + 5, buffer.indexOf(0, keyEnd + 5)).toString('latin1') : '';
    if (MONGO_NOISE.has(command) || TOLD_BY_ITSELF.has(collection)) return { size, frame: null };
    asked.set(buffer.readInt32LE(4), command);
    return { size, frame: command };
  };
}

/** Collections by which our processes tell of themselves every few seconds. */
const TOLD_BY_ITSELF = new Set(['processes', 'meta']);

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const DATA = 0;
/** gRPC's own prefix of a message: a flag and an int32 length. An answer of no more bytes says nothing (a poll that found no task). */
const EMPTY_MESSAGE = 5;

/** HTTP/2: 9 bytes of head (length 24 bit, type, flags, stream); each gRPC message travels in DATA frames. */
function grpcCutter(): Cut {
  return (buffer, direction) => {
    if (direction === 'to_server' && buffer.subarray(0, 3).toString('latin1') === 'PRI')
      return buffer.length < PREFACE.length ? null : { size: PREFACE.length, frame: null };
    if (buffer.length < 9) return null;
    const length = buffer.readUIntBE(0, 3);
    const size = 9 + length;
    if (buffer.length < size) return null;
    const counts =
      buffer[3] === DATA && length > EMPTY_MESSAGE && !(direction === 'to_server' && isPoll(buffer.subarray(14, size)));
    const stream = buffer.readUInt32BE(5) & 0x7fff_ffff;
    return {
      size,
      frame: counts
        ? `grpc ${direction === 'to_server' ? 'request' : 'answer'}, stream ${stream}, ${length} bytes`
        : null,
    };
  };
}

/** A poll for tasks: protobuf field 1 is the namespace, field 2 a message that begins with the name of a task queue. Names of workflows hold a slash, those of queues do not. */
function isPoll(message: Buffer): boolean {
  const namespaceLength = message[1] ?? 0;
  if (message[0] !== 0x0a || namespaceLength > 0x7f) return false;
  const at = 2 + namespaceLength;
  if (message[at] !== 0x12 || message[at + 2] !== 0x0a) return false;
  const nameLength = message[at + 3] ?? 0;
  return !message.subarray(at + 4, at + 4 + nameLength).includes('/');
}
