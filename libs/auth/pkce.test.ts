import { challengeOf, createVerifier } from './pkce.js';

describe('PKCE', () => {
  it('makes verifiers of RFC 7636 without ~, each its own', () => {
    const verifiers = Array.from({ length: 200 }, createVerifier);
    for (const verifier of verifiers) expect(verifier).toMatch(/^[A-Za-z0-9._-]{43,128}$/);
    expect(new Set(verifiers).size).toBe(200);
  });

  it('challenges as in RFC 7636 appendix B', () => {
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });
});
