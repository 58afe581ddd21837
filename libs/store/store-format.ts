/**
 * The number of the format that this build writes. Each build reads the one before, too, so that two builds may stand side by side while
 * one takes over. 1: a connection's projection in fields of its own; 2: in one text (`connection-projection.ts`). Raise it with every change
 * that an older build would undo or misread.
 */
export const STORE_FORMAT = 2;
