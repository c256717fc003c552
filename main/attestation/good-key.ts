import { checkError, type ColdroomError } from '../values/index.ts';

/*
 * Rules for a modulus, after letsencrypt/boulder's goodkey: each with its source, its reason and what it does not find.
 * CoinCover's enclave signs for the key; a broken generator inside it would be signed for all the same. The gap of all rules
 * together: only known breakages are found. Primes that were leaked, chosen by someone, or are shared with another key pass.
 */

const HINT = 'stop and escalate to CoinCover: a key like this protects nothing';
const SIEVE_LIMIT = 2 ** 16;
const FERMAT_ROUNDS = 100;

/**
 * Refuses an RSA modulus that is known to be weak. That it has 4096 bits is parseAssignedKey's to check; a good one of that
 * size takes some 10 ms. Contract, "The assigned key".
 * @throws check `key-small-factor`, `key-close-primes`, `key-roca`.
 */
export function checkGoodModulus(modulus: bigint): void {
  // SECURITY(REQ-GOOD-KEY): the enclave is trusted to have made the key, not to have had good randomness.
  checkSmallFactors(modulus);
  checkRoca(modulus);
  checkClosePrimes(modulus);
}

/**
 * NIST SP 800-89 §5.3.3 asks that a modulus have no small factor: two primes of 2048 bits have none, so one that does was
 * corrupted on its way or made by a generator that skipped its tests. The limit, 2^16, is the contract's. Not found: a factor above it.
 */
function checkSmallFactors(modulus: bigint): void {
  // One big division by the product of many primes, then small ones: hundreds of times cheaper than 6,542 big divisions.
  for (const { product, primes } of PRIME_BATCHES) {
    const rest = modulus % product;
    for (const prime of primes) {
      if (rest % BigInt(prime) === 0n) throw weak('key-small-factor', `the key’s modulus has the factor ${prime.toString()}`);
    }
  }
}

/**
 * Fermat's method finds p and q at once when they are close together, as a faulty generator makes them (CVE-2022-26320);
 * FIPS 186-5 §A.1.1 asks for primes that are far apart. 100 rounds are the contract's. Not found: primes only somewhat
 * farther apart, or close to another ratio than 1.
 */
function checkClosePrimes(modulus: bigint): void {
  let a = integerSqrt(modulus);
  if (a * a < modulus) a += 1n;
  for (let round = 0; round < FERMAT_ROUNDS; round += 1, a += 1n) {
    const square = a * a - modulus;
    const b = integerSqrt(square);
    if (b * b === square) throw weak('key-close-primes', 'the key’s two primes are so close that the modulus falls apart');
  }
}

/**
 * ROCA (CVE-2017-15361; Nemec et al., "The Return of Coppersmith's Attack", CCS 2017): Infineon's library made primes as
 * k·M + (65537^a mod M), so that the modulus, modulo each small prime, is a power of 65537. Of random moduli about one in
 * 2^28 looks so and is refused without need. Not found: a generator of the same kind with another base.
 */
function checkRoca(modulus: bigint): void {
  const looksSo = ROCA_POWERS.every(({ prime, powers }) => powers.has(Number(modulus % BigInt(prime))));
  if (looksSo) throw weak('key-roca', 'the key was made by a generator that is broken (CVE-2017-15361, ROCA)');
}

function weak(code: string, message: string): ColdroomError {
  return checkError(code, message, { hint: HINT });
}

/** Newton's method; the largest integer whose square is not above n. */
function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

function primesBelow(limit: number): number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let n = 2; n < limit; n += 1) {
    if (composite[n] === 1) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < limit; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

const PRIMES = primesBelow(SIEVE_LIMIT);
const BATCH = 64;
const PRIME_BATCHES = Array.from({ length: Math.ceil(PRIMES.length / BATCH) }, (_, index) => {
  const primes = PRIMES.slice(index * BATCH, (index + 1) * BATCH);
  return { primes, product: primes.reduce((product, prime) => product * BigInt(prime), 1n) };
});

/** The odd primes up to 167, the published fingerprint's range, for which 65537 does not generate everything; the others tell nothing. */
const ROCA_POWERS = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].map((prime) => {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power);
  return { prime, powers };
});
