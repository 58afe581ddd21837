/** A name as one segment of a JSON pointer (RFC 6901 section 3): it may be anybody's text. */
export const pointerSegment = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1');
