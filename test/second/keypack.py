"""formats.md, 8: judging the key of a key pack by what it brings."""
import base64
import math
import re
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from basics import NotJson, Refused, canonical, digest, is_day, is_uuid, read_json, unb64
from sealing import PublicKey

FIELDS = ('external_customer_id', 'external_package_id', 'pulled_by_id', 'pulled_by_type', 'user_id', 'key_id', 'key_fingerprint')
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MIB = 1024 * 1024


def is_text(value):
    return isinstance(value, str)


def is_texts(value):
    return isinstance(value, list) and all(map(is_text, value))


def object_of(code, data, most=MIB):
    try:
        value = read_json(data.encode('utf-8'), most)
    except NotJson:
        raise Refused(code)
    if not isinstance(value, dict):
        raise Refused(code)
    return value


def has_form(value, needed, allowed):
    """An object of texts with the needed members and perhaps the allowed ones."""
    return isinstance(value, dict) and set(needed) <= set(value) <= set(needed) | set(allowed) and all(map(is_text, value.values()))


def read_request(data):
    request = object_of('request-invalid', data)
    fields = request.get('sign_with', ['key_id'])
    good = (
        set(request) <= {'user_identifier', 'key_type', 'key_environment', 'organisation', 'package', 'sign_with'}
        and is_text(request.get('user_identifier'))
        and request['user_identifier'] != ''
        and request.get('key_type') == 'rsa4096'
        and request.get('key_environment') in ('HOT', 'COLD')
        and ('organisation' not in request or has_form(request['organisation'], ['customer_id'], ['customer_name']))
        and ('package' not in request or has_form(request['package'], ['package_id'], ['package_name']))
        and is_texts(fields)
        and len(fields) > 0
        and len(set(fields)) == len(fields)
        and set(fields) <= set(FIELDS)
    )
    if not good:
        raise Refused('request-invalid')
    return request


def read_response(data):
    response = object_of('response-invalid', data)
    if not is_text(response.get('key_id')) or not is_text(response.get('public_key')):
        raise Refused('response-invalid')
    for name in ('signature', 'customer_id', 'package_id', 'signed_payload'):
        if response.get(name) is not None and not is_text(response[name]):
            raise Refused('response-invalid')
    if response.get('signed_fields') is not None and not is_texts(response['signed_fields']):
        raise Refused('response-invalid')
    if not is_uuid(response['key_id']):
        raise Refused('key-id-invalid')
    return response, PublicKey(response['public_key'])


def signed_text(request, response):
    payload, fields = response.get('signed_payload'), response.get('signed_fields')
    if 'sign_with' not in request:
        if payload is not None or fields is not None:
            raise Refused('payload-unasked')
        return response['public_key']
    if payload is None or fields is None:
        raise Refused('payload-missing')
    return payload


def read_signature(text):
    if text is None or text == '':
        raise Refused('signature-missing')
    data = unb64(text)
    if data is None or len(data) > 72 or len(data) < 8 or data[0] != 0x30 or data[1] != len(data) - 2:
        raise Refused('signature-encoding')
    at = 2
    for _ in 'rs':
        if data[at : at + 1] != b'\x02' or at + 1 >= len(data):
            raise Refused('signature-encoding')
        part = data[at + 2 : at + 2 + data[at + 1]]
        value = int.from_bytes(part, 'big')
        if len(part) != data[at + 1] or part != value.to_bytes(value.bit_length() // 8 + 1, 'big') or not 1 <= value < ORDER:
            raise Refused('signature-encoding')
        at += 2 + len(part)
    if at != len(data):
        raise Refused('signature-encoding')
    return data


def moment(text):
    """Seconds since 1970 of an ISO 8601 time with seconds and an offset, or None."""
    form = r'([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})'
    match = re.fullmatch(form, text) if is_text(text) else None
    if not match:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    if not is_day(year, month, day) or hour > 23 or minute > 59 or second > 59:
        return None
    sign = match[8]
    offset = 0 if sign == 'Z' else int(sign[1:3]) * 3600 + int(sign[4:6]) * 60
    if sign != 'Z' and (int(sign[1:3]) > 23 or int(sign[4:6]) > 59):
        return None
    since = datetime(max(year, 1), month, day, hour, minute, second, tzinfo=timezone.utc).timestamp()
    return since + float(match[7] or 0) - (-offset if sign.startswith('-') else offset)


def coordinate(text):
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4)) if re.fullmatch('[A-Za-z0-9_-]{43}', text) else b''
    if len(data) != 32 or base64.urlsafe_b64encode(data).rstrip(b'=').decode() != text:
        raise Refused('jwks-point')
    return int.from_bytes(data, 'big')


def usable_keys(text, now):
    try:
        jwks = read_json(text.encode('utf-8'), MIB)
    except NotJson as problem:
        raise Refused('jwks-duplicate-member' if problem.why == 'twice' else 'jwks-not-json')
    if not isinstance(jwks, dict) or not isinstance(jwks.get('keys'), list):
        raise Refused('jwks-invalid')
    usable = []
    for entry in jwks['keys']:
        if not isinstance(entry, dict):
            continue
        if 'd' in entry:
            raise Refused('jwks-private-key')
        fixed = {'kty': 'EC', 'crv': 'P-256', 'alg': 'ES256', 'use': 'sig'}
        since = moment(entry.get('coincover:validFrom'))
        wanted = (
            all(entry.get(name) == value for name, value in fixed.items())
            and is_text(entry.get('x'))
            and is_text(entry.get('y'))
            and is_texts(entry.get('coincover:purposes'))
            and 'assignment-sig' in entry['coincover:purposes']
            and since is not None
            and since <= now
        )
        if not wanted:
            continue
        try:
            usable.append(ec.EllipticCurvePublicNumbers(coordinate(entry['x']), coordinate(entry['y']), ec.SECP256R1()).public_key())
        except ValueError:
            raise Refused('jwks-point')
    if not usable:
        raise Refused('jwks-no-usable-key')
    return usable


def is_signer(key, signature, data):
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def check_binding(request, response, key):
    if 'sign_with' not in request:
        return
    if response['signed_fields'] != request['sign_with']:
        raise Refused('fields-differ')
    text = response['signed_payload']
    payload = object_of('payload-not-canonical', text, 64 * 1024)
    if canonical(payload) != text.encode('utf-8'):
        raise Refused('payload-not-canonical')
    if set(payload) != {'public_key', *request['sign_with']} or not all(is_text(value) and value for value in payload.values()):
        raise Refused('payload-members')
    known = {
        'public_key': response['public_key'],
        'key_id': response['key_id'],
        'key_fingerprint': key.fingerprint,
        'external_customer_id': request.get('organisation', {}).get('customer_id'),
        'external_package_id': request.get('package', {}).get('package_id'),
    }
    for name, value in payload.items():
        if name in known and value != known[name]:
            raise Refused('binding-mismatch')
    if payload.get('pulled_by_type', 'api_key') not in ('api_key', 'user_credentials'):
        raise Refused('binding-mismatch')


def check_beside(request, response):
    for name, group in (('customer_id', 'organisation'), ('package_id', 'package')):
        came, sent = response.get(name), request.get(group, {}).get(name)
        if came is not None and sent is not None and came != sent:
            raise Refused('answer-differs')


def check_modulus(modulus):
    sieve = bytearray([1]) * 65536
    product = 1
    for prime in range(2, 65536):
        if sieve[prime]:
            sieve[prime * prime :: prime] = bytes(len(range(prime * prime, 65536, prime)))
            product *= prime
    if math.gcd(modulus, product) != 1:
        raise Refused('key-small-factor')
    primes = (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)
    if all(modulus % prime in {pow(65537, power, prime) for power in range(prime)} for prime in primes):
        raise Refused('key-roca')
    root = math.isqrt(modulus)
    root += root * root < modulus
    for step in range(100):
        rest = (root + step) ** 2 - modulus
        if math.isqrt(rest) ** 2 == rest:
            raise Refused('key-close-primes')


def judge(body, now):
    """@returns the key's facts, and the fingerprint of the signing key that verified."""
    request = read_request(body['request'])
    response, key = read_response(body['response'])
    data = signed_text(request, response).encode('utf-8')
    signature = read_signature(response.get('signature'))
    signers = [one for one in usable_keys(body['jwks'], now) if is_signer(one, signature, data)]
    if not signers:
        raise Refused('signature-invalid')
    check_binding(request, response, key)
    check_beside(request, response)
    check_modulus(key.modulus)
    signer = digest(signers[0].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return {'key_id': response['key_id'], 'form': key.form, 'fingerprint': key.fingerprint, 'ski': key.ski.hex(), 'signer': signer}
