/** What is known of the tries from one version: the next one looks at no more than what came since. */
export interface Looked {
  /** The version in force that they were made from. */
  base: number;
  /** No answer can be stored any more under the versions above `base` up to this one, but for those in `open`. */
  through: number;
  /** Versions with a request whose answer may still come. */
  open: number[];
  /** When the first request was sent whose answer is lost for good: it may have spent the refresh token. Absent = none was. */
  lostAt?: number;
}
