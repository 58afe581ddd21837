/** Certificates for tests: an authority, and what it signs. All are made in memory and valid for a day. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface Certificate {
  cert: string;
  key: string;
}

export class Authority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly certificate: X509Certificate,
    private readonly name: string,
  ) {}

  get cert(): string {
    return this.certificate.toString('pem');
  }

  static async make(name: string): Promise<Authority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        name: `CN=${name}`,
        keys: keys as never,
        signingAlgorithm: ALGORITHM,
        ...valid(DAY_MS),
        extensions: [new BasicConstraintsExtension(true, undefined, true)],
      },
      webcrypto as never,
    );
    return new Authority(keys, certificate, name);
  }

  /** For localhost. `lifeMs` below 0: it has ended so long ago. */
  async sign(name: string, { lifeMs = DAY_MS, host = 'localhost' } = {}): Promise<Certificate> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create(
      {
        subject: `CN=${name}`,
        issuer: `CN=${this.name}`,
        publicKey: keys.publicKey as never,
        signingKey: this.keys.privateKey as never,
        signingAlgorithm: ALGORITHM,
        ...valid(lifeMs),
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
      },
      webcrypto as never,
    );
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
  }
}

const makeKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

function valid(lifeMs: number): { notBefore: Date; notAfter: Date } {
  const end = Date.now() + lifeMs;
  return { notBefore: new Date(Math.min(Date.now(), end) - DAY_MS), notAfter: new Date(end) };
}
