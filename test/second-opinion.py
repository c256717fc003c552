# A second implementation of what main/content judges and derives, for its tests: Python's standard library, and Debian's
# python3-cryptography for key files and Ed25519. Reads one JSON object from standard input, writes one.
import base64, hashlib, hmac, json, re, sys, unicodedata
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

def add(a, b):
    if a is None: return b
    if b is None: return a
    if a[0] == b[0] and a[1] != b[1]: return None
    s = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (s * s - a[0] - b[0]) % P
    return x, (s * (a[0] - x) - a[1]) % P

def mul(k, point=G):
    total = None
    while k:
        if k & 1: total = add(total, point)
        point, k = add(point, point), k >> 1
    return total

def compressed(point): return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, 'big')
def uncompressed(point): return b'\4' + point[0].to_bytes(32, 'big') + point[1].to_bytes(32, 'big')
def sha(data): return hashlib.sha256(data).digest()
def hash160(data): return hashlib.new('ripemd160', sha(data)).digest()

def base58(data):
    number, text = int.from_bytes(data, 'big'), ''
    while number: number, digit = divmod(number, 58); text = BASE58[digit] + text
    return '1' * (len(data) - len(data.lstrip(b'\0'))) + text

def unbase58(text):
    number = 0
    for letter in text: number = number * 58 + BASE58.index(letter)
    body = number.to_bytes((number.bit_length() + 7) // 8, 'big')
    return b'\0' * (len(text) - len(text.lstrip('1'))) + body

def check58(data): return base58(data + sha(sha(data))[:4])

def uncheck58(text):
    if not text or any(letter not in BASE58 for letter in text): return None
    data = unbase58(text)
    return data[:-4] if len(data) > 4 and sha(sha(data[:-4]))[:4] == data[-4:] else None

def keccak(data):
    rounds, r = [], 1
    def bit():
        nonlocal r
        out = r & 1
        r = (r << 1) ^ (0x171 if r >> 7 else 0)
        return out
    for _ in range(24): rounds.append(sum(bit() << ((1 << j) - 1) for j in range(7)))
    mask = 2**64 - 1
    def rot(v, n): return ((v << n) | (v >> (64 - n))) & mask if n else v
    state = [[0] * 5 for _ in range(5)]
    data = bytearray(data) + b'\1' + b'\0' * (135 - len(data) % 136)
    data[-1] |= 0x80
    for block in range(0, len(data), 136):
        for i in range(17): state[i % 5][i // 5] ^= int.from_bytes(data[block + 8 * i:block + 8 * i + 8], 'little')
        for constant in rounds:
            c = [state[x][0] ^ state[x][1] ^ state[x][2] ^ state[x][3] ^ state[x][4] for x in range(5)]
            d = [c[(x - 1) % 5] ^ rot(c[(x + 1) % 5], 1) for x in range(5)]
            state = [[state[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, current = 1, 0, state[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, state[x][y] = state[x][y], rot(current, (t + 1) * (t + 2) // 2 % 64)
            state = [[state[x][y] ^ (~state[(x + 1) % 5][y] & state[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
            state[0][0] ^= constant
    return b''.join(state[i % 5][i // 5].to_bytes(8, 'little') for i in range(4))

def ethereum(point):
    digits = keccak(uncompressed(point)[1:])[-20:].hex()
    case = keccak(digits.encode()).hex()
    return '0x' + ''.join(d.upper() if int(c, 16) > 7 else d for d, c in zip(digits, case))

def bech32(version, program):
    letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
    bits = ''.join(format(byte, '08b') for byte in program)
    data = [version] + [int(bits[i:i + 5].ljust(5, '0'), 2) for i in range(0, len(bits), 5)]
    check = 1
    for value in [3, 3, 0, 2, 3] + data + [0] * 6:
        top, check = check >> 25, (check & 0x1ffffff) << 5 ^ value
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            if top >> i & 1: check ^= g
    check ^= 0x2bc830a3 if version else 1
    return 'bc1' + ''.join(letters[d] for d in data + [check >> 5 * (5 - i) & 31 for i in range(6)])

def taproot(point):
    x, y = point
    even = (x, y if y % 2 == 0 else P - y)
    tag = sha(b'TapTweak')
    return bech32(1, add(even, mul(int.from_bytes(sha(tag + tag + x.to_bytes(32, 'big')), 'big')))[0].to_bytes(32, 'big'))

def steps(path): return [int(part.rstrip("'")) + (2**31 if part.endswith("'") else 0) for part in path.split('/')[1:]]

def derive(key, chain, path, depth=0, parent=b'\0' * 4, index=0):
    for step in steps(path):
        public = compressed(mul(key))
        data = b'\0' + key.to_bytes(32, 'big') if step >= 2**31 else public
        out = hmac.digest(chain, data + step.to_bytes(4, 'big'), 'sha512')
        key, chain, depth, parent, index = (int.from_bytes(out[:32], 'big') + key) % N, out[32:], depth + 1, hash160(public)[:4], step
    return key, bytes([depth]) + parent + index.to_bytes(4, 'big') + chain

def slip10(seed, path):
    out = hmac.digest(b'ed25519 seed', seed, 'sha512')
    for step in steps(path): out = hmac.digest(out[32:], b'\0' + out[:32] + step.to_bytes(4, 'big'), 'sha512')
    raw = ed25519.Ed25519PrivateKey.from_private_bytes(out[:32]).public_key()
    return raw.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

def seed_of(phrase, passphrase):
    nfkd = lambda text: unicodedata.normalize('NFKD', text).encode()
    return hashlib.pbkdf2_hmac('sha512', nfkd(phrase), b'mnemonic' + nfkd(passphrase), 2048)

def of_point(kind, point, whole=False):
    return {'public-key': lambda: compressed(point).hex(), 'ethereum': lambda: ethereum(point), 'bitcoin-p2tr': lambda: taproot(point),
            'bitcoin-p2pkh': lambda: check58(b'\0' + hash160(uncompressed(point) if whole else compressed(point))),
            'bitcoin-p2wpkh': lambda: bech32(0, hash160(compressed(point)))}[kind]()

def pem(secret, password): return serialization.load_pem_private_key(secret, password)

def derived(ask):
    secret, kind, path = base64.b64decode(ask['secret']), ask['type'], ask['path']
    text = line(secret).decode() if ask['kind'] != 'pem-key' else ''
    if ask['kind'] == 'bip39' or ask['kind'] == 'seed':
        seed = bytes.fromhex(text) if ask['kind'] == 'seed' else seed_of(text, ask.get('passphrase') or '')
        if kind == 'seed': return seed.hex()
        if kind == 'solana': return base58(slip10(seed, path))
        out = hmac.digest(b'Bitcoin seed', seed, 'sha512')
        if kind == 'master-key': return out[:32].hex()
        key, head = derive(int.from_bytes(out[:32], 'big'), out[32:], path)
    elif ask['kind'] == 'xprv':
        data = uncheck58(text)
        key, head = derive(int.from_bytes(data[46:], 'big'), data[13:45], path, data[4], data[5:9], int.from_bytes(data[9:13], 'big'))
    elif ask['kind'] == 'keystore-v3':
        store = json.loads(text)
        crypto = store.get('crypto') or store['Crypto']
        how, salt = crypto['kdfparams'], bytes.fromhex(crypto['kdfparams']['salt'])
        password = ask['password'].encode()
        dk = hashlib.scrypt(password, salt=salt, n=how['n'], r=how['r'], p=how['p'], dklen=how['dklen'], maxmem=2**30) if crypto['kdf'] == 'scrypt' \
            else hashlib.pbkdf2_hmac('sha256', password, salt, how['c'], how['dklen'])
        assert keccak(dk[16:32] + bytes.fromhex(crypto['ciphertext'])).hex() == crypto['mac'].lower()
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        opened = Cipher(algorithms.AES(dk[:16]), modes.CTR(bytes.fromhex(crypto['cipherparams']['iv']))).decryptor().update(bytes.fromhex(crypto['ciphertext']))
        return of_point(kind, mul(int.from_bytes(opened, 'big')))
    elif ask['kind'] == 'pem-key':
        public = pem(secret, ask['password'].encode() if ask.get('password') else None).public_key()
        if kind == 'spki-sha256':
            return hashlib.sha256(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)).hexdigest()
        if isinstance(public, ed25519.Ed25519PublicKey):
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return base58(raw) if kind == 'solana' else raw.hex()
        if kind == 'ethereum':
            numbers = public.public_numbers()
            return ethereum((numbers.x, numbers.y))
        return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint).hex()
    else:
        data = bytes.fromhex(re.sub('^0x', '', text)) if ask['kind'] == 'hex-key' else uncheck58(text)[1:]
        return of_point(kind, mul(int.from_bytes(data[:32], 'big')), ask['kind'] == 'wif' and len(data) == 32)
    if kind == 'master-fingerprint': return hash160(compressed(mul(key)))[:4].hex()
    if kind == 'xpub': return check58(bytes.fromhex('0488b21e') + head + compressed(mul(key)))
    return of_point(kind, mul(key))

def line(secret): return secret[:-2] if secret.endswith(b'\r\n') else secret[:-1] if secret.endswith(b'\n') else secret
def in_range(data): return 0 < int.from_bytes(data, 'big') < N

def phrase(text, lists):
    for name, words in lists.items():
        plain = text.replace('\u3000', ' ') if name == 'Japanese' else text
        parts = plain.split(' ')
        if plain != unicodedata.normalize('NFKD', plain) or len(parts) not in (12, 15, 18, 21, 24) or any(word not in words for word in parts): continue
        bits = ''.join(format(words[word], '011b') for word in parts)
        size = len(bits) * 32 // 33
        entropy = int(bits[:size], 2).to_bytes(size // 8, 'big')
        if format(sha(entropy)[0], '08b')[:len(bits) - size] == bits[size:]: return True
    return False

def share(text, words):
    parts = text.split(' ')
    if any(word not in words for word in parts) or not 20 <= len(parts) <= 59: return False
    numbers = [words[word] for word in parts]
    padding = 10 * (len(numbers) - 7) % 16
    sum_, extendable = 1, numbers[1] >> 4 & 1
    for value in list(b'shamir_extendable' if extendable else b'shamir') + numbers:
        top, sum_ = sum_ >> 20, (sum_ & 0xfffff) << 10 ^ value
        for i, g in enumerate((0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120)):
            if top >> i & 1: sum_ ^= g
    fields = numbers[2] << 10 | numbers[3]
    group, threshold, count = fields >> 16 & 15, fields >> 12 & 15, fields >> 8 & 15
    return sum_ == 1 and padding <= 8 and numbers[4] >> 10 - padding == 0 and threshold <= count and group <= count

def extended(data):
    return data is not None and len(data) == 78 and data[:4].hex() == '0488ade4' and data[45] == 0 and in_range(data[46:]) and (data[4] > 0 or data[5:13] == b'\0' * 8)

def wif(data):
    return data is not None and data[0] == 0x80 and (len(data) == 33 or len(data) == 34 and data[33] == 1) and in_range(data[1:33])

def key_file(secret):
    if b'ENCRYPTED' not in secret.split(b'\n')[0]: return pem(secret, None) is not None
    # Without its password it is judged by its outer form: OpenSSL says "wrong password" only after reading all of it. One wrong
    # password in 256 leaves what looks like padding, and another error; of four one does not.
    for wrong in (b'not it', b'nor this', b'nor that', b'nor any of these'):
        try: pem(secret, wrong)
        except ValueError as error:
            if 'Incorrect password' in str(error): return True
    return False

def keystore(text):
    def no_twice(pairs):
        if len({name for name, _ in pairs}) != len(pairs): raise ValueError
        return dict(pairs)
    store = json.loads(text, object_pairs_hook=no_twice)
    crypto = store.get('crypto', store.get('Crypto'))
    how = crypto['kdfparams']
    size = lambda value: len(bytes.fromhex(value)) if re.fullmatch('[0-9a-fA-F]*', value) else -1
    address = store.get('address') or ''
    fits = how['n'] > 1 and bin(how['n']).count('1') == 1 and how['r'] > 0 and how['p'] > 0 if crypto['kdf'] == 'scrypt' else crypto['kdf'] == 'pbkdf2' and how['c'] > 0 and how['prf'] == 'hmac-sha256'
    return (store['version'] == 3 and crypto['cipher'] == 'aes-128-ctr' and size(crypto['cipherparams']['iv']) == 16 and size(crypto['ciphertext']) == 32
            and size(crypto['mac']) == 32 and size(how['salt']) > 0 and how['dklen'] >= 32 and fits and re.fullmatch('(0x)?[0-9a-fA-F]{40}|', address) is not None)

def valid(kind, secret, lists, slip39):
    try:
        if kind == 'opaque': return len(secret) > 0
        text = line(secret).decode()
        if text != text.strip(' \t\r\n') and kind not in ('keystore-v3',): return False
        if kind == 'bip39': return phrase(text, lists)
        if kind == 'slip39': return share(text, slip39)
        if kind == 'hex-key': return re.fullmatch('(0x)?[0-9a-fA-F]{64}', text) is not None and in_range(bytes.fromhex(text[-64:]))
        if kind == 'xprv': return extended(uncheck58(text))
        if kind == 'wif': return wif(uncheck58(text))
        if kind == 'pem-key': return key_file(secret)
        return keystore(text)
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeError):
        return False

given = json.load(sys.stdin)
lists = {name: {word: at for at, word in enumerate(words)} for name, words in given.get('lists', {}).items()}
slip39 = {word: at for at, word in enumerate(given.get('slip39', []))}
json.dump({'judged': [valid(one['kind'], base64.b64decode(one['secret']), lists, slip39) for one in given.get('judge', [])],
           'derived': [derived(one) for one in given.get('derive', [])]}, sys.stdout)
