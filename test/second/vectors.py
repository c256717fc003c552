"""Known answers, made by this implementation alone: every random byte is drawn from SHAKE256 of a label, so that they can be made again."""
import hashlib
import json
import math
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import codes
import documents
import keypack
import ledger
import report
from basics import Refused, b64, canonical, canonical_text, digest, words
from sealing import MODES, PublicKey, box_make, envelope_make, key_from_pem, passphrase_of, public_hex, seal

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, '../vectors/second')
NOW = 1795568523  # 2026-11-25T01:02:03Z
SIZES = (1, 410, 411, 446, 447, 4096)
PASSPHRASES = {'words': 'correct horse battery staple rocket', 'composed': 'Zo\u00eb \u00c5ngstr\u00f6m \u1e9b\u0323', 'spaces': '  two  spaces and a tab-less end '}


def drawn(label, count):
    return hashlib.shake_256(label.encode('utf-8')).digest(count)


class Drawn:
    """What os.urandom is elsewhere."""

    def __init__(self, label):
        self.label, self.count = label, 0

    def __call__(self, count):
        self.count += 1
        return drawn(f'{self.label} {self.count}', count)


def uuid(label):
    text = drawn(label, 16).hex()
    text = f'{text[:12]}4{text[13:16]}8{text[17:]}'  # version 4
    return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


PRIVATE = key_from_pem(open(os.path.join(HERE, '../vectors/rsa4096-a.key.pem'), 'rb').read())
HEX = public_hex(PRIVATE)
KEY = PublicKey(HEX)
COLD = documents.Station(drawn('cold', 32), 'second-cold', 'cold')
ONLINE = documents.Station(drawn('online', 32), 'second \U0001f511 online', 'online')

# P-256 by hand, since ECDSA of the library draws a nonce of its own.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add(one, other):
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % P == 0:
        return None
    if one == other:
        slope = 3 * (one[0] * one[0] - 1) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(factor, point):
    total = None
    while factor:
        total = add(total, point) if factor & 1 else total
        point, factor = add(point, point), factor >> 1
    return total


ENCLAVE = int.from_bytes(drawn('enclave', 32), 'big') % keypack.ORDER
POINT = times(ENCLAVE, BASE)


def minimal(value):
    return value.to_bytes(value.bit_length() // 8 + 1, 'big')


def enclave_signature(text, raw=False):
    z = int(digest(text), 16)
    nonce = int.from_bytes(drawn('nonce ' + digest(text), 32), 'big') % keypack.ORDER
    r = times(nonce, BASE)[0] % keypack.ORDER
    s = pow(nonce, -1, keypack.ORDER) * (z + r * ENCLAVE) % keypack.ORDER
    if raw:
        return b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))
    pair = b''.join(b'\x02' + bytes([len(minimal(part))]) + minimal(part) for part in (r, s))
    return b64(b'\x30' + bytes([len(pair)]) + pair)


def base64url(value):
    return b64(value.to_bytes(32, 'big')).rstrip('=').replace('+', '-').replace('/', '_')


def jwks(**change):
    entry = {
        'kty': 'EC',
        'crv': 'P-256',
        'alg': 'ES256',
        'use': 'sig',
        'kid': 'enclave-signing-key-v1',
        'x': base64url(POINT[0]),
        'y': base64url(POINT[1]),
        'coincover:purposes': ['assignment-sig'],
        'coincover:validFrom': '2026-01-02T03:04:05+01:00',
    }
    return {'keys': [{'kty': 'RSA'}, {**entry, **change}]}


KEY_ID = uuid('key')
ENVIRONMENT_ID = digest(canonical({'name': 'sandbox', 'api': 'https://service.uat-keys.coincover.com', 'jwks': 'https://policies.uat-keys.coincover.com/.well-known/jwks.json'}))
FIELDS = ['key_id', 'key_fingerprint', 'pulled_by_id', 'pulled_by_type', 'external_customer_id']


def exchange(payload=None, request=None, response=None, sign=None, list_=None, as_text=None):
    """A key pack's body: what is given replaces members, a member None is left out."""
    def merged(value, change):
        return {name: inner for name, inner in {**value, **(change or {})}.items() if inner is not None}

    asked = merged(
        {
            'user_identifier': 'wallet \u00e9',
            'key_type': 'rsa4096',
            'key_environment': 'COLD',
            'organisation': {'customer_id': 'c-1', 'customer_name': 'Acme'},
            'sign_with': FIELDS,
        },
        request,
    )
    bound = {
        'public_key': HEX,
        'key_id': KEY_ID,
        'key_fingerprint': KEY.fingerprint,
        'pulled_by_id': 'account-1',
        'pulled_by_type': 'api_key',
        'external_customer_id': 'c-1',
    }
    text = as_text or canonical_text(merged(bound, payload))
    answer = {'key_id': KEY_ID, 'public_key': HEX, 'customer_id': 'c-1', 'package_id': None, 'metadata': {}}
    if 'sign_with' in asked:
        answer.update(signed_payload=text, signed_fields=asked['sign_with'])
    signed = text if 'sign_with' in asked else HEX
    answer['signature'] = enclave_signature(signed) if sign is None else sign(signed)
    answer.update(response or {})
    list_text = list_ if isinstance(list_, str) else json.dumps(list_ or jwks())
    return {
        'environment': 'sandbox',
        'account': 'institution',
        'request': json.dumps(asked),
        'response': json.dumps(answer),
        'jwks': list_text,
        'jwks_sha256': digest(list_text),
        'jwks_fetched_at': '2026-11-24T23:59:59.999Z',
    }


def key_pack(body, label='key pack'):
    return ONLINE.document('keypack/1', body, id=uuid(label), to=[ONLINE.facts['id'], COLD.facts['id']], environment_id=ENVIRONMENT_ID)


def sealed_item(mode, secret, pack, label):
    passphrase = passphrase_of(PASSPHRASES['composed'].encode()) if 'passphrase' in mode else None
    ciphertext, checksum = seal(secret, mode, KEY, passphrase, Drawn(label))
    body = {
        'item_id': uuid('item ' + label),
        'environment': 'sandbox',
        'key_id': KEY_ID,
        'public_key': HEX,
        'mode': mode,
        'size_bytes': len(secret),
        'ciphertext': b64(ciphertext),
        'ciphertext_sha256': digest(ciphertext),
        'checksum': checksum,
        'name': f'{label} \u2013 \U0001f5dd "quoted" \\ \x7f.txt',
        'send_name': False,
        'asset': None,
        'supersedes': None,
    }
    to = [COLD.facts['id'], ONLINE.facts['id']]
    answers = digest(documents.signed_bytes(pack))
    return COLD.document('sealed/1', body, id=uuid(label), to=to, answers=answers, environment_id=ENVIRONMENT_ID, ledger_seq=0)


def receipt(item):
    is_file = item['body']['checksum'] is None
    body = {
        'item_id': item['body']['item_id'],
        'environment': 'sandbox',
        'backup_id': uuid('backup ' + item['id']),
        'backup_type': 'file' if is_file else 'data',
        'key_id': KEY_ID,
        'sealed_ciphertext_sha256': item['body']['ciphertext_sha256'],
        'checksum': item['body']['checksum'],
        'data_size': None if is_file else 512,
        'stored_at': '2024-02-29T23:59:59.999Z',
        'key_check': 'not-checkable',
        'backup_check': 'valid',
    }
    answers = digest(documents.signed_bytes(item))
    to = [ONLINE.facts['id'], COLD.facts['id']]
    return ONLINE.document('receipt/1', body, id=uuid('receipt ' + item['id']), to=to, answers=answers, environment_id=ENVIRONMENT_ID)


def boxes():
    made = []
    for name, text in PASSPHRASES.items():
        for size in SIZES:
            content, salt = drawn(f'{name} {size}', size), drawn(f'salt {name} {size}', 16)
            box = box_make(content, passphrase_of(text.encode()), salt)
            made.append({'name': f'{name}, {size} bytes', 'passphrase': b64(text.encode()), 'content': b64(content), 'box': b64(box)})
    return made


def passphrases():
    files = {
        'plain': b'correct horse',
        'one line end': b'correct horse\n',
        'CR LF': b'correct horse\r\n',
        'two line ends': b'correct horse\n\n',
        'CR alone': b'correct horse\r',
        'spaces stay': b'  correct  horse ',
        'nothing': b'',
        'a line end alone': b'\n',
        'a mark in front': b'\xef\xbb\xbfcorrect',
        'a mark inside': 'cor\ufeffrect'.encode(),
        'Latin-1': b'Zo\xeb',
        'a tab': b'correct\thorse',
        'C1 control': 'cor\u0085rect'.encode(),
        'unassigned': 'cor\u0378rect'.encode(),
        'no character': 'cor\ufffe'.encode(),
        'private use': 'cor\ue000'.encode(),
        'decomposed': 'Zoe\u0308'.encode(),
        'composed': 'Zo\u00eb'.encode(),
        'order of marks': 'a\u0301\u0323'.encode(),
        'Hangul': '\u1112\u1161\u11ab'.encode(),
        'Angstrom sign': '\u212b'.encode(),
        'ligature stays': '\ufb01'.encode(),
        'no case folding': 'STRASSE Stra\u00dfe'.encode(),
        'beyond the plane': '\U0001d15e\U0001f511'.encode(),
        'soft hyphen and joiner': 'a\u00ad\u200d'.encode(),
        'a surrogate in bytes': b'\xed\xa0\x80',
    }
    return [{'name': name, 'file': b64(data), **answer(lambda: b64(passphrase_of(data)))} for name, data in files.items()]


def answer(work):
    try:
        return {'gives': work(), 'refused': None}
    except Refused as refusal:
        return {'gives': None, 'refused': refusal.code}


def envelopes():
    made = []
    for size in (0, *SIZES):
        content = drawn(f'envelope {size}', size)
        random = Drawn(f'envelope {size}')
        made.append({'name': f'{size} bytes', 'content': b64(content), 'envelope': b64(envelope_make(content, KEY, random(32), random(12), random(32)))})
    return made


def all_documents():
    pack = key_pack(exchange())
    items = [sealed_item(mode, drawn(f'{mode} {size}', size), pack, f'{mode} {size}') for mode, size in (('direct', 446), ('passphrase', 410), ('envelope', 447), ('envelope+passphrase', 411))]
    receipts = [receipt(item) for item in items]
    card = COLD.document('station/1', {'reads': ['keypack/1', 'sealed/1', 'receipt/1', 'carry/1']}, id=uuid('card'), to=[])
    lines = [
        {'kind': 'sealed', 'id': item['id'], 'subject': item['body']['item_id'], 'sha256': digest(documents.write(item)), 'size_bytes': len(documents.write(item))}
        for item in sorted(items, key=lambda item: item['id'])
    ]
    carry = COLD.document('carry/1', {'documents': lines}, id=uuid('carry'), to=[COLD.facts['id'], ONLINE.facts['id']])
    return {'a key pack': pack, **{f"a sealed item, {item['body']['mode']}": item for item in items}, 'a receipt of data': receipts[0], 'a receipt of a file': receipts[2], 'a card': card, 'a carry list': carry}


def signers(document):
    return next(station for station in (COLD, ONLINE) if station.facts['id'] == document['station']['id'])


def refused_documents(good):
    """Of each fault of a document one, signed again where it is not the signature's."""
    item, pack, card = good['a sealed item, direct'], good['a key pack'], good['a card']
    made = {}

    def put(name, document, again=True):
        made[name] = documents.write(signers(document).signed({key: value for key, value in document.items() if key != 'signature'}) if again else document)

    def body(document, **change):
        return {**document, 'body': {**document['body'], **change}}

    text = documents.write(item).decode()
    made['no JSON'] = b'{'
    made['a byte order mark'] = b'\xef\xbb\xbf' + text.encode()
    made['text behind it'] = text.encode() + b'{}'
    made['a member twice'] = text.replace('"send_name"', '"send_name": true, "send_name"', 1).encode()
    made['a member twice, escaped'] = text.replace('"send_name"', '"send_n\\u0061me": true, "send_name"', 1).encode()
    made['a lone surrogate'] = text.replace('.txt', '.txt\\ud800', 1).encode()
    made['a fraction'] = text.replace('"ledger_seq": 0', '"ledger_seq": 0.0', 1).encode()
    made['an exponent'] = text.replace('"ledger_seq": 0', '"ledger_seq": 0e0', 1).encode()
    made['minus nought'] = text.replace('"ledger_seq": 0', '"ledger_seq": -0', 1).encode()
    made['beyond 2^53'] = text.replace('"ledger_seq": 0', '"ledger_seq": 9007199254740992', 1).encode()
    made['a leading nought'] = text.replace('"ledger_seq": 0', '"ledger_seq": 00', 1).encode()
    made['NaN'] = text.replace('"ledger_seq": 0', '"ledger_seq": NaN', 1).encode()
    made['a comment'] = b'// hello\n' + text.encode()
    made['a comma too many'] = text.rstrip()[:-1].encode() + b',}'
    made['a control in text'] = text.replace('.txt', '.t\x01xt', 1).encode()
    made['bytes that are no UTF-8'] = text.encode().replace(b'.txt', b'.t\xffxt', 1)
    made['33 levels'] = text.replace('"asset": null', '"asset": ' + '[' * 31 + ']' * 31, 1).encode()
    made['32 levels'] = text.replace('"asset": null', '"asset": ' + '[' * 30 + ']' * 30, 1).encode()
    made['a list'] = b'[]'
    made['text alone'] = b'"sealed/1"'
    made['another program’s'] = b'{"coldroom": 1}'
    put('a later version', {**item, 'coldroom': 'sealed/2'})
    put('a name that every object has', {**item, 'coldroom': 'constructor'})
    for name in item:
        if name != 'coldroom':
            made[f'without {name}'] = documents.write({key: value for key, value in item.items() if key != name})
    for name in item['body']:
        put(f'without body.{name}', {**item, 'body': {key: value for key, value in item['body'].items() if key != name}})
    put('a member too many', {**item, 'more': 1})
    put('a member too many inside', body(item, more=1))
    put('a member too many in the station', {**item, 'station': {**item['station'], 'more': 1}})
    put('a member __proto__', {**item, '__proto__': {}})
    put('a member __proto__ inside', body(item, __proto__=None))
    put('a member constructor', {**item, 'constructor': 1})
    wrong = {
        'size of nothing': {'size_bytes': 0},
        'size in text': {'size_bytes': '446'},
        'size true': {'size_bytes': True},
        'mode of no kind': {'mode': 'Direct'},
        'name empty': {'name': ''},
        'name of 1025': {'name': 'x' * 1025},
        'name of 1025 pairs': {'name': '\U0001f511' * 1025},
        'asset empty': {'asset': ''},
        'asset of 201': {'asset': 'x' * 201},
        'ciphertext empty': {'ciphertext': ''},
        'ciphertext with a line end': {'ciphertext': item['body']['ciphertext'] + '\n'},
        'ciphertext without padding': {'ciphertext': item['body']['ciphertext'].rstrip('=')},
        'ciphertext in base64url': {'ciphertext': '-_' + item['body']['ciphertext'][2:]},
        'ciphertext with stray bits': {'ciphertext': item['body']['ciphertext'][:-2] + '9=' if item['body']['ciphertext'].endswith('=') else 'QR=='},
        'digest in capitals': {'ciphertext_sha256': item['body']['ciphertext_sha256'].upper()},
        'digest with a line end': {'ciphertext_sha256': item['body']['ciphertext_sha256'] + '\n'},
        'uuid in capitals': {'item_id': item['body']['item_id'].upper()},
        'key of odd length': {'public_key': HEX + 'a'},
        'key of 15 bytes': {'public_key': HEX[:30]},
        'send_name null': {'send_name': None},
        'checksum of a number': {'checksum': 1},
    }
    for name, change in wrong.items():
        put(name, body(item, **change))
        put(f'{name}, not signed again', body(item, **change), again=False)
    for name, moment in {
        'time without fraction': '2026-11-25T01:02:03Z',
        'time with an offset': '2026-11-25T01:02:03.004+00:00',
        'time of a day that is none': '2026-02-29T01:02:03.004Z',
        'time of hour 24': '2026-11-25T24:00:00.000Z',
        'time of a leap second': '2026-12-31T23:59:60.000Z',
        'time in lower case': '2026-11-25t01:02:03.004z',
        'time in other digits': '\u0662026-11-25T01:02:03.004Z',
    }.items():
        put(name, {**item, 'created_at': moment})
    put('name of 1024 pairs', body(item, name='\U0001f511' * 1024))
    put('a leap day', {**item, 'created_at': '2000-02-29T00:00:00.000Z'})
    put('the year nought', {**item, 'created_at': '0000-02-29T00:00:00.000Z'})
    put('to of 1001', {**item, 'to': [digest(str(count)) for count in range(1001)]})
    put('to no list', {**item, 'to': {}})
    put('to of other things', {**item, 'to': ['a']})
    put('station null', {**item, 'station': None}, again=False)
    put('body null', {**item, 'body': None})
    put('answers null', {**item, 'answers': None})
    put('environment_id null', {**item, 'environment_id': None})
    put('signed by another key', {**item, 'signature': pack['signature']}, again=False)
    put('another’s id', {**item, 'station': {**item['station'], 'id': ONLINE.facts['id']}})
    put('a signature of 63 bytes', {**item, 'signature': b64(bytes(63))}, again=False)
    put('a signature of nothing', {**item, 'signature': b64(bytes(64))}, again=False)
    put('another kind by name', {**item, 'coldroom': 'receipt/1'}, again=False)
    put('another kind by name, signed', {**item, 'coldroom': 'receipt/1'})
    for one, other in (('station/1', card), ('carry/1', good['a carry list'])):
        made[f'{one} with the name of a key pack'] = documents.write({**other, 'coldroom': 'keypack/1'})
    put('digest of another ciphertext', body(item, ciphertext_sha256=digest('other')))
    put('a block with no checksum', body(item, checksum=None))
    put('an envelope with a checksum', body(good['a sealed item, envelope'], checksum=digest('any')))
    put('a block of 511', body(item, ciphertext=b64(bytes(511)), ciphertext_sha256=digest(bytes(511))))
    put('a file’s receipt with a checksum', body(good['a receipt of a file'], checksum=digest('any')))
    put('jwks_sha256 of another list', body(pack, jwks_sha256=digest('other')))
    put('a key pack that answers', {**pack, 'answers': digest('any')})
    put('a card for somebody', {**card, 'to': [ONLINE.facts['id']]})
    put('a card of an environment', {**card, 'environment_id': ENVIRONMENT_ID})
    put('a card that answers', {**card, 'answers': digest('any')})
    carry = good['a carry list']
    put('a carry list of nothing', {**carry, 'body': {'documents': []}})
    put('a carry list with a document twice', {**carry, 'body': {'documents': carry['body']['documents'][:1] * 2}})
    put('a carry list of an environment', {**carry, 'environment_id': ENVIRONMENT_ID})
    put('a carry list of a card', {**carry, 'body': {'documents': [{**carry['body']['documents'][0], 'kind': 'station'}]}})
    return made


def document_vectors():
    good = all_documents()
    cases = {**{name: documents.write(document) for name, document in good.items()}, **refused_documents(good)}
    return [{'name': name, 'file': b64(data), **answer(lambda: digest(documents.signed_bytes(documents.read(data))))} for name, data in cases.items()]


def key_packs():
    other = digest('another')
    bodies = {
        'bound': exchange(),
        'not bound': exchange(request={'sign_with': None, 'organisation': None}),
        'PKCS#1': exchange(request={'sign_with': None}, response={'public_key': HEX[48:]}, sign=lambda _: enclave_signature(HEX[48:])),
        'capitals': exchange(request={'sign_with': None}, response={'public_key': HEX.upper()}, sign=lambda _: enclave_signature(HEX.upper())),
        'a customer that nobody sent': exchange(request={'organisation': None, 'sign_with': ['key_id']}, payload={name: None for name in FIELDS[1:]}),
        'unknown members in the answer': exchange(response={'more': [1.5, {}]}),
        'a request of another kind': exchange(request={'key_type': 'ed25519'}),
        'a request with more': exchange(request={'more': 1}),
        'a request for public_key': exchange(request={'sign_with': ['public_key']}),
        'a request for one field twice': exchange(request={'sign_with': ['key_id', 'key_id']}),
        'a request for nothing': exchange(request={'sign_with': []}),
        'a request with a customer without id': exchange(request={'organisation': {'customer_name': 'Acme'}}),
        'an answer without a key': exchange(response={'public_key': None}),
        'key_id of no uuid': exchange(response={'key_id': 'k-1'}),
        'key_id in capitals': exchange(response={'key_id': KEY_ID.upper()}),
        'signature a number': exchange(response={'signature': 1}),
        'no signature': exchange(response={'signature': None}),
        'empty signature': exchange(response={'signature': ''}),
        'signature in P1363': exchange(sign=lambda text: enclave_signature(text, raw=True)),
        'signature without padding': exchange(sign=lambda text: enclave_signature(text).rstrip('=') + ' '),
        'signature over other bytes': exchange(sign=lambda text: enclave_signature(text + ' ')),
        'payload that nobody asked for': exchange(request={'sign_with': None}, response={'signed_payload': '{}', 'signed_fields': []}),
        'payload left out': exchange(response={'signed_payload': None}),
        'fields left out': exchange(response={'signed_fields': None}),
        'fields in another order': exchange(response={'signed_fields': FIELDS[::-1]}),
        'payload with white space': exchange(as_text=canonical_text({'public_key': HEX}).replace(':', ': ')),
        'payload no JSON': exchange(as_text='public_key'),
        'payload with a member twice': exchange(as_text='{"a":"1","a":"1"}'),
        'payload with a number': exchange(payload={'pulled_by_id': 1e21}),
        'payload with a small number': exchange(payload={'pulled_by_id': 1.5e-7}),
        'payload with numbers': exchange(payload={name: value for name, value in zip(FIELDS, (1.5e-6, 1e-6, 123456789012345680000, 5e-324, 0.1))}),
        'payload with less': exchange(payload={'pulled_by_type': None}),
        'payload with more': exchange(payload={'user_id': 'u'}),
        'payload with an empty text': exchange(payload={'pulled_by_id': ''}),
        'another key_id': exchange(payload={'key_id': uuid('other')}),
        'another key': exchange(payload={'public_key': HEX[:-10] + '0' * 10}),
        'another fingerprint': exchange(payload={'key_fingerprint': other}),
        'fingerprint in capitals': exchange(payload={'key_fingerprint': KEY.fingerprint.upper()}),
        'another customer': exchange(payload={'external_customer_id': 'c-2'}),
        'pulled by nothing known': exchange(payload={'pulled_by_type': 'API_KEY'}),
        'answer with another customer': exchange(response={'customer_id': 'c-2'}),
        'list no JSON': exchange(list_='keys'),
        'list with a member twice': exchange(list_='{"keys":[],"keys":[]}'),
        'list of nothing': exchange(list_={'keys': []}),
        'list of no list': exchange(list_={'keys': {}}),
        'list with a private key': exchange(list_=jwks(d='AA')),
        'key for other purposes': exchange(list_=jwks(**{'coincover:purposes': ['policy-sig']})),
        'key valid from tomorrow': exchange(list_=jwks(**{'coincover:validFrom': '2096-11-25T00:00:00Z'})),
        'key valid from nothing': exchange(list_=jwks(**{'coincover:validFrom': 'today'})),
        'key valid from a day without time': exchange(list_=jwks(**{'coincover:validFrom': '2026-01-02'})),
        'key valid from a minute': exchange(list_=jwks(**{'coincover:validFrom': '2026-01-02T03:04Z'})),
        'key valid from a day that is none': exchange(list_=jwks(**{'coincover:validFrom': '2026-02-30T03:04:05Z'})),
        'key of another curve': exchange(list_=jwks(crv='P-384')),
        'key for encryption': exchange(list_=jwks(use='enc')),
        'point off the curve': exchange(list_=jwks(y=base64url(POINT[1] ^ 1))),
        'coordinate with padding': exchange(list_=jwks(x=base64url(POINT[0]) + '=')),
        'coordinate too short': exchange(list_=jwks(x='AA')),
    }

    def unbound(text):
        return exchange(request={'sign_with': None}, response={'public_key': text}, sign=lambda _: enclave_signature(text))

    def of_modulus(modulus):
        return (HEX[:66] + modulus.to_bytes(512, 'big').hex() + HEX[-10:])

    modulus = KEY.modulus
    small = math.prod(prime for prime in range(3, 65536, 2) if pow(2, prime - 1, prime) == 1)  # primes, and a few that only look so
    close = next(one for one in range(2**2047 + 2**2046 + 1, 2**2048, 2) if math.gcd(one * (one + 2), small) == 1)
    powers = math.prod((11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157))
    first = pow(65537, 5, powers) + powers * (2**4095 // powers + 1)
    roca = next(one for one in range(first, 2**4096, powers) if one % 2 and math.gcd(one, small) == 1)
    bodies.update(
        {
            'modulus with the factor 65521': unbound(of_modulus(65521 * (modulus // 65521 | 1))),
            'modulus of close primes': unbound(of_modulus(close * (close + 2))),
            'modulus with ROCA’s fingerprint': unbound(of_modulus(roca)),
            'key not hex': unbound(HEX[:-1] + 'g'),
            'key of odd length': unbound(HEX[:-1]),
            'key too long': unbound('0' * 4098),
            'key with more': unbound(HEX + '00'),
            'key cut': unbound(HEX[:-2]),
            'key with exponent 3': unbound(HEX[:-10] + '0203010003'),
            'key with a modulus that begins with nought': unbound(of_modulus(modulus >> 1)),
        }
    )
    made = []
    for name, body in bodies.items():
        data = documents.write(key_pack(body, name))
        made.append({'name': name, 'file': b64(data), **answer(lambda: keypack.judge(documents.read(data)['body'], NOW))})
    return made


def code_vectors():
    made = []
    for density, most in (('coarse', 130), ('fine', 240)):
        for size in (0, 1, 23, 24, 127, 128, 129, 255, 256, 1000, 5000, 65536):
            shown = codes.frames(drawn(f'code {size}', size), most)
            made.append({'density': density, 'size': size, 'label': f'code {size}', 'frames': len(shown), 'first': shown[0], 'sha256': digest('\n'.join(shown))})
    return made


MAC_KEY = drawn('mac', 32)


def chain(events, ledger_id, first=1):
    """@param events type and data; of a checkpoint the data are made."""
    rows, prev = [], ledger.NOTHING
    for index, (kind, data) in enumerate(events):
        seq = first + index
        if kind == 'checkpoint' and data is None:
            data = {'seq': seq - 1, 'head': prev, 'signature': COLD.sign(ledger.checkpoint_bytes(ledger_id, seq - 1, prev))}
        row = ledger.make_row(COLD, ledger_id, seq, prev, kind, data, MAC_KEY)
        rows.append(row)
        prev = ledger.row_digest(row['bytes'].encode(), bytes.fromhex(row['mac']))
    return rows


def ledger_vectors():
    ledger_id = uuid('ledger')
    made_by = ('station-made', {'station_id': COLD.facts['id'], 'name': 'second-cold', 'role': 'cold', 'keychain': 'file', 'public_key': COLD.facts['public_key']})
    told = ('network-policy-set', {'policy': 'stop'})
    good = chain([made_by, told, ('checkpoint', None), told, ('checkpoint', None), told], ledger_id)
    later = chain([made_by, ('rebuilt', {'documents': 3}), ('checkpoint', None)], ledger_id, first=400)

    def change(index, **what):
        return [{**row, **what} if at == index else row for at, row in enumerate(good)]

    cases = {
        'whole': good,
        'rebuilt, beginning later': later,
        'nothing': [],
        'a row missing': good[:1] + good[2:],
        'cut short': good[:4],
        'a row that is no JSON': change(1, bytes='{'),
        'a row without data': change(1, bytes='{"data":null}'),
        'a number that is not its own': change(1, seq=9),
        'a changed policy': change(1, bytes=good[1]['bytes'].replace('stop', 'warn')),
        'a changed MAC': change(1, mac='00' * 32),
        'a MAC cut short': change(1, mac=good[1]['mac'][:-2]),
        'of another ledger': chain([made_by, told], uuid('other ledger')),
        'beginning with something else': chain([told, told], ledger_id),
        'a checkpoint over another head': chain([made_by, ('checkpoint', {'seq': 1, 'head': digest('other'), 'signature': COLD.sign(ledger.checkpoint_bytes(ledger_id, 1, digest('other')))})], ledger_id),
        'a checkpoint of another station': chain([made_by, ('checkpoint', {**json.loads(good[2]['bytes'])['data'], 'signature': ONLINE.sign(b'')})], ledger_id),
        'a checkpoint of an earlier place': chain([made_by, told, ('checkpoint', json.loads(good[2]['bytes'])['data']), told, ('checkpoint', json.loads(good[2]['bytes'])['data'])], ledger_id),
    }
    made = []
    for name, rows in cases.items():
        read = [(row['seq'], row['bytes'].encode(), bytes.fromhex(row['mac'])) for row in rows]
        made.append({'name': name, 'rows': rows, 'without_key': ledger.check(read, ledger_id), 'with_key': ledger.check(read, ledger_id, MAC_KEY)})
    return {'ledger_id': ledger_id, 'mac_key': b64(MAC_KEY), 'cases': made}


def make_report():
    """A ceremony that was begun, signed in one step, and aborted."""
    ledger_id, ceremony = uuid('ledger'), uuid('ceremony')
    about = {'ceremony_id': ceremony}
    policy = {'coldroom': 'policy/1', 'network_gate': 'warn'}
    people = [{'name': 'Ada L\u00f8vdahl', 'initials': 'AL', 'role': 'administrator'}, {'name': 'Wit', 'initials': 'WW', 'role': 'witness'}]
    shown = {
        'ceremony': ceremony,
        'step': 'people',
        'checks': [{'id': 'enough', 'result': 'passed', 'what': 'two people', 'rests_on': 'what was typed'}],
        'facts': [{'name': 'Place', 'value': 'vault'}, {'name': 'Policy', 'value': digest(canonical(policy))}],
    }
    evidence = digest(canonical(shown))
    at = '2026-11-25T01:02:03.004Z'
    ended = {
        'state': 'aborted',
        'reason': 'the fire alarm went off',
        'summary': {'software': {'version': '0.0.1', 'sha256': None}, 'host': None, 'keys': [], 'items': []},
    }
    events = [
        ('ceremony-begun', {**about, 'number': 3, 'script': 'rehearsal', 'environment': 'rehearsal'}),
        ('ceremony-fact', {**about, 'step': 'people', 'name': 'policy', 'value': {'sha256': digest(canonical(policy)), 'rules': policy, 'administrator': None}}),
        ('ceremony-fact', {**about, 'step': 'people', 'name': 'people', 'value': {'people': people, 'place': 'vault'}}),
        ('ceremony-fact', {**about, 'step': 'people', 'name': 'clock', 'value': {'witness_read': '01:02', 'machine_at': at, 'offset_seconds': -3}}),
        ('token-set', {'environment': 'rehearsal'}),
        ('ceremony-evidence', {**about, 'step': 'people', 'evidence_sha256': evidence, 'shown': shown, 'kinds': ['text', 'hex']}),
        ('ceremony-signed', {**about, 'step': 'people', 'role': 'administrator', 'initials': 'AL', 'evidence_sha256': evidence}),
        ('ceremony-signed', {**about, 'step': 'people', 'role': 'witness', 'initials': 'WW', 'evidence_sha256': evidence}),
        ('ceremony-exception', {**about, 'step': 'people', 'text': 'the fire alarm', 'initials': None}),
        ('ceremony-ended', {**about, **ended}),
        ('checkpoint', None),
    ]
    rows = []
    for row in chain(events, ledger_id, first=12):
        record = json.loads(row['bytes'])
        is_shown = record['type'] != 'token-set'
        rows.append(
            {
                'seq': row['seq'],
                'prev': record['prev'],
                'sha256': ledger.row_digest(row['bytes'].encode(), bytes.fromhex(row['mac'])),
                'bytes': row['bytes'] if is_shown else None,
                'mac': row['mac'] if is_shown else None,
            }
        )
    body = {
        'coldroom': 'report/1',
        'station': COLD.facts,
        'software': ended['summary']['software'],
        'ceremony': {
            'id': ceremony,
            'number': 3,
            'script': 'rehearsal',
            'environment': 'rehearsal',
            'host': None,
            'state': 'aborted',
            'reason': ended['reason'],
            'begun_at': at,
            'ended_at': at,
            'place': 'vault',
            'clock_offset_seconds': -3,
        },
        'plan': None,
        'policy': {'sha256': digest(canonical(policy)), 'rules': policy},
        'people': people,
        'steps': [
            {
                'number': 1,
                'id': 'people',
                'title': 'People and room',
                'checks': shown['checks'],
                'facts': [{**fact, 'kind': kind} for fact, kind in zip(shown['facts'], ('text', 'hex'))],
                'evidence_sha256': evidence,
                'signed': [{'role': one['role'], 'initials': one['initials'], 'name': one['name'], 'at': at} for one in people],
            }
        ],
        'exceptions': [{'at': at, 'step': 'people', 'text': 'the fire alarm', 'initials': None}],
        'keys': [],
        'signers': [],
        'items': [],
        'ledger': {'ledger_id': ledger_id, 'rows': rows, 'head': json.loads(rows[-1]['bytes'])['data']},
    }
    return {**body, 'pdf': {'a4': digest('a4'), 'letter': digest('letter')}}


def report_vectors():
    good = make_report()

    def signed(body):
        return {**body, 'signature': COLD.sign(report.signed_bytes(body))}

    def rows(change):
        return {**good, 'ledger': {**good['ledger'], 'rows': change(good['ledger']['rows'])}}

    def row(index, **what):
        return rows(lambda all_: [{**one, **what} if at == index else one for at, one in enumerate(all_)])

    evidence = good['ledger']['rows'][5]
    cases = {
        'whole': signed(good),
        'not signed': {**good, 'signature': b64(bytes(64))},
        'changed after it was signed': {**signed(good), 'plan': None, 'people': []},
        'another’s id': signed({**good, 'station': {**COLD.facts, 'id': ONLINE.facts['id']}}),
        'a row left out': signed(rows(lambda all_: all_[:4] + all_[5:])),
        'a row by another digest': signed(row(4, sha256=digest('other'))),
        'a row with other bytes': signed(row(8, bytes=good['ledger']['rows'][8]['bytes'].replace('fire', 'flood'))),
        'a row with another MAC': signed(row(8, mac='00' * 32)),
        'a row that is not canonical': signed(row(8, bytes=good['ledger']['rows'][8]['bytes'].replace('":', '": ', 1))),
        'another head': signed({**good, 'ledger': {**good['ledger'], 'head': {**good['ledger']['head'], 'seq': 20}}}),
        'another title': signed({**good, 'steps': [{**good['steps'][0], 'title': 'People'}]}),
        'a person more': signed({**good, 'people': good['people'] + good['people'][:1]}),
        'initials left out': signed({**good, 'steps': [{**good['steps'][0], 'signed': []}]}),
        'evidence that was exchanged': signed(row(5, bytes=evidence['bytes'].replace('two people', 'ten people'))),
    }
    return [{'name': name, 'file': b64(documents.write(one)), 'problems': report.check(one), 'digest': report.report_digest(one)} for name, one in cases.items()]


def word_vectors():
    digests = [bytes(range(start, start + 32)).hex() for start in range(0, 256, 32)]
    digests += [bytes(byte ^ 1 for byte in bytes.fromhex(one)).hex() for one in digests] + [bytes((one, other)).hex() * 16 for one, other in ((255, 0), (0, 255))]
    swapped = [''.join(one[at + 2 : at + 4] + one[at : at + 2] for at in range(0, 64, 4)) for one in digests[:8]]
    return [{'sha256': one, 'words': words(one)} for one in digests + swapped]


def everything():
    key = {'public_key': HEX, 'fingerprint': KEY.fingerprint, 'ski': KEY.ski.hex(), 'form': KEY.form}
    return {
        'boxes.json': boxes(),
        'passphrases.json': passphrases(),
        'envelopes.json': {'key': key, 'cases': envelopes()},
        'documents.json': document_vectors(),
        'key-packs.json': {'now': NOW, 'cases': key_packs()},
        'codes.json': code_vectors(),
        'ledger.json': ledger_vectors(),
        'report.json': report_vectors(),
        'words.json': word_vectors(),
    }


def write_all(check):
    """@returns the files that differ from what is kept."""
    differ = []
    os.makedirs(VECTORS, exist_ok=True)
    made = everything()
    for name, cases in made.items():
        text = json.dumps({'made_by': 'test/second, from docs/formats.md', 'data': cases}, indent=1, ensure_ascii=True) + '\n'
        path = os.path.join(VECTORS, name)
        kept = open(path, encoding='utf-8').read() if os.path.exists(path) else None
        if kept != text:
            differ.append(name)
            if not check:
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
    return differ + sorted(set(os.listdir(VECTORS)) - set(made))
