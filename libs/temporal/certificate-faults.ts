/** What is wrong with the certificates that the settings name, each by a sentence that names the variable. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ClientConfigProfile } from '@temporalio/envconfig';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';

interface Certificates {
  profile: ClientConfigProfile;
  tls: TLSConfig | true;
  env: Readonly<Record<string, string | null>>;
  now: number;
}

/** Empty when all is well, or when there is none. */
export function certificateFaults({ profile, tls, env, now }: Certificates): string[] {
  if (tls === true) return [];
  const [ca, cert, key] = ['SERVER_CA_CERT', 'CLIENT_CERT', 'CLIENT_KEY'].map((part) => variableOf(part, env));
  const faults: string[] = [];
  const { clientCert, clientKey } = profile.tls ?? {};
  if (clientCert && !clientKey) faults.push(`${cert} is set without its key. Set TEMPORAL_TLS_CLIENT_KEY_PATH too.`);
  if (clientKey && !clientCert)
    faults.push(`${key} is set without its certificate. Set TEMPORAL_TLS_CLIENT_CERT_PATH too.`);
  if (tls.serverRootCACertificate) faults.push(...judge(ca, tls.serverRootCACertificate, now).faults);
  if (tls.clientCertPair) {
    const { certificate, faults: own } = judge(cert, tls.clientCertPair.crt, now);
    const privateKey = keyOf(tls.clientCertPair.key);
    faults.push(...own);
    if (!privateKey) faults.push(`${key} holds no private key in PEM form (one without a pass phrase).`);
    else if (certificate && !certificate.checkPrivateKey(privateKey))
      faults.push(`${key} is not the key of the certificate in ${cert}.`);
  }
  return faults;
}

function judge(
  variable: string | undefined,
  pem: Uint8Array,
  now: number,
): { certificate?: X509Certificate; faults: string[] } {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return { faults: [`${variable} holds no certificate in PEM form.`] };
  }
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (to < now)
    return {
      certificate,
      faults: [`${variable} holds a certificate that ended on ${dayOf(to)}. Put a new one there.`],
    };
  if (from > now)
    return { certificate, faults: [`${variable} holds a certificate that is valid from ${dayOf(from)} on only.`] };
  return { certificate, faults: [] };
}

function keyOf(pem: Uint8Array): KeyObject | null {
  try {
    return createPrivateKey(Buffer.from(pem));
  } catch {
    return null;
  }
}

/** Data goes before a path, as in the SDK. From a profile of a file neither is set. */
function variableOf(part: string, env: Certificates['env']): string {
  return env[`TEMPORAL_TLS_${part}_DATA`] ? `TEMPORAL_TLS_${part}_DATA` : `TEMPORAL_TLS_${part}_PATH`;
}

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
