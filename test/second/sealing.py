"""formats.md, 2 to 6: keys, RSA blocks, boxes, envelopes."""
import functools
import hashlib
import os
import re
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from basics import Refused, digest, unb64

SPKI = bytes.fromhex('30820222300d06092a864886f70d01010105000382020f00')
PKCS1 = bytes.fromhex('3082020a0282020100')
EXPONENT = bytes.fromhex('0203010001')


class PublicKey:
    """An assigned key, from its hex as delivered."""

    def __init__(self, text):
        if len(text) > 4096:
            raise Refused('key-too-long')
        if re.fullmatch('[0-9a-fA-F]*', text) is None:
            raise Refused('key-not-hex')
        if len(text) % 2:
            raise Refused('key-odd-length')
        data = bytes.fromhex(text)
        inner = data[len(SPKI) :] if data.startswith(SPKI) else data
        modulus = inner[len(PKCS1) : -len(EXPONENT)]
        if inner != PKCS1 + modulus + EXPONENT or len(modulus) != 512 or modulus[0] < 0x80:
            raise Refused('key-form')
        self.form = 'spki' if len(data) == 550 else 'pkcs1'
        self.fingerprint = digest(data)
        self.ski = hashlib.sha1(inner).digest()
        self.modulus = int.from_bytes(modulus, 'big')


@functools.lru_cache
def key_from_pem(pem):
    return serialization.load_pem_private_key(pem, None)


@functools.lru_cache
def public_hex(private):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.DER, form).hex()


def mask(seed, length):
    blocks = (hashlib.sha256(seed + count.to_bytes(4, 'big')).digest() for count in range(-(-length // 32)))
    return b''.join(blocks)[:length]


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def block_make(message, key, seed):
    """RSAES-OAEP by hand, from RFC 8017 §7.1.1."""
    if len(message) > 446:
        raise ValueError('too long')
    data = hashlib.sha256(b'').digest() + bytes(446 - len(message)) + b'\x01' + message
    data = xor(data, mask(seed, len(data)))
    seed = xor(seed, mask(data, 32))
    return pow(int.from_bytes(b'\x00' + seed + data, 'big'), 65537, key.modulus).to_bytes(512, 'big')


def block_open(block, private):
    try:
        if len(block) != 512:
            raise ValueError
        return private.decrypt(block, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    except ValueError:
        raise Refused('cannot-open')


def passphrase_of(data):
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError:
        raise Refused('passphrase-not-utf8')
    text = text[:-2] if text.endswith('\r\n') else text[:-1] if text.endswith('\n') else text
    if text == '':
        raise Refused('passphrase-empty')
    if '\ufeff' in text or any(unicodedata.category(one) in ('Cc', 'Cn') for one in text):
        raise Refused('passphrase-characters')
    return unicodedata.normalize('NFC', text).encode('utf-8')


def box_key(passphrase, salt):
    derived = hashlib.scrypt(passphrase, salt=salt, n=131072, r=8, p=1, maxmem=2**28, dklen=44)
    return AESGCM(derived[:32]), derived[32:]


def box_make(content, passphrase, salt):
    cipher, nonce = box_key(passphrase, salt)
    return b'CRB1' + salt + cipher.encrypt(nonce, content, b'CRB1')


def box_open(box, passphrase):
    if not box.startswith(b'CRB1') or len(box) < 36:
        raise Refused('box-cannot-open')
    cipher, nonce = box_key(passphrase, box[4:20])
    try:
        return cipher.decrypt(nonce, box[20:], b'CRB1')
    except InvalidTag:
        raise Refused('box-cannot-open')


AUTH_ENVELOPED = bytes.fromhex('060b2a864886f70d0109100117')
OAEP = bytes.fromhex(
    '303806092a864886f70d010107302ba00d300b0609608648016503040201' + 'a11a301806092a864886f70d010108300b0609608648016503040201'
)
DATA = bytes.fromhex('06092a864886f70d010701')
GCM = bytes.fromhex('301e060960864801650304012e3011040c')
ICV = bytes.fromhex('020110')


def size(length):
    if length < 128:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, 'big')
    return bytes([0x80 | len(octets)]) + octets


def value(tag, *parts):
    data = b''.join(parts)
    return bytes([tag]) + size(len(data)) + data


def envelope_make(content, key, content_key, nonce, seed):
    recipient = value(0x30, b'\x02\x01\x02', value(0x80, key.ski), OAEP, value(0x04, block_make(content_key, key, seed)))
    sealed = AESGCM(content_key).encrypt(nonce, content, None)
    info = value(0x30, DATA, GCM + nonce + ICV, value(0x80, sealed[:-16]))
    inner = value(0x30, b'\x02\x01\x00', value(0x31, recipient), info, value(0x04, sealed[-16:]))
    return value(0x30, AUTH_ENVELOPED, value(0xA0, inner))


class Reader:
    """Walks over bytes; whatever is not there or not as wanted is `envelope-malformed`."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        part = self.data[self.at : self.at + count]
        if len(part) != count:
            raise Refused('envelope-malformed')
        self.at += count
        return part

    def want(self, wanted):
        if self.take(len(wanted)) != wanted:
            raise Refused('envelope-malformed')

    def length(self, shortest=True):
        start = self.at
        first = self.take(1)[0]
        if first == 0x80 or first > 0x86:
            raise Refused('envelope-malformed')
        length = first if first < 0x80 else int.from_bytes(self.take(first & 0x7F), 'big')
        if shortest and self.data[start : self.at] != size(length):
            raise Refused('envelope-malformed')
        return length

    def until(self, tag):
        """Enters a value. @returns where it ends."""
        self.want(bytes([tag]))
        length = self.length()
        if self.at + length > len(self.data):
            raise Refused('envelope-malformed')
        return self.at + length

    def must(self, condition):
        if not condition:
            raise Refused('envelope-malformed')


def envelope_read(data, lenient):
    """@returns SKI or None, RSA block, nonce, ciphertext, tag."""
    reader = Reader(data)
    streamed = data[1:2] == b'\x80'
    reader.must(lenient or not streamed)

    def enter(tag):
        if streamed:
            reader.want(bytes([tag, 0x80]))
        else:
            reader.must(reader.until(tag) == len(data))

    enter(0x30)
    reader.want(AUTH_ENVELOPED)
    enter(0xA0)
    enter(0x30)
    reader.want(b'\x02\x01\x00')
    recipients = reader.until(0x31)
    reader.must(recipients - reader.at <= 4096)
    reader.must(reader.until(0x30) == recipients)
    ski = None
    if data[reader.at : reader.at + 3] == b'\x02\x01\x02':
        reader.want(b'\x02\x01\x02')
        reader.want(b'\x80')
        ski = reader.take(reader.length())
    else:
        reader.must(lenient)
        reader.want(b'\x02\x01\x00')
        reader.at = reader.until(0x30)
    reader.want(OAEP)
    reader.want(bytes.fromhex('04820200'))
    block = reader.take(512)
    reader.must(reader.at == recipients)
    if streamed:
        reader.want(b'\x30\x80')
    else:
        info = reader.until(0x30)
    reader.want(DATA + GCM)
    nonce = reader.take(12)
    reader.want(ICV)
    if streamed:
        reader.want(b'\xa0\x80')
        pieces = []
        while reader.take(1) == b'\x04':
            pieces.append(reader.take(reader.length(shortest=False)))
        reader.at -= 1
        reader.want(bytes(4))
        ciphertext = b''.join(pieces)
    else:
        reader.want(b'\x80')
        ciphertext = reader.take(reader.length())
        reader.must(reader.at == info)
    reader.want(b'\x04\x10')
    tag = reader.take(16)
    reader.want(bytes(6) if streamed else b'')
    reader.must(reader.at == len(data))
    return ski, block, nonce, ciphertext, tag


def envelope_open(data, private, lenient):
    ski, block, nonce, ciphertext, tag = envelope_read(data, lenient)
    if ski is not None and ski != PublicKey(public_hex(private)).ski:
        raise Refused('envelope-other-key')
    content_key = block_open(block, private)
    if len(content_key) != 32:
        raise Refused('cannot-open')
    try:
        return AESGCM(content_key).decrypt(nonce, ciphertext + tag, None)
    except InvalidTag:
        raise Refused('cannot-open')


MODES = ('direct', 'passphrase', 'envelope', 'envelope+passphrase')


def seal(secret, mode, key, passphrase=None, random=os.urandom):
    """@returns the ciphertext and the checksum."""
    if secret == b'' or secret.startswith(b'CRB1'):
        raise ValueError('no mode seals it')
    inner = box_make(secret, passphrase, random(16)) if 'passphrase' in mode else secret
    if mode.startswith('envelope'):
        return envelope_make(inner, key, random(32), random(12), random(32)), None
    return block_make(inner, key, random(32)), digest(inner)


def bare(data):
    """A released ciphertext, in binary or in base64."""
    for form in (data, unb64(re.sub(rb'\s', b'', data).decode('latin-1')) if all(one < 128 for one in data) else None):
        if form is not None and (len(form) == 512 or (len(form) > 512 and form[0] == 0x30)):
            return form
    raise Refused('ciphertext-not-recognised')


def unseal(ciphertext, mode, private, passphrase, lenient=True):
    """@param mode as a sealed item says it, or None. @returns the secret and the digest of what RSA-OAEP gave, or None."""
    if mode is None:
        ciphertext = bare(ciphertext)
    is_envelope = len(ciphertext) != 512 if mode is None else mode.startswith('envelope')
    inner = envelope_open(ciphertext, private, lenient) if is_envelope else block_open(ciphertext, private)
    boxed = inner.startswith(b'CRB1')
    if mode is not None and boxed != ('passphrase' in mode):
        raise Refused('mode-differs')
    if boxed != (passphrase is not None):
        raise Refused('passphrase-needed' if boxed else 'passphrase-not-needed')
    return box_open(inner, passphrase) if boxed else inner, None if is_envelope else digest(inner)
