/** What the server of stacks tells a test file of the Hawser that it may use. Plain JSON. */
export interface Loan {
  lane: string;
  /** The gateway. */
  url: string;
  /** API key of a workspace of the borrower's own. */
  key: string;
  addresses: Record<string, string>;
  dataDir: string;
  temporalAddress: string;
  namespace: string;
  mongoUri: string;
  env: Record<string, string>;
  /** Bytes of each log that others have written before. */
  logsFrom: Record<string, number>;
  /** Unix ms. */
  since: number;
}
