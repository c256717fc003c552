import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import forge from 'node-forge';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is unusual about a certificate; left out, it is in order: for 127.0.0.1, for servers, from yesterday until tomorrow. */
type Unusual = {
  readonly names?: readonly { type: number; ip?: string; value?: string }[];
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly purpose?: 'serverAuth' | 'clientAuth';
  readonly isAuthority?: boolean;
  readonly bits?: number;
};

type Signer = { readonly name: string; readonly key: string; readonly pem: string };

const LOOPBACK = [{ type: 7, ip: '127.0.0.1' }];

/** Makes certificates with node-forge, whose dates can be any; the keys are Node's, which makes them quickly. */
export class Authority {
  readonly pem: string;
  readonly #signer: Signer;

  constructor(name: string) {
    this.#signer = certify(name, null, { isAuthority: true });
    this.pem = this.#signer.pem;
  }

  /** What a server shows. @param through an authority in between that is no authority. */
  context(unusual: Unusual = {}, through?: Unusual): SecureContext {
    const between = through === undefined ? null : certify('in between', this.#signer, through);
    const leaf = certify('127.0.0.1', between ?? this.#signer, unusual);
    return createSecureContext({ key: leaf.key, cert: leaf.pem + (between?.pem ?? '') });
  }
}

/** A server that vouches for itself. */
export function selfSigned(): SecureContext {
  const { key, pem } = certify('127.0.0.1', null, {});
  return createSecureContext({ key, cert: pem });
}

let serial = 0;

function certify(name: string, by: Signer | null, unusual: Unusual): Signer {
  const { names = LOOPBACK, fromMs = -DAY_MS, untilMs = DAY_MS, purpose = 'serverAuth', isAuthority = false, bits = 2048 } = unusual;
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  const key = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey.export({ format: 'pem', type: 'spki' }).toString());
  serial += 1;
  certificate.serialNumber = serial.toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(Date.now() + fromMs);
  certificate.validity.notAfter = new Date(Date.now() + untilMs);
  const named = (value: string) => [{ name: 'commonName', value }];
  certificate.setSubject(named(name));
  certificate.setIssuer(named(by?.name ?? name));
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    ...(isAuthority
      ? [{ name: 'keyUsage', keyCertSign: true }]
      : [
          { name: 'extKeyUsage', [purpose]: true },
          { name: 'subjectAltName', altNames: names },
        ]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(by?.key ?? key), forge.md.sha256.create());
  return { name, key, pem: forge.pki.certificateToPem(certificate) };
}
