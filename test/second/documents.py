"""formats.md, 7: documents, their form, their signature, what must agree."""
import json
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from basics import NotJson, Refused, b64, canonical, digest, is_digest, is_number, is_time, is_uuid, read_json, unb64
from sealing import MODES

MOST_BYTES = 16 * 1024 * 1024

# What a member may hold: a function that says yes or no, a dict for an object with just these members, or a list of one of
# these and the least and most members of a list.


def text(most):
    return lambda value: isinstance(value, str) and 1 <= len(value) <= most


def one_of(*choices):
    return lambda value: isinstance(value, str) and value in choices


def nullable(check):
    return lambda value: value is None or check(value)


def based(most, size=None, least=0):
    def check(value):
        if not isinstance(value, str) or not least <= len(value) <= most:
            return False
        data = unb64(value)
        return data is not None and (size is None or len(data) == size)

    return check


def is_key_hex(value):
    return isinstance(value, str) and re.fullmatch('(?:[0-9a-fA-F]{2}){16,2048}', value) is not None


def positive(value):
    return is_number(value, 1)


ENVIRONMENT = one_of('production', 'sandbox', 'rehearsal', 'custom')
CHECK = one_of('valid', 'invalid', 'not-checkable', 'unknown')
BODY_TEXT = text(1024 * 1024)
STATION = {'id': is_digest, 'name': text(100), 'role': one_of('single', 'cold', 'online'), 'public_key': based(44, 32)}
COMMON = {
    'coldroom': None,
    'id': is_uuid,
    'created_at': is_time,
    'station': STATION,
    'to': [is_digest, 0, 1000],
    'ceremony': nullable(is_uuid),
    'answers': nullable(is_digest),
    'environment_id': nullable(is_digest),
    'ledger_seq': is_number,
    'ledger_head': is_digest,
    'body': None,
    'signature': based(88, 64),
}
BODIES = {
    'keypack/1': {
        'environment': ENVIRONMENT,
        'account': one_of('institution', 'partner'),
        'request': BODY_TEXT,
        'response': BODY_TEXT,
        'jwks': BODY_TEXT,
        'jwks_sha256': is_digest,
        'jwks_fetched_at': is_time,
    },
    'sealed/1': {
        'item_id': is_uuid,
        'environment': ENVIRONMENT,
        'key_id': is_uuid,
        'public_key': is_key_hex,
        'mode': one_of(*MODES),
        'size_bytes': positive,
        'ciphertext': based(MOST_BYTES, least=1),
        'ciphertext_sha256': is_digest,
        'checksum': nullable(is_digest),
        'name': text(1024),
        'send_name': lambda value: isinstance(value, bool),
        'asset': nullable(text(200)),
        'supersedes': nullable(is_uuid),
    },
    'receipt/1': {
        'item_id': is_uuid,
        'environment': ENVIRONMENT,
        'backup_id': is_uuid,
        'backup_type': one_of('data', 'file'),
        'key_id': is_uuid,
        'sealed_ciphertext_sha256': is_digest,
        'checksum': nullable(is_digest),
        'data_size': nullable(is_number),
        'stored_at': is_time,
        'key_check': CHECK,
        'backup_check': CHECK,
    },
    'station/1': {'reads': [text(40), 0, 20]},
    'carry/1': {
        'documents': [
            {
                'kind': one_of('keypack', 'sealed', 'receipt'),
                'id': is_uuid,
                'subject': is_uuid,
                'sha256': is_digest,
                'size_bytes': positive,
            },
            1,
            10_000,
        ]
    },
}


def form_of(kind):
    form = {**COMMON, 'coldroom': one_of(kind), 'body': BODIES[kind]}
    if kind in ('keypack/1', 'sealed/1', 'receipt/1'):
        form['environment_id'] = is_digest
    if kind in ('sealed/1', 'receipt/1'):
        form['answers'] = is_digest
    return form


def faults(value, form):
    """Every fault of form: `members` (missing or too many) or `values`."""
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return ['values']
        found = ['members'] if set(value) != set(form) else []
        return found + [fault for name in form if name in value for fault in faults(value[name], form[name])]
    if isinstance(form, list):
        each, least, most = form
        if not isinstance(value, list):
            return ['values']
        found = [] if least <= len(value) <= most else ['values']
        return found + [fault for one in value for fault in faults(one, each)]
    return [] if form(value) else ['values']


def is_signed(document):
    station, signature = document.get('station'), document.get('signature')
    if not isinstance(station, dict) or not isinstance(station.get('public_key'), str) or not isinstance(signature, str):
        return False
    public, made = unb64(station['public_key']), unb64(signature)
    if public is None or len(public) != 32 or made is None or len(made) != 64 or digest(public) != station.get('id'):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(made, signed_bytes(document))
    except InvalidSignature:
        return False
    return True


def signed_bytes(document):
    return canonical({name: value for name, value in document.items() if name != 'signature'})


def agrees(document):
    body, kind = document['body'], document['coldroom']
    alone = document['answers'] is None and document['environment_id'] is None
    if kind == 'keypack/1':
        return document['answers'] is None and digest(body['jwks']) == body['jwks_sha256']
    if kind == 'sealed/1':
        ciphertext = unb64(body['ciphertext'])
        is_envelope = body['mode'].startswith('envelope')
        whole = is_envelope or len(ciphertext) == 512
        return digest(ciphertext) == body['ciphertext_sha256'] and is_envelope == (body['checksum'] is None) and whole
    if kind == 'receipt/1':
        return body['backup_type'] == 'data' or body['checksum'] is None
    if kind == 'station/1':
        return alone and document['to'] == []
    ids = [one['id'] for one in body['documents']]
    return alone and len(set(ids)) == len(ids)


def read(data):
    """@returns the document, or Refused by the first that fails."""
    try:
        document = read_json(data, MOST_BYTES, integers=True)
    except NotJson:
        raise Refused('document-not-json')
    if not isinstance(document, dict) or not isinstance(document.get('coldroom'), str):
        raise Refused('document-not-ours')
    kind = document['coldroom']
    if kind not in BODIES:
        raise Refused('document-version')
    found = faults(document, form_of(kind))
    if found:
        others = (other for other in BODIES if other != kind and not faults({**document, 'coldroom': other}, form_of(other)))
        is_other = next(others, None) is not None
        if is_other and not is_signed(document):
            raise Refused('document-signature')
        if 'members' in found:
            raise Refused('document-members')
        raise Refused('document-values' if is_signed(document) else 'document-signature')
    if not is_signed(document):
        raise Refused('document-signature')
    if not agrees(document):
        raise Refused('document-inconsistent')
    return document


class Station:
    """A station that signs."""

    def __init__(self, seed, name, role):
        self.key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.facts = {'id': digest(raw), 'name': name, 'role': role, 'public_key': b64(raw)}

    def sign(self, data):
        return b64(self.key.sign(data))

    def document(self, kind, body, **about):
        document = {
            'coldroom': kind,
            'id': about['id'],
            'created_at': about.get('created_at', '2026-11-25T01:02:03.004Z'),
            'station': self.facts,
            'to': about.get('to', [self.facts['id']]),
            'ceremony': about.get('ceremony'),
            'answers': about.get('answers'),
            'environment_id': about.get('environment_id'),
            'ledger_seq': about.get('ledger_seq', 7),
            'ledger_head': about.get('ledger_head', digest(b'head')),
            'body': body,
        }
        return self.signed(document)

    def signed(self, document):
        return {**document, 'signature': self.sign(signed_bytes(document))}


def write(document):
    return (json.dumps(document, ensure_ascii=False, indent=2) + '\n').encode('utf-8')
