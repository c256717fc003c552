"""formats.md, 11: the chain of a ledger."""
import hashlib
import hmac
import json
import sqlite3

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from basics import canonical, unb64

NOTHING = '0' * 64


def row_digest(data, mac):
    return hashlib.sha256(data + mac).hexdigest()


def checkpoint_bytes(ledger_id, seq, head):
    return canonical({'ledger_id': ledger_id, 'seq': seq, 'head': head})


def make_row(station, ledger_id, seq, prev, kind, data, mac_key, at='2026-11-25T01:02:03.004Z'):
    record = {'v': 1, 'ledger_id': ledger_id, 'seq': seq, 'at': at, 'type': kind, 'data': data, 'prev': prev}
    line = canonical(record)
    return {'seq': seq, 'bytes': line.decode('utf-8'), 'mac': hmac.new(mac_key, line, 'sha256').hexdigest()}


def holds(public, signature, data):
    try:
        Ed25519PublicKey.from_public_bytes(unb64(public) or b'').verify(unb64(signature) or b'', data)
    except (InvalidSignature, ValueError, AttributeError):
        return False
    return True


def check(rows, ledger_id, mac_key=None):
    """@param rows (seq, bytes, mac), as they are read. @returns what is wrong, and the head so far."""
    seq, head, public, count = None, NOTHING, None, 0
    for number, data, mac in rows:
        def problem(code):
            return {'problem': code, 'seq': number, 'head': head, 'events': count}

        try:
            event = json.loads(data.decode('utf-8')) if isinstance(data, bytes) and isinstance(mac, bytes) else None
        except ValueError:
            event = None
        if not isinstance(event, dict) or not isinstance(event.get('data'), dict):
            return problem('event-unreadable')
        if event.get('seq') != number or (seq is not None and number != seq + 1):
            return problem('event-missing')
        if event.get('ledger_id') != ledger_id:
            return problem('event-foreign')
        if event.get('prev') != head:
            return problem('event-chain')
        if mac_key is not None and hmac.new(mac_key, data, 'sha256').digest() != mac:
            return problem('event-mac')
        if seq is None:
            if event.get('type') != 'station-made':
                return problem('event-missing')
            public = event['data'].get('public_key')
        if event.get('type') == 'checkpoint':
            said = event['data']
            stands = said.get('seq') == seq and said.get('head') == head
            if not stands or not holds(public, said.get('signature'), checkpoint_bytes(ledger_id, seq, head)):
                return problem('checkpoint-invalid')
        seq, head, count = number, row_digest(data, mac), count + 1
    return {'problem': 'ledger-empty' if seq is None else None, 'seq': seq, 'head': head, 'events': count}


def open_rows(path):
    database = sqlite3.connect(path)
    (ledger_id,) = database.execute('SELECT ledger_id FROM ledger').fetchone()
    query = "SELECT seq, CASE typeof(bytes) WHEN 'text' THEN CAST(bytes AS BLOB) END, CASE typeof(mac) WHEN 'blob' THEN mac END FROM event ORDER BY seq"
    return database.execute(query), ledger_id


def check_file(path):
    rows, ledger_id = open_rows(path)
    return {**check(rows, ledger_id), 'ledger_id': ledger_id}


def documents(path):
    """The texts of all documents that the ledger keeps, by id."""
    rows, _ = open_rows(path)
    found = {}
    for _, data, _ in rows:
        kept = json.loads(data)['data'].get('document')
        if isinstance(kept, dict) and 'text' in kept:
            found[kept['document_id']] = kept
    return found
